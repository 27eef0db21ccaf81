import type { CallAnswer } from '../../core/call.ts';
import type { Json } from '../../core/json.ts';
import type { ResponseEnvironment } from '../../expression/environment.ts';

/** Reads a body's text as one format; undefined when it is none of it. */
export type BodyReader = (text: string) => Json | undefined;

/** The answer as expressions see it. */
export function readAnswer(answer: CallAnswer, readBody: BodyReader): ResponseEnvironment {
  const headers = new Map<string, string>();
  for (const [name, value] of answer.headers) {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const text = decodeText(answer.body, headers.get('content-type'));
  return { status: answer.status, headers: Object.fromEntries(headers), body: readBody(text), text };
}

function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = /charset\s*=\s*"?([^\s;"]+)/iu.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}

/** JSON whose integers beyond 2^53 are given as text, so that ids do not change; undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return /\d{16}/u.test(text) ? (JSON.parse(text, keepLargeInteger) as Json) : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function keepLargeInteger(this: unknown, _name: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !/^-?\d+$/u.test(source)) return value;
  return Number.isSafeInteger(value) ? value : source;
}
