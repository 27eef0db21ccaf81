import type { CallAnswer } from '../../core/call.ts';
import type { Json } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
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
  const charset = /charset\s*=\s*"?([^\s;"]+)/iu.exec(contentType ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/iu.test(charset)) return UTF8.decode(bytes);
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return UTF8.decode(bytes);
  }
}

const UTF8 = new TextDecoder();

/** What only numbers beyond 2^53 hold: many digits, or an exponent of three. */
const LARGE_NUMBER = /\d{16}|\d[eE]\+?\d{3}/u;

/**
 * JSON whose integers beyond 2^53, and numbers that JavaScript does not have (`1e400`), are given as text, so that ids do not
 * change and nothing turns into null; undefined when it is none, or nested too deeply.
 */
export function parseJson(text: string): Json | undefined {
  return readJson(text, LARGE_NUMBER.test(text) ? keepLargeNumber : undefined);
}

function keepLargeNumber(this: unknown, _name: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  if (!Number.isFinite(value)) return source;
  return /^-?\d+$/u.test(source) && !Number.isSafeInteger(value) ? source : value;
}

/** A JSON body as a coreBOS map reads it: also a JSON string that holds JSON. Undefined when it is neither. */
export function parseLegacyBody(text: string): Json | undefined {
  const value = parseJson(text);
  return typeof value === 'string' ? (parseJson(value) ?? value) : value;
}

/** Makes a number that is written as it stands; in Node since version 21 (TC39 JSON.parse source text access). */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): Json };

/**
 * A JSON body for writing its parts as JSON text again: integers beyond 2^53 keep all their digits then. Undefined when
 * it holds none, and `parseLegacyBody` serves as well.
 */
export function parseForRewriting(text: string): Json | undefined {
  if (!LARGE_NUMBER.test(text)) return undefined;
  const value = readJson(text, keepDigits);
  return typeof value === 'string' ? readJson(value, keepDigits) : value;
}

function keepDigits(this: unknown, name: string, value: unknown, context?: { source?: string }): unknown {
  const kept = keepLargeNumber.call(this, name, value, context);
  return typeof value === 'number' && typeof kept === 'string' && Number.isFinite(value) ? rawJSON(kept) : kept;
}
