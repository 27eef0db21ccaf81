import { z } from '@hono/zod-openapi';
import type { PendingReference, TransferProgress } from '../../../core/import-store.ts';
import { requireMayTake } from '../may-grant.ts';
import { ApiAnswer, operation } from '../operation.ts';
import { listOf } from '../page.ts';
import { JsonValues } from './records.ts';
import { details } from './users.ts';

const Key = z
  .object({ source: z.string(), module: z.string(), direction: z.enum(['in', 'out']) })
  .openapi('TransferKey');

const Progress = z
  .object({
    asked: z.string(),
    after: z.string().optional(),
    created: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    failed: z.int(),
    done: z.boolean(),
  })
  .openapi('TransferProgress');

const Identity = z.discriminatedUnion('by', [
  z.object({ by: z.literal('id') }),
  z.object({ by: z.literal('key'), field: z.string() }),
  z.object({ by: z.literal('link'), field: z.string() }),
]);

/** Of one organisation. */
const MOST_PEOPLE = 100_000;

const Reference = z.object({ record: z.string(), field: z.string(), remote: z.string() });
const RemoteUser = z.object({ id: z.string(), name: z.string(), admin: z.boolean(), active: z.boolean(), ...details });
const RemoteGroup = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  members: z.array(z.string()).max(MOST_PEOPLE).optional(),
});
const Outcome = z.object({
  kind: z.enum(['user', 'group']),
  name: z.string(),
  outcome: z.enum(['created', 'changed', 'unchanged', 'unknown', 'refused']),
  reason: z.string().optional(),
});
const RecordToGive = z.object({
  id: z.string(),
  remote: z.string().optional(),
  values: JsonValues,
  requestIdentifier: z.string(),
  leftOut: z.array(z.string()),
});

const common = { method: 'post', access: 'imports:write', tag: 'Imports', isLarge: true } as const;

/** Records and people on their way between installs, page by page: what `import-records` and `import-users` are made of. */
export const IMPORT_OPERATIONS = [
  operation({
    ...common,
    id: 'importPeople',
    path: '/imports/people',
    summary: 'Take users and groups of another install, or see what that would do',
    body: z.object({
      source: z.string(),
      users: z.array(RemoteUser).max(MOST_PEOPLE),
      groups: z.array(RemoteGroup).max(MOST_PEOPLE),
      mode: z.enum(['create', 'match', 'plan']),
    }),
    answer: listOf(Outcome),
    async handle({ administration, caller, body }) {
      const groups = body.groups.map((group) => ({ ...group, members: group.members }));
      await requireMayTake(caller, administration, { ...body, groups });
      return { items: await administration.importPeople({ ...body, groups }) };
    },
  }),
  operation({
    ...common,
    id: 'readTransfer',
    path: '/imports/progress',
    summary: 'How far a transfer has come; 204 before it began',
    body: Key,
    answer: Progress,
    statuses: [200, 204],
    async handle({ administration, body }) {
      const progress = await administration.transferProgress(body);
      return progress ?? new ApiAnswer(204, undefined);
    },
  }),
  operation({
    ...common,
    id: 'takeRecords',
    path: '/imports/records',
    summary: 'Take one page of records of another install',
    body: z.object({
      key: Key,
      identity: Identity,
      records: z.array(JsonValues).max(1_000),
      fires: z.boolean(),
      progress: Progress,
    }),
    answer: z.object({
      progress: Progress,
      failures: z.array(z.object({ id: z.string(), code: z.string(), message: z.string() })),
      leftOut: z.array(z.string()),
    }),
    handle: ({ administration, body }) =>
      administration.takeRecords({ ...body, by: '', progress: progressOf(body.progress) }),
  }),
  operation({
    ...common,
    id: 'settleReferences',
    path: '/imports/references',
    summary: 'Set references that had to wait, a few hundred at a time',
    body: z.object({ source: z.string(), after: Reference.optional() }),
    answer: z.object({ settled: z.int(), waiting: z.array(Reference), next: Reference.optional() }),
    handle: ({ administration, body }) => administration.settleReferences({ ...body, by: '' }),
  }),
  operation({
    ...common,
    id: 'recordsToGive',
    path: '/imports/outgoing',
    summary: 'One page of records on their way to another install',
    body: z.object({
      key: Key,
      identity: Identity,
      where: z.string(),
      limit: z.int().min(1).max(1_000),
      after: z.string().optional(),
    }),
    answer: z.object({ records: z.array(RecordToGive), remaining: z.int() }),
    handle: ({ administration, body }) => administration.recordsToGive({ ...body, after: body.after }),
  }),
  operation({
    ...common,
    id: 'noteGiven',
    path: '/imports/given',
    summary: 'Remember what records given are called at the other install',
    body: z.object({
      key: Key,
      identity: Identity,
      given: z.array(z.object({ id: z.string(), remote: z.string() })).max(1_000),
      progress: Progress,
    }),
    handle: ({ administration, body }) =>
      administration.noteGiven({ ...body, by: '', progress: progressOf(body.progress) }),
  }),
];

/** A member that is left out is one without a value. */
function progressOf(progress: z.infer<typeof Progress>): TransferProgress {
  return { ...progress, after: progress.after };
}

/** What the schema reads is what the store keeps. */
Reference satisfies z.ZodType<PendingReference>;
