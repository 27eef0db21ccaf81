import { z } from '@hono/zod-openapi';
import type { InboxFilter, InboxItem } from '../../../core/inbox.ts';
import { Moment } from '../document-schemas.ts';
import { ApiAnswer, operation } from '../operation.ts';
import {
  listOf,
  PAGE_QUERY,
  PAGE_QUERY_BOTH_WAYS,
  pageBothWaysOf,
  pageOf,
  placeOf,
  readPage,
  readPageBothWays,
} from '../page.ts';
import { RunDetails, RunId } from '../run-schemas.ts';
import { runView, stepView } from '../run-view.ts';
import { JsonValues } from './records.ts';

const State = z.enum(['open', 'acknowledged', 'resolved', 'ignored']);
const ItemState = z.enum(['pending', 'applied', 'refused', 'left', 'taken-back', 'kept']);
const text = z.string().exactOptional();

/** Which rows; what is left out does not count. */
const Filter = z
  .object({
    state: z.array(State).exactOptional(),
    owner: z.string().nullable().exactOptional().openapi({ description: 'null: those that nobody looks after' }),
    code: text,
    destination: text,
    workflow: text,
    module: text,
    recordId: text,
    since: Moment.exactOptional(),
    runs: z.array(z.int()).exactOptional(),
  })
  .openapi('InboxFilter');
Filter satisfies z.ZodType<InboxFilter>;

const many = <T extends z.ZodType<string>>(one: T) => z.union([one.transform((value) => [value]), z.array(one)]);

const FilterQuery = z.object({
  state: many(State)
    .exactOptional()
    .openapi({ type: 'array', items: { type: 'string', enum: State.options } }),
  owner: text,
  unowned: z.stringbool().optional().openapi({ type: 'boolean', description: 'Only what nobody looks after.' }),
  code: text,
  destination: text,
  workflow: text,
  module: text,
  record: text,
  since: z.coerce.number().int().exactOptional(),
});

const changed = {
  context: z.object({ set: JsonValues.exactOptional(), unset: z.array(z.string()).exactOptional() }).exactOptional(),
  revision: z.union([z.int(), z.literal('latest')]).exactOptional(),
};
const note = z.string().max(2_000).exactOptional();

const Command = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('retry'), ...changed }),
    z.object({ kind: z.literal('not-done'), ...changed }),
    z.object({ kind: z.literal('skip'), to: text, ...changed }),
    z.object({ kind: z.literal('done'), outputs: JsonValues.exactOptional() }),
    z.object({ kind: z.literal('restart'), ...changed }),
    z.object({ kind: z.literal('cancel') }),
    z.object({ kind: z.enum(['acknowledge', 'ignore', 'reopen']), note }),
    z.object({ kind: z.literal('assign'), owner: z.string().nullable(), note }),
  ])
  .openapi('RunCommand');

const Group = z
  .object({
    code: z.string(),
    destination: z.string(),
    workflow: z.string(),
    count: z.int(),
    oldest: Moment,
    newest: Moment,
    example: z.object({ run: z.int(), message: z.string() }),
  })
  .openapi('InboxGroup');

const Item = z
  .looseObject({
    run: z.int(),
    state: State,
    kind: z.enum(['waiting', 'failed']),
    code: z.string(),
    destination: z.string(),
    task: z.string().optional(),
    message: z.string(),
    inDoubt: z.boolean(),
    workflow: z.string(),
    since: Moment,
    times: z.int(),
    owner: z.string().optional(),
    note: z.string().optional(),
    status: z.string(),
    holdsBack: z.int(),
  })
  .openapi('InboxItem');

const Details = RunDetails.extend({
  item: Item.optional(),
  fits: z.array(z.string()),
  tasks: z.array(z.string()),
  outputs: z.array(z.string()),
  history: z.array(z.looseObject({ id: z.int(), at: Moment, by: z.string(), action: z.string() })),
  origin: z.int().optional(),
  successor: z.int().optional(),
}).openapi('InboxDetails');

const Job = z
  .looseObject({
    id: z.int(),
    at: Moment,
    by: z.string(),
    origin: z.string(),
    reason: z.string().optional(),
    command: z.record(z.string(), z.unknown()),
    state: z.string(),
    perSecond: z.number(),
    endedAt: Moment.optional(),
    counts: z.record(z.string(), z.int()),
  })
  .openapi('InboxJob');
const JobDetails = Job.extend({
  items: z.array(z.looseObject({ run: z.int(), state: ItemState })),
  next: z.string().optional(),
});

const reason = z.string().max(2_000).exactOptional();
const ByRun = z.object({ run: RunId });
const ById = z.object({ id: z.coerce.number().int().positive() });

