import type { RecordedBody } from '../core/step.ts';
import { maskFormText, maskJsonText, maskXmlText } from './masked-text.ts';
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
  readonly body: string | Uint8Array | undefined;
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

function recordBytes(bytes: Uint8Array, contentType: string | undefined, redactor: Redactor): RecordedBody {
  const decoder = decoderFor(bytes, contentType);
  if (decoder === undefined) return { text: binaryText(bytes.length, contentType), bytes: bytes.length, cut: false };
  if (bytes.length <= MAX_RECORDED_BYTES) return recordWhole(decoder(bytes), bytes.length, { contentType, redactor });
  // Read on beyond the cut, so that a secret that lies across it is seen whole.
  const margin = redactor.longestForm * MAX_BYTES_PER_CHARACTER;
  const window = decoder(bytes.subarray(0, MAX_RECORDED_BYTES + margin));
  const shownLength = decoder(bytes.subarray(0, MAX_RECORDED_BYTES)).length;
  const text = cutText(maskByName(redactor.redactStart(window, shownLength), contentType));
  return { text, bytes: bytes.length, cut: true };
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

/** Undefined when neither the type nor the bytes say that this is text. */
function decoderFor(bytes: Uint8Array, contentType: string | undefined): Decode | undefined {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/iu.exec(contentType ?? '')?.[1];
  if (charset === undefined && !TEXT_TYPE.test(mediaType(contentType)) && !isUtf8Text(bytes)) return undefined;
  const label = knownLabel(charset);
  return (part) => withoutNul(new TextDecoder(label).decode(part, { stream: true }));
}

/** No database takes a NUL in a text. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\u2400');
}

function isUtf8Text(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, MAX_RECORDED_BYTES);
  if (start.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: start.length < bytes.length });
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
