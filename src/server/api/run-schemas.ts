import { z } from '@hono/zod-openapi';
import { Moment } from './document-schemas.ts';

export const RunId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).openapi({ example: 17 });

export const RunStatus = z.enum(['pending', 'running', 'completed', 'failed', 'canceled']);

export const Failure = z
  .looseObject({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    task: z.string().optional(),
  })
  .openapi('Failure');

const Wait = z.looseObject({
  for: z.string().openapi({ example: 'time' }),
  reason: z.string(),
  since: Moment,
  until: Moment.optional(),
  key: z.string().optional(),
});

const values = z.record(z.string(), z.unknown());

/** A run; sensitive values of its context are dots. */
export const Run = z
  .looseObject({
    id: z.int(),
    workflow: z.string(),
    revision: z.int(),
    module: z.string().optional(),
    recordId: z.string().optional(),
    lane: z.string(),
    trigger: z.looseObject({ event: z.string(), record: values, changed: z.array(z.string()) }),
    rootRun: z.int(),
    depth: z.int(),
    initiator: z.string(),
    status: RunStatus,
    wait: Wait.optional(),
    failure: Failure.optional(),
    handled: z.boolean(),
    context: values,
    keys: z.record(z.string(), z.string()),
    acceptedAt: Moment,
    startedAt: Moment.optional(),
    endedAt: Moment.optional(),
    cancelRequested: z.string().optional(),
  })
  .openapi('Run');

const Headers = z.array(z.array(z.string()).length(2));
const Body = z.looseObject({ text: z.string(), bytes: z.int(), cut: z.boolean() });

/** A request as history shows it: secrets as dots. */
export const RecordedRequest = z
  .looseObject({
    method: z.string(),
    url: z.string(),
    headers: Headers,
    body: Body.optional(),
    parameters: z.array(z.looseObject({ name: z.string(), source: z.string(), value: z.string() })),
  })
  .openapi('RecordedRequest');

const Timings = z.looseObject({
  dnsMs: z.number().optional(),
  connectMs: z.number().optional(),
  tlsMs: z.number().optional(),
  firstByteMs: z.number().optional(),
  totalMs: z.number(),
});

export const RecordedAnswer = z
  .looseObject({
    status: z.int(),
    headers: Headers,
    body: Body.optional(),
    durationMs: z.number(),
    timings: Timings.optional(),
  })
  .openapi('RecordedAnswer');

export const StepEffect = z
  .looseObject({ kind: z.string(), name: z.string(), from: z.string().optional(), value: z.unknown().optional() })
  .openapi('StepEffect');

const Attempt = z.looseObject({
  number: z.int(),
  startedAt: Moment,
  endedAt: Moment.optional(),
  request: RecordedRequest.optional(),
  answer: RecordedAnswer.optional(),
  failure: Failure.optional(),
});

const Step = z
  .looseObject({
    run: z.int(),
    number: z.int(),
    task: z.string(),
    purpose: z.string(),
    round: z.int(),
    status: z.string(),
    startedAt: Moment,
    endedAt: Moment.optional(),
    effects: z.array(StepEffect),
    warnings: z.array(z.string()),
    failure: Failure.optional(),
    attempts: z.array(Attempt),
  })
  .openapi('Step');

export const RunDetails = z
  .looseObject({
    run: Run,
    steps: z.array(Step),
    plan: z.string().optional(),
    deliveries: z.array(z.looseObject({ id: z.int(), way: z.string(), state: z.string() })).optional(),
  })
  .openapi('RunDetails');

export const StartReport = z
  .object({
    runs: z.array(z.object({ id: z.int(), workflow: z.string(), status: z.string(), code: z.string().optional() })),
    skipped: z.array(z.string()),
    repeated: z.boolean(),
  })
  .openapi('StartReport');
