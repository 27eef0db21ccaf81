/** A place in a trace that may go across systems: W3C Trace Context, https://www.w3.org/TR/trace-context-1. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** False: whoever began the trace keeps nothing of it. */
  readonly sampled: boolean;
}

/** What a span tells; names of documents and codes, never values of records. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A piece of work that a trace shows. */
export interface SpanStart {
  readonly name: string;
  /** client: it asks another system. */
  readonly kind: 'internal' | 'client';
  /** Undefined: it begins a trace. */
  readonly parent: TraceContext | undefined;
  /** What else it comes from. */
  readonly links?: readonly TraceContext[];
  readonly attributes?: SpanAttributes;
}

export interface Span {
  readonly context: TraceContext;
  /** Calling it again does nothing. `error` is the code of what went wrong. */
  end(result?: { readonly attributes?: SpanAttributes; readonly error?: string | undefined }): void;
}

/** Makes spans, and knows which one a piece of code runs in. */
export interface Tracer {
  /** False: spans have ids and nobody keeps them, so that only those need to be made whose ids are sent to somebody. */
  readonly keepsSpans: boolean;
  start(span: SpanStart): Span;
  /** What the code runs in: what was given to `within`, or the span of the application around it. */
  current(): TraceContext | undefined;
  within<T>(context: TraceContext | undefined, work: () => T): T;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?=$|-)/u;
const SAMPLED = 1;
const LONGEST_TRACEPARENT = 512;

/** Reads a `traceparent` header; undefined for anything else. Later versions are read as far as this one goes (section 3.2.4). */
export function readTraceparent(text: string | null | undefined): TraceContext | undefined {
  if (text === null || text === undefined || text.length > LONGEST_TRACEPARENT) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(text.trim()) ?? [];
  if (!isId(traceId) || !isId(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

/** The header that says to another system where in a trace it is called. */
export function traceparentOf({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** Ids of nothing but zeros are no ids. */
function isId(text: string): boolean {
  return /[1-9a-f]/u.test(text);
}
