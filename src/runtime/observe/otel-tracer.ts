import type { Context, ContextAPI, Link, Span as OtelSpan, SpanContext, TraceAPI } from '@opentelemetry/api';
import type { Span, SpanAttributes, TraceContext, Tracer } from '../../core/trace.ts';
import { VERSION } from '../version.ts';
import { createOwnTracer, newContext } from './own-tracer.ts';

/** The API of OpenTelemetry, which the application that registered an SDK has brought along. */
interface Api {
  readonly trace: TraceAPI;
  readonly context: ContextAPI;
}

const SAMPLED = 1;
const ERROR_STATUS = 2;
const KINDS = { internal: 0, client: 2 } as const;

/** Gives spans to the SDK of OpenTelemetry that the application has registered. */
export function createOtelTracer(api: Api): Tracer {
  const tracer = api.trace.getTracer('mapwright', VERSION);
  const own = createOwnTracer();
  return {
    keepsSpans: true,
    start({ name, kind, parent, links = [], attributes = {} }) {
      const span = tracer.startSpan(
        name,
        { kind: KINDS[kind], links: links.map(linkTo), attributes: said(attributes) },
        below(api, parent),
      );
      return spanOf(span, parent);
    },
    current: () => own.current() ?? contextOf(api.trace.getSpanContext(api.context.active())),
    within(context, work) {
      if (context === undefined) return work();
      // An SDK without a context manager runs `work` and remembers nothing.
      return own.within(context, () => api.context.with(below(api, context), work));
    },
  };
}

function below(api: Api, parent: TraceContext | undefined): Context {
  const active = api.context.active();
  return parent === undefined ? api.trace.deleteSpan(active) : api.trace.setSpanContext(active, spanContext(parent));
}

function spanOf(span: OtelSpan, parent: TraceContext | undefined): Span {
  const given = contextOf(span.spanContext());
  // Without a provider behind it the API hands the parent back: the other side still gets an id to correlate by.
  let isEnded = false;
  const context = given === undefined || given.spanId === parent?.spanId ? newContext(parent) : given;
  return {
    context,
    end({ attributes, error } = {}) {
      if (isEnded) return;
      isEnded = true;
      if (attributes !== undefined) span.setAttributes(said(attributes));
      if (error !== undefined) span.setStatus({ code: ERROR_STATUS, message: error });
      span.end();
    },
  };
}

function linkTo(context: TraceContext): Link {
  return { context: spanContext(context) };
}

function spanContext({ traceId, spanId, sampled }: TraceContext): SpanContext {
  return { traceId, spanId, traceFlags: sampled ? SAMPLED : 0, isRemote: true };
}

function contextOf(given: SpanContext | undefined): TraceContext | undefined {
  if (given === undefined || /^0*$/u.test(given.traceId) || /^0*$/u.test(given.spanId)) return undefined;
  const { traceId, spanId, traceFlags } = given;
  return { traceId, spanId, sampled: (traceFlags & SAMPLED) === SAMPLED };
}

function said(attributes: SpanAttributes): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
