import { basename } from 'node:path';
import { z } from '@hono/zod-openapi';
import { LARGEST_SECRET_BYTES } from '../../../core/secret.ts';
import type { KeyRotation } from '../../../runtime/administration.ts';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { listOf } from '../page.ts';
import { Changed } from './settings.ts';

const ByName = z.object({ name: z.string().min(1).max(200) });

const Use = z.object({
  kind: z.string().openapi({ example: 'credential' }),
  name: z.string(),
  file: z.string().optional(),
  line: z.int().optional(),
});

const Secret = z.object({ name: z.string(), setAt: Moment, setBy: z.string(), usedBy: z.array(Use) }).openapi('Secret');

const Rotation = z
  .looseObject({
    id: z.int(),
    dryRun: z.boolean(),
    stage: z.enum(['preparing', 'sealing', 'checking', 'done', 'failed']),
    startedAt: Moment,
    to: z.string().optional(),
    values: z.record(z.string(), z.int()),
    resealed: z.int(),
    unknown: z.record(z.string(), z.int()),
  })
  .openapi('KeyRotation');

const USED_BY = [{ kind: 'credential', name: 'head-office', file: 'head-office.xml', line: 2 }];

/** Secrets, whose values are never given, and the key that they are sealed under. */
export const SECRET_OPERATIONS = [
  operation({
    id: 'listSecrets',
    method: 'get',
    path: '/secrets',
    access: 'secrets:read',
    tag: 'Secrets',
    summary: 'Names of secrets and what uses them, never their values',
    answer: listOf(Secret),
    examples: {
      answer: { items: [{ name: 'head_office_key', setAt: 1_767_171_900_000, setBy: 'anna', usedBy: USED_BY }] },
    },
    handle: async ({ administration }) => ({ items: await administration.secrets() }),
  }),
  operation({
    id: 'listMissingSecrets',
    method: 'get',
    path: '/secrets/missing',
    access: 'secrets:read',
    tag: 'Secrets',
    summary: 'Secrets that documents in force name, and that have no value',
    answer: listOf(Secret.pick({ name: true, usedBy: true })),
    examples: { answer: { items: [{ name: 'head_office_key', usedBy: USED_BY }] } },
    handle: async ({ administration }) => ({ items: await administration.missingSecrets() }),
  }),
  operation({
    id: 'setSecret',
    method: 'put',
    path: '/secrets/{name}',
    access: 'secrets:write',
    tag: 'Secrets',
    summary: 'Set a secret: the next call uses the new value',
    isLarge: true,
    params: ByName,
    body: z.object({
      value: z.string().min(1).max(LARGEST_SECRET_BYTES),
      replace: z.boolean().exactOptional().openapi({ description: 'True: refused when there is none of that name.' }),
    }),
    examples: { body: { value: 'a key that nobody sees again' } },
    handle: ({ administration, params, body }) => administration.setSecret({ ...params, ...body, by: '' }),
  }),
  operation({
    id: 'removeSecret',
    method: 'delete',
    path: '/secrets/{name}',
    access: 'secrets:write',
    tag: 'Secrets',
    summary: 'Remove a secret that nothing uses',
    params: ByName,
    query: z.object({
      force: z
        .enum(['true', 'false'])
        .default('false')
        .openapi({ description: 'true: also one that is used; the calls that need it fail.' }),
    }),
    answer: Changed,
    handle: async ({ administration, params, query: { force } }) => ({
      changed: await administration.removeSecret({ ...params, force: force === 'true' }),
    }),
  }),
  operation({
    id: 'beginKeyRotation',
    method: 'post',
    path: '/key-rotations',
    access: 'secrets:write',
    tag: 'Secrets',
    summary: 'Seal everything anew under another key, in the background; or go on with that',
    body: z.object({
      dryRun: z.boolean().default(false).openapi({ description: 'It is only counted.' }),
      leaveUnknown: z
        .boolean()
        .default(false)
        .openapi({ description: 'Values under keys that were not given stay as they are.' }),
    }),
    answer: Rotation,
    statuses: [202],
    examples: { body: { dryRun: true } },
    handle: async ({ administration, body }) => told(await administration.beginKeyRotation({ ...body, by: '' })),
  }),
  operation({
    id: 'readKeyRotation',
    method: 'get',
    path: '/key-rotations/latest',
    access: 'secrets:read',
    tag: 'Secrets',
    summary: 'How far that is; nothing when none was asked for since the server started',
    answer: z.object({ rotation: Rotation.optional() }),
    async handle({ administration }) {
      const state = await administration.keyRotation();
      return state === undefined ? {} : { rotation: told(state) };
    },
  }),
];

/** Where files lie on the machine of the install is no matter of those who come over the network. */
function told({ oldKeys, ...state }: KeyRotation): unknown {
  return oldKeys === undefined ? state : { ...state, oldKeys: oldKeys.map((file) => basename(file)) };
}
