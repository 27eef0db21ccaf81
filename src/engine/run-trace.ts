import { createHash } from 'node:crypto';
import type { CallOutcome, CallRequest } from '../core/call.ts';
import type { Lease, Run } from '../core/run.ts';
import { readTraceparent, type Span, type TraceContext, traceparentOf } from '../core/trace.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import type { Engine } from './engine.ts';
import { destinationOf } from './destination.ts';

const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;

/**
 * The trace that a run belongs to: that of what started it, or else one of its own. That is made of the install and the
 * root run, so that all calls of a chain share it, after a restart too, and nothing has to be stored.
 */
export function traceOfRun(
  { installId }: Pick<Engine, 'installId'>,
  run: Pick<Run, 'rootRun' | 'trigger'>,
): TraceContext {
  const stored = readTraceparent(run.trigger.traceparent);
  if (stored !== undefined) return stored;
  const digits = createHash('sha256').update(`${installId}/${run.rootRun}`).digest('hex');
  const traceId = digits.slice(0, TRACE_ID_DIGITS);
  return { traceId, spanId: digits.slice(TRACE_ID_DIGITS, TRACE_ID_DIGITS + SPAN_ID_DIGITS), sampled: true };
}

/** A span for the time that a run is worked on; it links to what started the run. Undefined where nobody keeps spans. */
export function startRunSpan(engine: Engine, { run }: Lease): Span | undefined {
  if (engine.tracer?.keepsSpans !== true) return undefined;
  const cause = readTraceparent(run.trigger.traceparent);
  return engine.tracer.start({
    name: `run ${run.workflow}`,
    kind: 'internal',
    parent: traceOfRun(engine, run),
    links: cause === undefined ? [] : [cause],
    attributes: { 'mapwright.run': run.id, 'mapwright.workflow': run.workflow, 'mapwright.revision': run.revision },
  });
}

/** A span for one task of the run. Undefined where nobody keeps spans. */
export function startTaskSpan(
  engine: Engine,
  parent: TraceContext | undefined,
  task: { readonly id: string; readonly purpose: string },
): Span | undefined {
  if (engine.tracer?.keepsSpans !== true) return undefined;
  const attributes = { 'mapwright.task': task.id, 'mapwright.purpose': task.purpose };
  return engine.tracer.start({ name: `task ${task.id}`, kind: 'internal', parent, attributes });
}

/** A span for one call. Undefined where its service says that nothing is sent, and nobody keeps spans. */
export function startCallSpan(
  engine: Engine,
  parent: TraceContext | undefined,
  task: Pick<CompiledCallTask, 'map' | 'service'>,
): Span | undefined {
  const { tracer } = engine;
  if (tracer === undefined || !(tracer.keepsSpans || sendsTrace(task))) return undefined;
  const destination = destinationOf(task);
  const attributes = { 'mapwright.map': task.map.name, 'mapwright.destination': destination };
  return tracer.start({ name: `call ${task.map.name}`, kind: 'client', parent, attributes });
}

/** Ends the span of a call that was made. An answer is no error here: what it means is judged by its map. */
export function endCallSpan(span: Span | undefined, outcome: CallOutcome): void {
  if (outcome.kind === 'failed') span?.end({ error: outcome.failure.code });
  else span?.end({ attributes: { 'http.response.status_code': outcome.answer.status } });
}

/** The request with `traceparent`, unless its service says that none is sent, or the map sends one of its own. */
export function traced(
  request: CallRequest,
  span: Span | undefined,
  task: Pick<CompiledCallTask, 'service'>,
): CallRequest {
  if (span === undefined || !sendsTrace(task)) return request;
  if (request.headers.some(([name]) => name.toLowerCase() === 'traceparent')) return request;
  return { ...request, headers: [...request.headers, ['traceparent', traceparentOf(span.context)]] };
}

function sendsTrace({ service }: Pick<CompiledCallTask, 'service'>): boolean {
  return service?.document.trace !== false;
}