/** Runs that need a person. */
export const INBOX_OPERATIONS = [
  operation({
    id: 'listInboxGroups',
    method: 'get',
    path: '/inbox',
    access: 'inbox:read',
    tag: 'Inbox',
    summary: 'What needs a person, by cause',
    query: FilterQuery,
    answer: listOf(Group),
    handle: async ({ administration, query }) => ({ items: await administration.inbox(filterOf(query)) }),
  }),
  operation({
    id: 'listInboxItems',
    method: 'get',
    path: '/inbox/items',
    access: 'inbox:read',
    tag: 'Inbox',
    summary: 'Runs that need a person, the newest first',
    query: FilterQuery.extend(PAGE_QUERY_BOTH_WAYS),
    answer: pageBothWaysOf(Item),
    async handle({ administration, query: { cursor, limit, ...filter } }) {
      const page = await readPageBothWays({ cursor, limit }, async (bounds) => {
        const items = await administration.inboxItems({ ...filterOf(filter), ...bounds });
        return items.map((item): InboxItem & { readonly id: number } => ({ ...item, id: item.run }));
      });
      return { ...page, items: page.items.map((item) => ({ ...item, id: undefined })) };
    },
  }),
  operation({
    id: 'readInboxItem',
    method: 'get',
    path: '/inbox/items/{run}',
    access: 'inbox:read',
    tag: 'Inbox',
    summary: 'One run, and what can be done about it',
    params: ByRun,
    answer: Details,
    async handle({ administration, params }) {
      const details = await administration.inboxItem(params);
      return { ...details, run: runView(details.run), steps: details.steps.map(stepView) };
    },
  }),
  operation({
    id: 'commandRun',
    method: 'post',
    path: '/inbox/items/{run}/commands',
    access: 'inbox:write',
    tag: 'Inbox',
    summary: 'Do something about one run',
    params: ByRun,
    body: z.object({ command: Command, reason }),
    answer: z.object({ successor: z.int().optional() }),
    examples: { body: { command: { kind: 'retry' }, reason: 'the other side is back' } },
    handle: ({ administration, params, body }) => administration.commandRun({ ...params, ...body, by: '', origin: '' }),
  }),
  operation({
    id: 'previewInboxJob',
    method: 'post',
    path: '/inbox/preview',
    access: 'inbox:read',
    tag: 'Inbox',
    summary: 'What a command on many runs would be about',
    body: z.object({ filter: Filter }),
    answer: z.object({ count: z.int(), groups: z.array(Group) }),
    examples: { body: { filter: { code: 'CALL_TIMEOUT' } } },
    handle: ({ administration, body }) => administration.previewInbox(body),
  }),
  operation({
    id: 'startInboxJob',
    method: 'post',
    path: '/inbox/jobs',
    access: 'inbox:write',
    tag: 'Inbox',
    summary: 'Do something about all runs that the filter finds now, in the background',
    body: z.object({ filter: Filter, command: Command, perSecond: z.number().positive().exactOptional(), reason }),
    answer: Job,
    statuses: [202],
    examples: { body: { filter: { code: 'CALL_TIMEOUT' }, command: { kind: 'retry' }, perSecond: 20 } },
    handle: ({ administration, body }) => administration.commandInbox({ ...body, by: '', origin: '' }),
  }),
  operation({
    id: 'listInboxJobs',
    method: 'get',
    path: '/inbox/jobs',
    access: 'inbox:read',
    tag: 'Inbox',
    summary: 'Commands on many runs, the newest first',
    query: z.object(PAGE_QUERY),
    answer: pageOf(Job),
    handle: ({ administration, query }) =>
      readPage(query, ({ limit, before }) =>
        administration.inboxJobs({ limit, ...(before === undefined ? {} : { before }) }),
      ),
  }),
  operation({
    id: 'readInboxJob',
    method: 'get',
    path: '/inbox/jobs/{id}',
    access: 'inbox:read',
    tag: 'Inbox',
    summary: 'A command on many runs, with a page of them',
    params: ById,
    query: z.object({
      ...PAGE_QUERY,
      state: many(ItemState)
        .exactOptional()
        .openapi({ type: 'array', items: { type: 'string' } }),
    }),
    answer: JobDetails,
    async handle({ administration, params, query: { cursor, limit, ...filter } }) {
      const after = placeOf(cursor);
      const place = after === undefined ? {} : { after };
      const job = await administration.inboxJob({ ...params, ...filter, ...place, limit: limit + 1 });
      const items = job.items.slice(0, limit);
      const last = items.at(-1);
      const isMore = job.items.length > limit && last !== undefined;
      return { ...job, items, ...(isMore ? { next: Buffer.from(String(last.run)).toString('base64url') } : {}) };
    },
  }),
  operation({
    id: 'stopInboxJob',
    method: 'post',
    path: '/inbox/jobs/{id}/stop',
    access: 'inbox:write',
    tag: 'Inbox',
    summary: 'Stop a command on many runs',
    params: ById,
    body: z.object({ takeBack: z.boolean().default(false) }),
    examples: { body: { takeBack: true } },
    async handle({ administration, params, body }) {
      await administration.stopInboxJob({ ...params, ...body, by: '' });
      return new ApiAnswer(204, undefined);
    },
  }),
];

function filterOf({ unowned, record, ...rest }: z.infer<typeof FilterQuery>): InboxFilter {
  return {
    ...rest,
    ...(unowned === true ? { owner: null } : {}),
    ...(record === undefined ? {} : { recordId: record }),
  };
}
