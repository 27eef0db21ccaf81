import { z } from '@hono/zod-openapi';
import { ALL_SCOPES, ROLES } from '../../../core/access.ts';
import { Moment } from '../document-schemas.ts';
import { requireMayGrant } from '../may-grant.ts';
import { operation } from '../operation.ts';
import { listOf } from '../page.ts';

const Grant = z.enum([...ROLES, ...ALL_SCOPES]).openapi('Grant');

const Token = z
  .object({
    name: z.string(),
    grants: z.array(Grant),
    createdAt: Moment,
    createdBy: z.string(),
    expiresAt: Moment.optional(),
    usedAt: Moment.optional(),
    usedFrom: z.string().optional(),
    revokedAt: Moment.optional(),
    revokedBy: z.string().optional(),
  })
  .openapi('Token');

const DEPLOY = { name: 'deploy', grants: ['documents:write'], createdAt: 1_767_171_900_000, createdBy: 'anna' };

/** What lets programs in. */
export const TOKEN_OPERATIONS = [
  operation({
    id: 'listTokens',
    method: 'get',
    path: '/tokens',
    access: 'tokens:read',
    tag: 'Access',
    summary: 'All tokens; never the tokens themselves',
    answer: listOf(Token),
    examples: { answer: { items: [DEPLOY] } },
    handle: async ({ administration }) => ({ items: await administration.tokens() }),
  }),
  operation({
    id: 'createToken',
    method: 'post',
    path: '/tokens',
    access: 'tokens:write',
    tag: 'Access',
    summary: 'Make a token; it is shown once',
    description: 'Nobody can give what they may not do themselves.',
    body: z.object({
      name: z.string(),
      grants: z.array(Grant).min(1),
      expiresAt: Moment.optional().openapi({ description: 'Until it is revoked, when left out.' }),
    }),
    answer: z.object({ token: Token, secret: z.string() }),
    statuses: [201],
    examples: { body: { name: 'deploy', grants: ['documents:write'] }, answer: { token: DEPLOY, secret: 'mw_...' } },
    handle({ administration, caller, body }) {
      requireMayGrant(caller, body.grants);
      return administration.createToken({ ...body, by: '' });
    },
  }),
  operation({
    id: 'revokeToken',
    method: 'delete',
    path: '/tokens/{name}',
    access: 'tokens:write',
    tag: 'Access',
    summary: 'Revoke a token: it lets nobody in any more',
    params: z.object({ name: z.string() }),
    answer: Token,
    examples: { answer: { ...DEPLOY, revokedAt: 1_767_171_950_000, revokedBy: 'anna' } },
    handle: ({ administration, params }) => administration.revokeToken({ ...params, by: '' }),
  }),
];
