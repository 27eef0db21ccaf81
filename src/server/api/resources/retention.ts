import { z } from '@hono/zod-openapi';
import { KEPT_KINDS } from '../../../core/retention.ts';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';

const Kind = z.enum(['completed', 'handled', 'failed', 'canceled', 'history', 'audit']);

const Retention = z
  .object({
    kinds: z.array(
      z.object({
        kind: Kind,
        keepMs: z.number().nullable().openapi({ description: 'null: for ever' }),
        atMost: z.int().nullable().openapi({ description: 'so many of the newest are kept; null: all of them' }),
        isSet: z.boolean().openapi({ description: 'false: what the product comes with' }),
        before: Moment.optional(),
        due: z.int().optional().openapi({ description: 'runs that have been kept long enough and are still there' }),
      }),
    ),
    workflows: z.array(
      z.object({
        workflow: z.string(),
        keepMs: z.number().nullable().optional(),
        keepFailedMs: z.number().nullable().optional(),
      }),
    ),
    last: z.object({
      startedAt: Moment.optional(),
      endedAt: Moment.optional(),
      left: z.int(),
      removed: z.record(z.string(), z.int()),
    }),
  })
  .openapi('Retention');

const Change = z.object({
  keep: z
    .string()
    .max(40)
    .optional()
    .openapi({ description: '12h, 30d, forever; default: what the product comes with' }),
  atMost: z.int().min(1).nullable().optional(),
});

const ByKind = z.object({ kind: Kind });
const DAY_MS = 86_400_000;
const EXAMPLE = {
  kinds: KEPT_KINDS.map((kind) => ({ kind, keepMs: 30 * DAY_MS, atMost: null, isSet: false })),
  workflows: [{ workflow: 'product-changed', keepMs: 7 * DAY_MS }],
  last: { left: 0, removed: { completed: 12_000 } },
};
const common = { tag: 'Settings', answer: Retention } as const;
const changing = {
  ...common,
  params: ByKind,
  body: Change,
  examples: { body: { keep: '7d', atMost: 100_000 }, answer: EXAMPLE },
} as const;

/** How long things are kept. */
export const RETENTION_OPERATIONS = [
  operation({
    ...common,
    id: 'readRetention',
    method: 'get',
    path: '/retention',
    access: 'settings:read',
    summary: 'How long runs, changes of records and the audit are kept, and what would be removed now',
    examples: { answer: EXAMPLE },
    handle: ({ administration }) => administration.retention(),
  }),
  operation({
    ...changing,
    id: 'previewRetention',
    method: 'post',
    path: '/retention/{kind}/preview',
    access: 'settings:read',
    summary: 'What would hold after a change; changes nothing',
    handle: ({ administration, params, body }) => administration.previewRetention({ ...params, ...body }),
  }),
  operation({
    ...changing,
    id: 'setRetention',
    method: 'patch',
    path: '/retention/{kind}',
    access: 'settings:write',
    summary: 'Set how long one kind is kept; what is left out stays',
    handle: ({ administration, params, body }) => administration.setRetention({ ...params, ...body }),
  }),
];
