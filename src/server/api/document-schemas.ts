import { z } from '@hono/zod-openapi';

/** Milliseconds since the epoch. */
export const Moment = z.number().openapi({ example: 1_767_171_900_000 });

/** A file with documents. */
export const SourceFile = z
  .object({ file: z.string().min(1).max(1_000).openapi({ example: 'maps/stock.xml' }), text: z.string() })
  .openapi('SourceFile');

const Position = z.object({ line: z.int(), column: z.int(), offset: z.int() });
const Range = z.object({ start: Position, end: Position });

/** One problem in a document. */
export const Diagnostic = z
  .object({
    severity: z.enum(['error', 'warning', 'info']),
    code: z.string().openapi({ example: 'MAP_UNKNOWN' }),
    message: z.string(),
    hint: z.string().optional(),
    file: z.string(),
    range: Range,
    path: z.string().optional(),
    related: z.array(z.object({ message: z.string(), file: z.string(), range: Range })).optional(),
  })
  .openapi('Diagnostic');

const DocumentChange = z
  .object({
    kind: z.string().openapi({ example: 'map' }),
    name: z.string(),
    change: z.enum(['added', 'changed', 'removed', 'unchanged']),
  })
  .openapi('DocumentChange');

/** What apply did, or would do. */
export const ApplyReport = z
  .object({
    revision: z.int(),
    stored: z.boolean(),
    changes: z.array(DocumentChange),
    diagnostics: z.array(Diagnostic),
  })
  .openapi('ApplyReport');

const Plans = z.array(
  z.object({ workflow: z.string(), tasks: z.array(z.object({ task: z.string(), sentence: z.string() })) }),
);

/** When schedules fire: told as `check` tells it. */
const Schedules = z.array(z.looseObject({})).optional();

export const CheckReport = z
  .object({
    plans: Plans,
    schedules: Schedules,
    counts: z.record(z.string(), z.int()),
    diagnostics: z.array(Diagnostic),
  })
  .openapi('CheckReport');

export const PlanReport = z
  .object({
    revision: z.int(),
    changes: z.array(DocumentChange),
    texts: z.array(
      z.object({
        file: z.string(),
        documents: z.array(z.object({ kind: z.string(), name: z.string() })),
        before: z.string(),
        after: z.string(),
      }),
    ),
    modules: z.array(
      z.object({
        module: z.string(),
        isNew: z.boolean(),
        columns: z.array(z.string()),
        indexes: z.array(z.string()),
        hidden: z.array(z.string()),
      }),
    ),
    plans: Plans,
    schedules: Schedules,
    unfinished: z.record(z.string(), z.int()),
    diagnostics: z.array(Diagnostic),
  })
  .openapi('PlanReport');

const revision = { number: z.int().openapi({ example: 4 }), at: Moment, by: z.string() };

export const RevisionSummary = z
  .object({ ...revision, documents: z.int().openapi({ description: 'How many.' }) })
  .openapi('RevisionSummary');

export const Revision = z
  .object({
    ...revision,
    documents: z.array(z.object({ kind: z.string(), name: z.string(), file: z.string(), text: z.string() })),
  })
  .openapi('Revision');
