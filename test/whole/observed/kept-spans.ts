import { type Context, context, type Link, type Span, type SpanOptions, trace, type Tracer } from '@opentelemetry/api';
import { randomBytes } from 'node:crypto';

/** A span as an exporter gets it. */
export interface KeptSpan {
  readonly name: string;
  readonly kind: number | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly links: readonly Link[];
  readonly attributes: Record<string, unknown>;
  error: string | undefined;
  /** How often it was ended; an exporter gets it at the first. */
  ended: number;
}

/** Registers what keeps all spans in memory with the API of OpenTelemetry, as an SDK does; gives the spans, and the end of it. */
export function keepSpans(): { readonly spans: readonly KeptSpan[]; readonly stop: () => void } {
  const spans: KeptSpan[] = [];
  const tracer: Tracer = {
    startSpan: (name, options, parent) => startSpan(spans, { name, options, parent }),
    startActiveSpan: () => {
      throw new Error('nobody asks for this');
    },
  };
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  return { spans, stop: () => trace.disable() };
}

function startSpan(
  spans: KeptSpan[],
  { name, options = {}, parent }: { name: string; options: SpanOptions | undefined; parent: Context | undefined },
): Span {
  const above = trace.getSpanContext(parent ?? context.active());
  const kept: KeptSpan = {
    name,
    kind: options.kind,
    traceId: above?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    parentId: above?.spanId,
    links: options.links ?? [],
    attributes: { ...options.attributes },
    error: undefined,
    ended: 0,
  };
  spans.push(kept);
  const span: Span = {
    spanContext: () => ({ traceId: kept.traceId, spanId: kept.spanId, traceFlags: 1 }),
    setAttribute: (key, value) => ((kept.attributes[key] = value), span),
    setAttributes: (attributes) => (Object.assign(kept.attributes, attributes), span),
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    setStatus: ({ message }) => ((kept.error = message), span),
    updateName: () => span,
    end: () => void kept.ended++,
    isRecording: () => true,
    recordException: () => undefined,
  };
  return span;
}
