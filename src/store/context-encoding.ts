import { createHash } from 'node:crypto';
import { MapwrightError } from '../core/error.ts';
import type { Json } from '../core/json.ts';
import type { RunContext } from '../core/run.ts';

const LONG_TEXT_BYTES = 16 * 1024;
const GREATEST_CONTEXT_BYTES = 16 * 1024 * 1024;

// Strings of the encoded form that start with NUL are marked: a reference to a long text, or a text that starts with NUL itself.
const REFERENCE = '\u0000b';
const PLAIN = '\u0000t';

/** A context as it is stored: JSON in which texts over 16 KiB are replaced by references to `texts` (by SHA-256, hex). */
export interface EncodedContext {
  readonly json: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** Encodes a context; throws STORE_CONTEXT_TOO_LARGE when it has more than 16 MiB as JSON. */
export function encodeContext(context: RunContext): EncodedContext {
  const texts = new Map<string, string>();
  let movedBytes = 0;
  const json = JSON.stringify(context, (_name, value: Json) => {
    if (typeof value !== 'string') return value;
    if (isLong(value) && isKeptAsText(value)) {
      const hash = createHash('sha256').update(value).digest('hex');
      texts.set(hash, value);
      movedBytes += Buffer.byteLength(value);
      return REFERENCE + hash;
    }
    return value.startsWith('\u0000') ? PLAIN + value : value;
  });
  const bytes = Buffer.byteLength(json) + movedBytes;
  if (bytes > GREATEST_CONTEXT_BYTES) throw tooLarge(bytes);
  return { json, texts };
}

/** Texts with U+0000 or half a surrogate pair are left where they are, escaped: not every database has a place for them. */
function isKeptAsText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

function isLong(text: string): boolean {
  return text.length > LONG_TEXT_BYTES / 4 && Buffer.byteLength(text) > LONG_TEXT_BYTES;
}

/** The hash of the long text that a string of an encoded context stands for; undefined when it stands for itself. */
export function longTextOf(encoded: string): string | undefined {
  return encoded.startsWith(REFERENCE) ? encoded.slice(REFERENCE.length) : undefined;
}

/** What stands in an encoded context for the long text with this hash. */
export function longTextReference(hash: string): string {
  return REFERENCE + hash;
}

/** The hashes of the long texts that an encoded context refers to. */
export function textsOf(json: string): string[] {
  const hashes: string[] = [];
  if (!json.includes('\\u0000b')) return hashes;
  JSON.parse(json, (_name, value: Json) => {
    if (typeof value === 'string' && value.startsWith(REFERENCE)) hashes.push(value.slice(REFERENCE.length));
    return value;
  });
  return hashes;
}

/** The context that was encoded. `textOf` gives a long text by its hash. */
export function decodeContext(json: string, textOf: (hash: string) => string): RunContext {
  if (!json.includes('\\u0000')) return JSON.parse(json);
  return JSON.parse(json, (_name, value: Json) => {
    if (typeof value !== 'string') return value;
    if (value.startsWith(REFERENCE)) return textOf(value.slice(REFERENCE.length));
    return value.startsWith(PLAIN) ? value.slice(PLAIN.length) : value;
  });
}

function tooLarge(bytes: number): MapwrightError {
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return new MapwrightError('STORE_CONTEXT_TOO_LARGE', `The run's context would have ${size}; 16 MiB is the most.`, {
    hint: "Take less out of the answer: narrow the paths of the map's outputs.",
  });
}
