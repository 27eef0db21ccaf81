import { promisify } from 'node:util';
import { brotliDecompress, gunzip, gzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';

/** What undoing a body's content codings gives. */
type DecodeResult =
  | { readonly kind: 'decoded'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'garbled'; readonly message: string };

interface DecodeOptions {
  readonly maxOutputLength: number;
  /** Bytes that are decoded before this thread is told. */
  readonly chunkSize: number;
}

type Decoder = (bytes: Uint8Array, options: DecodeOptions) => Promise<Uint8Array>;

const gunzipAsync: Decoder = promisify(gunzip);
const inflateAsync: Decoder = promisify(inflate);
const inflateRawAsync: Decoder = promisify(inflateRaw);

/** `deflate` means the zlib format (RFC 9110 section 8.4.1.2), yet some servers send the bare stream. */
const deflateAsync: Decoder = (bytes, options) => (isZlib(bytes) ? inflateAsync : inflateRawAsync)(bytes, options);

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gunzipAsync],
  ['x-gzip', gunzipAsync],
  ['deflate', deflateAsync],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/** The codings that answers are asked for in, the ones most sides know first. */
export const ACCEPTED_CODINGS = 'gzip, deflate, br, zstd';

const gzipAsync = promisify(gzip);

/** The bytes in gzip, for a request that says so. */
export function encodeGzip(bytes: Uint8Array): Promise<Uint8Array> {
  return gzipAsync(bytes);
}

const MAX_CODINGS = 3;
const [SMALLEST_CHUNK, LARGEST_CHUNK] = [16 * 1024, 512 * 1024];
/** A text seldom takes less than an eighth of its size. */
const USUAL_GROWTH = 8;

/**
 * Undoes the codings that Content-Encoding announces, the last first; never more than `limit` bytes come to be at any stage.
 * @param contentEncoding the header's value; `undefined` and `identity` mean none
 */
export async function decodeBody(params: {
  readonly bytes: Uint8Array;
  readonly contentEncoding: string | undefined;
  readonly limit: number;
}): Promise<DecodeResult> {
  const codings = codingsOf(params.contentEncoding);
  let bytes = params.bytes;
  if (codings.length === 0 || bytes.length === 0) return { kind: 'decoded', bytes };
  if (codings.length > MAX_CODINGS) return { kind: 'garbled', message: 'the answer is compressed too many times over' };
  for (const coding of codings.toReversed()) {
    const decode = DECODERS.get(coding);
    if (decode === undefined) return { kind: 'garbled', message: `the answer's coding "${coding}" is not known` };
    try {
      // A small chunk would bring this thread a thousand times to the ten megabytes of a bomb.
      const chunkSize = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, bytes.length * USUAL_GROWTH));
      bytes = await decode(bytes, { maxOutputLength: Math.max(1, params.limit), chunkSize });
    } catch (error) {
      if (isTooLarge(error)) return { kind: 'too-large' };
      return { kind: 'garbled', message: `the answer is announced as ${coding} and cannot be read as that` };
    }
  }
  return bytes.length > params.limit ? { kind: 'too-large' } : { kind: 'decoded', bytes };
}

/** True when the header announces a coding that changes the bytes. */
export function isCoded(contentEncoding: string | undefined): boolean {
  return codingsOf(contentEncoding).length > 0;
}

/** The codings that the header announces, in the order in which they were made. */
export function codingsOf(contentEncoding: string | undefined): string[] {
  return (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** RFC 1950 section 2.2: method 8, and the first two bytes divisible by 31. */
function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
