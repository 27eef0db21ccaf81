import { PassThrough, pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { AnswerSink, CallAnswer } from '../core/call.ts';
import { MapwrightError } from '../core/error.ts';
import type { FileReference } from '../core/file-store.ts';
import { codingsOf } from './content-coding.ts';
import { garbledFailure, tooLargeFailure, type FailureReason } from './failure.ts';

/** What holds back and lets on whoever sends the body. */
interface Flow {
  pause(): void;
  resume(): void;
}

/** What became of the body. */
export type StreamResult =
  | { readonly kind: 'stored'; readonly file: FileReference }
  | { readonly kind: 'failed'; readonly reason: FailureReason };

const BUFFERED_BYTES = 256 * 1024;
const MAX_CODINGS = 3;

const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
]);

/** The body of an answer on its way into a sink: what the sink has not taken yet holds the sender back. */
export class AnswerStream {
  readonly result: Promise<StreamResult>;
  readonly #source: Readable;
  readonly #flow: Flow;
  #isHeldBack = false;

  constructor(params: {
    readonly sink: AnswerSink;
    readonly head: Pick<CallAnswer, 'status' | 'headers'>;
    readonly contentEncoding: string | undefined;
    readonly flow: Flow;
    /** `example.com:443` */
    readonly target: string;
  }) {
    this.#flow = params.flow;
    this.#source = new Readable({ highWaterMark: BUFFERED_BYTES, read: () => this.#letOn() });
    this.result = this.#store(params);
  }

  /** True while it is the sink that is slow, not the other side. */
  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }

  add(chunk: Uint8Array): void {
    // What comes in is a view of a buffer that is used again.
    if (this.#source.push(Buffer.from(chunk))) return;
    this.#isHeldBack = true;
    this.#flow.pause();
  }

  end(): void {
    this.#source.push(null);
  }

  /** The body will not come to its end: the sink gives up what it has. */
  giveUp(): void {
    this.#source.destroy(new Error('the body broke off'));
  }

  #letOn(): void {
    if (!this.#isHeldBack) return;
    this.#isHeldBack = false;
    this.#flow.resume();
  }

  async #store(params: ConstructorParameters<typeof AnswerStream>[0]): Promise<StreamResult> {
    const { sink, head, contentEncoding, target } = params;
    const codings = codingsOf(contentEncoding);
    const unknown = codings.find((coding) => !DECODERS.has(coding));
    if (unknown !== undefined) return failed(garbledFailure(`the answer's coding "${unknown}" is not known`));
    if (codings.length > MAX_CODINGS) return failed(garbledFailure('the answer is compressed too many times over'));
    try {
      const bytes = bounded(decoded(this.#source, codings), sink.maxBytes);
      return { kind: 'stored', file: await sink.store(head, bytes) };
    } catch (error) {
      return failed(reasonOf(error, { target, limit: sink.maxBytes, codings }));
    } finally {
      this.#source.destroy();
      this.#letOn();
    }
  }
}

/** More bytes than the file may have. */
export function fileTooLarge(target: string, limit: number): FailureReason {
  return { ...tooLargeFailure(target, limit), hint: 'raise max-size="..." of the <file> in the map' };
}

class TooLarge extends Error {}

function decoded(source: Readable, codings: readonly string[]): AsyncIterable<Uint8Array> {
  const [last, ...others] = codings
    .toReversed()
    .flatMap((coding) => DECODERS.get(coding)?.() ?? [])
    .toReversed();
  if (last === undefined) return source;
  const steps = [source, ...others.toReversed(), last, new PassThrough()];
  // What fails in the middle is told by the end of it.
  return pipeline(steps, () => undefined) as PassThrough;
}

async function* bounded(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array, void> {
  let count = 0;
  for await (const chunk of bytes) {
    count += chunk.length;
    if (count > limit) throw new TooLarge();
    yield chunk;
  }
}

function reasonOf(
  error: unknown,
  at: { readonly target: string; readonly limit: number; readonly codings: readonly string[] },
): FailureReason {
  if (error instanceof TooLarge) {
    return fileTooLarge(at.target, at.limit);
  }
  if (error instanceof MapwrightError) {
    return {
      code: error.code,
      cause: error.retryable ? 'network' : 'refused',
      message: error.message,
      hint: error.hint,
    };
  }
  return garbledFailure(`the answer is announced as ${at.codings.join(', ')} and cannot be read as that`);
}

function failed(reason: FailureReason): StreamResult {
  return { kind: 'failed', reason };
}
