import { z } from '@hono/zod-openapi';
import type { RunFilter } from '../../../core/journal.ts';
import { operation } from '../operation.ts';
import { PAGE_QUERY_BOTH_WAYS, pageBothWaysOf, readPageBothWays } from '../page.ts';
import { Run, RunDetails, RunId, RunStatus, StartReport } from '../run-schemas.ts';
import { runView, stepView } from '../run-view.ts';
import { JsonValues } from './records.ts';

const ById = z.object({ id: RunId });

const Time = z.coerce.number().int().min(0).optional();

const Query = z.object({
  ...PAGE_QUERY_BOTH_WAYS,
  status: z
    .union([RunStatus.transform((status) => [status]), z.array(RunStatus)])
    .optional()
    .openapi({ type: 'array', items: { type: 'string', enum: RunStatus.options } }),
  waiting: z.stringbool().optional().openapi({ type: 'boolean' }),
  handled: z.stringbool().optional().openapi({ type: 'boolean' }),
  workflow: z.string().optional(),
  record: z.string().optional().openapi({ example: '14x1' }),
  key: z.string().optional().openapi({ description: 'A business key: `SO-17`, or `order=SO-17`.' }),
  since: Time.openapi({ description: 'Accepted from this time on, in milliseconds since the epoch.' }),
  until: Time.openapi({ description: 'Accepted before this time.' }),
});

/** Runs, and what people do to them. */
export const RUN_OPERATIONS = [
  operation({
    id: 'listRuns',
    method: 'get',
    path: '/runs',
    access: 'runs:read',
    tag: 'Runs',
    summary: 'The newest runs first',
    query: Query,
    answer: pageBothWaysOf(Run),
    async handle({ administration, query }) {
      const page = await readPageBothWays(query, (bounds) => administration.runs(filterOf(query, bounds)));
      return { ...page, items: page.items.map(runView) };
    },
  }),
  operation({
    id: 'readRun',
    method: 'get',
    path: '/runs/{id}',
    access: 'runs:read',
    tag: 'Runs',
    summary: 'One run: what each step sent, got and changed',
    params: ById,
    answer: RunDetails,
    async handle({ administration, params }) {
      const details = await administration.run(params);
      return { ...details, run: runView(details.run), steps: details.steps.map(stepView) };
    },
  }),
  operation({
    id: 'startWorkflow',
    method: 'post',
    path: '/workflows/{workflow}/runs',
    access: 'runs:write',
    tag: 'Runs',
    summary: 'Start a workflow that has a manual trigger',
    description: 'With an `Idempotency-Key` nothing is started twice, for 30 days.',
    params: z.object({ workflow: z.string().openapi({ example: 'order-resend' }) }),
    body: z.object({
      records: z.array(z.string()).max(10_000).optional(),
      context: JsonValues.optional(),
      waitMs: z.int().min(0).max(60_000).optional().openapi({ description: 'How long the answer waits for the ends.' }),
      key: z.string().max(255).optional().openapi({ description: 'Instead of `Idempotency-Key`.' }),
    }),
    answer: StartReport,
    examples: {
      body: { records: ['60x17'] },
      answer: { runs: [{ id: 18, workflow: 'order-resend', status: 'pending' }], skipped: [], repeated: false },
    },
    handle({ administration, params, body, onceKey }) {
      const { records, context, waitMs, key = onceKey } = body;
      return administration.start({
        ...params,
        by: '',
        ...(records === undefined ? {} : { records }),
        ...(context === undefined ? {} : { context }),
        ...(waitMs === undefined ? {} : { waitMs }),
        ...(key === undefined ? {} : { key }),
      });
    },
  }),
  operation({
    id: 'retryRun',
    method: 'post',
    path: '/runs/{id}/retry',
    access: 'runs:write',
    tag: 'Runs',
    summary: 'Try the failed or waiting step again now',
    params: ById,
    handle: ({ administration, params }) => administration.retry({ ...params, by: '' }),
  }),
  operation({
    id: 'cancelRun',
    method: 'post',
    path: '/runs/{id}/cancel',
    access: 'runs:write',
    tag: 'Runs',
    summary: 'End a run; its closing tasks still run',
    params: ById,
    body: z.object({ reason: z.string().min(1).max(1_000) }),
    examples: { body: { reason: 'entered by hand' } },
    handle: ({ administration, params, body }) => administration.cancel({ ...params, ...body, by: '' }),
  }),
];

function filterOf(
  { status, waiting, handled, workflow, record, key, since, until }: z.infer<typeof Query>,
  bounds: Pick<RunFilter, 'limit' | 'before' | 'after'>,
): RunFilter {
  return {
    ...bounds,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(status === undefined ? {} : { status }),
    ...(waiting === undefined ? {} : { waiting }),
    ...(handled === undefined ? {} : { handled }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(record === undefined ? {} : { recordId: record }),
    ...(key === undefined ? {} : { key: keyOf(key) }),
  };
}

function keyOf(text: string): NonNullable<RunFilter['key']> {
  const at = text.indexOf('=');
  return at <= 0 ? { value: text.slice(at + 1) } : { name: text.slice(0, at), value: text.slice(at + 1) };
}
