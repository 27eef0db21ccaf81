import type { Json } from './json.ts';

/**
 * Levels of lists and objects inside each other that JSON from outside may have, as in the original (PHP's default).
 * What walks or writes a value is recursive: a few thousand levels would end its stack.
 */
export const DEEPEST_JSON = 512;

/** Undoes or keeps a value while JSON is read; `source` is a number as it was written. */
export type JsonReviver = (this: unknown, name: string, value: unknown, context?: { source?: string }) => unknown;

/** Reads JSON of at most `DEEPEST_JSON` levels; undefined when the text is deeper, or is no JSON (RFC 8259). */
export function readJson(text: string, reviver?: JsonReviver): Json | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text, reviver) as Json;
  } catch {
    return undefined;
  }
}

/** What only numbers beyond 2^53 hold: many digits, or an exponent of three. */
export const LARGE_NUMBER = /\d{16}|\d[eE]\+?\d{3}/u;

/**
 * As `readJson`, with integers beyond 2^53, and numbers that JavaScript does not have (`1e400`), as text, so that ids do not
 * change and nothing turns into null.
 */
export function readExactJson(text: string): Json | undefined {
  return readJson(text, LARGE_NUMBER.test(text) ? keepLargeNumber : undefined);
}

/** Undoes what reading does to a large number. */
export function keepLargeNumber(
  this: unknown,
  _name: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  if (!Number.isFinite(value)) return source;
  return /^-?\d+$/u.test(source) && !Number.isSafeInteger(value) ? source : value;
}

const [QUOTE, BACKSLASH] = [34, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** True of JSON with more than `DEEPEST_JSON` levels. Walks the text once, without recursion. */
export function isTooDeep(text: string): boolean {
  // What is opened is closed.
  if (text.length <= 2 * DEEPEST_JSON) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) depth += 1;
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
    if (depth > DEEPEST_JSON) return true;
  }
  return false;
}

/** Where the quote stands that ends the string which begins at `start`; the end of the text when there is none. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
  return text.length;
}
