import { isAscii } from 'node:buffer';
import { type AnswerBody, startOfBody } from '../core/large-body.ts';
import type { RecordedBody } from '../core/step.ts';
import { maskFormText, maskJsonText } from './masked-text.ts';
import { maskXmlText } from './masked-xml.ts';
import type { Redactor } from './redactor.ts';

/** Greatest size of a recorded body, in bytes of UTF-8. */
const MAX_RECORDED_BYTES = 64 * 1024;
const MAX_BYTES_PER_CHARACTER = 4;
/** Of a UTF-16 unit, in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

const TEXT_TYPE =
  /^(?:text\/|application\/(?:.*\+)?(?:json|xml|x-www-form-urlencoded|javascript|graphql|yaml|x-yaml)$)|\+(?:json|xml)$/u;

/**
 * A body as people see it: text with its secrets hidden, cut at 64 KiB between two characters; anything else told by its
 * size and type. Undefined when there is no body.
 */
export function recordBody(params: {
  readonly body: string | AnswerBody | undefined;
  readonly contentType: string | undefined;
  readonly redactor: Redactor;
}): RecordedBody | undefined {
  const { body, contentType, redactor } = params;
  if (body === undefined || body.length === 0) return undefined;
  if (typeof body !== 'string') return recordBytes(body, contentType, redactor);
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_RECORDED_BYTES) return recordBytes(Buffer.from(body), contentType, redactor);
  return recordWhole(withoutNul(body), bytes, { contentType, redactor });
}

function recordBytes(body: AnswerBody, contentType: string | undefined, redactor: Redactor): RecordedBody {
  const bytes = body.length;
  const isLong = bytes > MAX_RECORDED_BYTES;
  // Read on beyond the cut, so that a secret that lies across it is seen whole.
  const margin = isLong ? redactor.longestForm * MAX_BYTES_PER_CHARACTER : 0;
  const start = startOfBody(body, MAX_RECORDED_BYTES + margin);
  const decoder = decoderFor(start, bytes, contentType);
  if (decoder === undefined) return { text: binaryText(bytes, contentType), bytes, cut: false };
  if (!isLong) return recordWhole(decoder(start), bytes, { contentType, redactor });
  // Of a body that was lost but for its start, there may be less behind the cut: then less is shown.
  const isAll = start.length === Math.min(bytes, MAX_RECORDED_BYTES + margin);
  const shownBytes = isAll ? MAX_RECORDED_BYTES : Math.max(0, Math.min(MAX_RECORDED_BYTES, start.length - margin));
  const shownLength = decoder(start.subarray(0, shownBytes)).length;
  const text = cutText(maskByName(redactor.redactStart(decoder(start), shownLength), contentType));
  return { text, bytes, cut: true };
}

function recordWhole(
  whole: string,
  bytes: number,
  { contentType, redactor }: { readonly contentType: string | undefined; readonly redactor: Redactor },
): RecordedBody {
  const masked = maskByName(redactor.redact(whole), contentType);
  const text = masked.length * MAX_BYTES_PER_UNIT <= MAX_RECORDED_BYTES ? masked : cutText(masked);
  return { text, bytes, cut: text.length < masked.length };
}

type Decode = (bytes: Uint8Array) => string;

/** Undefined when neither the type nor the start of so many bytes says that this is text. */
function decoderFor(start: Uint8Array, bytes: number, contentType: string | undefined): Decode | undefined {
  const { isText, label } = textRules(contentType ?? '');
  if (!isText && !isUtf8Text(start.subarray(0, MAX_RECORDED_BYTES), bytes)) return undefined;
  return (part) => withoutNul(label === 'utf-8' && isAscii(part) ? asciiText(part) : decodeStart(part, label));
}

/** What a content type says of the bytes. */
interface TextRules {
  readonly isText: boolean;
  /** The character set, as TextDecoder calls it. */
  readonly label: string;
}

/** Types seen before: most answers are of the same few. */
const knownTypes = new Map<string, TextRules>();
const MOST_TYPES = 100;
const LONGEST_KEPT_TYPE = 200;

function textRules(contentType: string): TextRules {
  const known = knownTypes.get(contentType);
  if (known !== undefined) return known;
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/iu.exec(contentType)?.[1];
  const isText = charset !== undefined || TEXT_TYPE.test(mediaType(contentType));
  const rules = { isText, label: knownLabel(charset) };
  if (knownTypes.size >= MOST_TYPES) knownTypes.clear();
  if (contentType.length <= LONGEST_KEPT_TYPE) knownTypes.set(contentType, rules);
  return rules;
}

/** Half a character at the end is left out. */
function decodeStart(bytes: Uint8Array, label: string): string {
  return new TextDecoder(label).decode(bytes, { stream: true });
}

/** The same text as TextDecoder's, which takes many times as long. */
function asciiText({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

/** No database takes a NUL in a text. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\u2400');
}

function isUtf8Text(start: Uint8Array, bytes: number): boolean {
  if (start.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: start.length < bytes });
    return true;
  } catch {
    return false;
  }
}

function knownLabel(charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').encoding;
  } catch {
    return 'utf-8';
  }
}

function maskByName(text: string, contentType: string | undefined): string {
  const type = mediaType(contentType);
  if (type === 'application/x-www-form-urlencoded') return maskFormText(text);
  if (/^\s*</u.test(text)) return maskXmlText(text);
  if (type.endsWith('json') || /^\s*[[{]/u.test(text)) return maskJsonText(text);
  return text;
}

function cutText(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_RECORDED_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, MAX_RECORDED_BYTES), { stream: true });
}

function binaryText(size: number, contentType: string | undefined): string {
  const type = mediaType(contentType);
  return `(${size.toLocaleString('en-US')} bytes${type === '' ? '' : ` of ${type}`})`;
}

function mediaType(contentType = ''): string {
  const semicolon = contentType.indexOf(';');
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}
