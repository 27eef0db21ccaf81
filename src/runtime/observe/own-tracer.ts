import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { TraceContext, Tracer } from '../../core/trace.ts';

const SPAN_ID_DIGITS = 16;

/** Ids for a span below `parent`, or at the beginning of a trace. */
export function newContext(parent: TraceContext | undefined): TraceContext {
  return {
    traceId: parent?.traceId ?? digits(),
    spanId: digits().slice(-SPAN_ID_DIGITS),
    sampled: parent?.sampled ?? true,
  };
}

/** A tracer for an install in which nobody keeps spans: others can put theirs together by the ids that are sent to them. */
export function createOwnTracer(): Tracer {
  const surroundings = new AsyncLocalStorage<TraceContext | undefined>();
  return {
    keepsSpans: false,
    start: ({ parent }) => ({ context: newContext(parent), end: () => undefined }),
    current: () => surroundings.getStore(),
    within: (context, work) => (context === undefined ? work() : surroundings.run(context, work)),
  };
}

/** 32 at random. Node draws the bytes of many UUIDs at once; their fixed digits see to it that none is nothing but zeros. */
function digits(): string {
  return randomUUID().replaceAll('-', '');
}
