import type { CallAnswer } from '../../core/call.ts';
import { inSlices, type PiecewiseWork } from '../../core/in-slices.ts';
import type { Json } from '../../core/json.ts';
import { type KeptMembers, type ReviverChoice, readJsonInPieces } from '../../core/json-in-pieces.ts';
import { readJson } from '../../core/json-text.ts';
import { LARGE_BODY_BYTES, type LargeBodyQuestion, type LargeBodyReader } from '../../core/large-body.ts';
import type { ResponseEnvironment } from '../../expression/environment.ts';

/** Reads a body's text as one format, a piece at a time; gives undefined when it is none of it. May leave out what is not kept. */
export type BodyReader = (text: string, keeps?: KeptMembers) => PiecewiseWork<Json | undefined>;

/** For formats that are the text, or that have no value. */
// oxlint-disable-next-line require-yield -- there is only one piece
export function* readsAs(value: Json | undefined): PiecewiseWork<Json | undefined> {
  return value;
}

/** How the body of an answer is read. */
export interface BodyReading {
  readonly read: BodyReader;
  /** The character set, whatever the answer's type says. */
  readonly encoding?: string | undefined;
  /** How a large one is read by somebody else, when it can be told what is needed of it. */
  readonly apart?: { readonly reader: LargeBodyReader; readonly needed: NeededPart } | undefined;
}

/** What is needed of a body. */
export type NeededPart = Omit<LargeBodyQuestion, 'bytes' | 'contentType'>;

/** An answer that was read. */
export interface ReadAnswer {
  readonly response: ResponseEnvironment;
  /** The text in which numbers are as they were written. */
  readonly source: string;
}

/**
 * The answer as expressions see it. A large body is read apart, and comes with the part that is needed and the start of its
 * text; or, where all of it is needed, in slices. So nobody waits for it but its own run.
 */
export async function readAnswer(answer: CallAnswer, { read, apart, encoding }: BodyReading): Promise<ReadAnswer> {
  const headers = new Map<string, string>();
  for (const [name, value] of answer.headers) {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const head = { status: answer.status, headers: Object.fromEntries(headers) };
  const contentType = encoding === undefined ? headers.get('content-type') : `text/plain; charset=${encoding}`;
  if (apart !== undefined && answer.body.length > LARGE_BODY_BYTES) {
    const question = { ...apart.needed, bytes: answer.body, contentType };
    const { start, json, exactJson } = await apart.reader.read(question);
    const body = json === undefined ? undefined : await inSlices(readJsonInPieces(json), json.length);
    return { response: { ...head, body, text: start }, source: exactJson ?? '' };
  }
  const text = decodeText(answer.body, contentType);
  return { response: { ...head, body: await inSlices(read(text), text.length), text }, source: text };
}

/** The text of a body, in the character set that its type names; UTF-8 when there is no such. */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
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

/** As `parseJson`, for large texts. */
export function parseJsonInPieces(text: string, keeps?: KeptMembers): PiecewiseWork<Json | undefined> {
  return readJsonInPieces(text, { reviverFor, keeps });
}

const reviverFor: ReviverChoice = (piece) => (LARGE_NUMBER.test(piece) ? keepLargeNumber : undefined);

/** A JSON body as a coreBOS map reads it: also a JSON string that holds JSON. Gives undefined when it is neither. */
export function* parseLegacyBody(text: string, keeps?: KeptMembers): PiecewiseWork<Json | undefined> {
  const value = yield* parseJsonInPieces(text, keeps);
  return typeof value === 'string' ? ((yield* parseJsonInPieces(value, keeps)) ?? value) : value;
}

/** Makes a number that is written as it stands; in Node since version 21 (TC39 JSON.parse source text access). */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): Json };

/**
 * A JSON body for writing its parts as JSON text again: integers beyond 2^53 keep all their digits then. Gives undefined
 * when it holds none, and `parseLegacyBody` serves as well.
 */
export function* parseForRewriting(text: string, keeps?: KeptMembers): PiecewiseWork<Json | undefined> {
  if (!LARGE_NUMBER.test(text)) return undefined;
  const options = { reviverFor: () => keepDigits, keeps };
  const value = yield* readJsonInPieces(text, options);
  return typeof value === 'string' ? yield* readJsonInPieces(value, options) : value;
}

function keepDigits(this: unknown, name: string, value: unknown, context?: { source?: string }): unknown {
  const kept = keepLargeNumber.call(this, name, value, context);
  return typeof value === 'number' && typeof kept === 'string' && Number.isFinite(value) ? rawJSON(kept) : kept;
}
