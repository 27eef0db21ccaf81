import { z } from '@hono/zod-openapi';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { PAGE_QUERY_BOTH_WAYS, pageBothWaysOf, readPageBothWays } from '../page.ts';

const AuditEntry = z
  .object({
    id: z.int(),
    at: Moment,
    by: z.string().openapi({ example: 'token:deploy' }),
    kind: z.enum(['user', 'token', 'local']),
    from: z.string().openapi({ example: '10.0.0.7' }),
    action: z.string().openapi({ example: 'setSetting' }),
    target: z.string(),
    detail: z.record(z.string(), z.unknown()),
    outcome: z.enum(['begun', 'done', 'refused']),
    code: z.string().optional(),
  })
  .openapi('AuditEntry');

const moment = z.coerce.number().int().min(0).optional();

/** Who changed what. */
export const AUDIT_OPERATIONS = [
  operation({
    id: 'listAudit',
    method: 'get',
    path: '/audit',
    access: 'audit:read',
    tag: 'Audit',
    summary: 'Who changed what, the newest first',
    query: z.object({
      ...PAGE_QUERY_BOTH_WAYS,
      by: z.string().optional(),
      action: z.string().optional(),
      target: z.string().optional(),
      since: moment.openapi({ description: 'From this time on, in milliseconds since the epoch.' }),
      until: moment.openapi({ description: 'Before this time.' }),
    }),
    answer: pageBothWaysOf(AuditEntry),
    handle: ({ administration, query: { cursor, limit, ...filter } }) =>
      readPageBothWays({ cursor, limit }, (bounds) => administration.audit({ ...filter, ...bounds })),
  }),
];
