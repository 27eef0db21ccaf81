import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gzip,
} from 'node:zlib';
import { type AnswerBody, wholeBody } from '../core/large-body.ts';
import { BoundedBody } from './bounded-body.ts';

/** What undoing a body's content codings gives. */
type DecodeResult =
  | { readonly kind: 'decoded'; readonly body: AnswerBody }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'garbled'; readonly message: string };

/** `chunkSize` is how many bytes are decoded before this thread is told. */
type DecoderMaker = (options: { readonly chunkSize: number }, bytes: Uint8Array) => Transform;

const DECODERS: ReadonlyMap<string, DecoderMaker> = new Map<string, DecoderMaker>([
  ['gzip', (options) => createGunzip(options)],
  ['x-gzip', (options) => createGunzip(options)],
  // `deflate` means the zlib format (RFC 9110 section 8.4.1.2), yet some servers send the bare stream.
  ['deflate', (options, bytes) => (isZlib(bytes) ? createInflate(options) : createInflateRaw(options))],
  ['br', (options) => createBrotliDecompress(options)],
  ['zstd', (options) => createZstdDecompress(options)],
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
  let body: AnswerBody = params.bytes;
  if (codings.length === 0 || body.length === 0) return { kind: 'decoded', body };
  if (codings.length > MAX_CODINGS) return { kind: 'garbled', message: 'the answer is compressed too many times over' };
  for (const coding of codings.toReversed()) {
    const make = DECODERS.get(coding);
    if (make === undefined) return { kind: 'garbled', message: `the answer's coding "${coding}" is not known` };
    const decoded = await decode(wholeBody(body), make, params.limit);
    if (decoded === 'too-large') return { kind: 'too-large' };
    if (decoded === 'garbled') {
      return { kind: 'garbled', message: `the answer is announced as ${coding} and cannot be read as that` };
    }
    body = decoded;
  }
  return { kind: 'decoded', body };
}

/** What is decoded is kept piece by piece, and no more of it than may be. */
function decode(bytes: Uint8Array, make: DecoderMaker, limit: number): Promise<AnswerBody | 'too-large' | 'garbled'> {
  // A small chunk would bring this thread a thousand times to the ten megabytes of a bomb.
  const chunkSize = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, bytes.length * USUAL_GROWTH));
  const decoder = make({ chunkSize }, bytes);
  const collected = new BoundedBody(limit);
  const { promise, resolve } = Promise.withResolvers<AnswerBody | 'too-large' | 'garbled'>();
  decoder.on('data', (piece: Uint8Array) => {
    if (collected.add(piece)) return;
    decoder.destroy();
    collected.free();
    resolve('too-large');
  });
  decoder.on('error', () => {
    collected.free();
    resolve('garbled');
  });
  decoder.once('end', () => resolve(collected.take()));
  decoder.end(bytes);
  return promise;
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
