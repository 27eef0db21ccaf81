import type { CallAnswer } from '../../core/call.ts';
import { inSlices, type PiecewiseWork } from '../../core/in-slices.ts';
import type { Json } from '../../core/json.ts';
import { type KeptMembers, type ReviverChoice, readJsonInPieces } from '../../core/json-in-pieces.ts';
import { keepLargeNumber, LARGE_NUMBER } from '../../core/json-text.ts';
import { LARGE_BODY_BYTES, type LargeBodyQuestion, type LargeBodyReader, wholeBody } from '../../core/large-body.ts';
import type { ResponseEnvironment } from '../../expression/environment.ts';

/** Reads a body's text as one format, a piece at a time; gives undefined when it is none of it. May leave out what is not kept. */
export type BodyReader = (text: string, keeps?: KeptMembers) => PiecewiseWork<Json | undefined>;

/** The same of XML, with all attributes where they are wanted. */
export type XmlReader = (text: string, keeps?: KeptMembers, attributes?: boolean) => PiecewiseWork<Json | undefined>;

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
export type NeededPart = Omit<LargeBodyQuestion, 'body' | 'contentType'>;

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
    const question = { ...apart.needed, body: answer.body, contentType };
    const { start, json, exactJson } = await apart.reader.read(question);
    const body = json === undefined ? undefined : await inSlices(readJsonInPieces(json), json.length);
    return { response: { ...head, body, text: start }, source: exactJson ?? '' };
  }
  const text = decodeText(wholeBody(answer.body), contentType);
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

/** As `readExactJson`, for large texts. */
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
