import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LargeBodyQuestion, LargeBodyReader, LargeBodyReading } from '../../core/large-body.ts';

/** What the thread may hold: ten megabytes of XML in small elements take about forty times as much. */
const MAX_HEAP_MB = 768;

const UNREADABLE: LargeBodyReading = { start: '', json: undefined, exactJson: undefined };

interface Asked {
  readonly question: LargeBodyQuestion;
  readonly tell: (reading: LargeBodyReading) => void;
}

/**
 * Reads large bodies on a thread of its own, started with the first: megabytes of JSON or XML would keep all others waiting
 * while they are read, and again when their memory is cleared.
 */
export function createAnswerThread(): LargeBodyReader {
  return new AnswerThread();
}

class AnswerThread implements LargeBodyReader {
  /** The smallest first: who answers with little does not wait for those who answer with much. */
  readonly #waiting: Asked[] = [];
  #worker: Worker | undefined;
  #current: Asked | undefined;
  #isClosed = false;

  read(question: LargeBodyQuestion): Promise<LargeBodyReading> {
    if (this.#isClosed) return Promise.resolve(UNREADABLE);
    return new Promise((tell) => {
      const behind = this.#waiting.findIndex((other) => other.question.bytes.length > question.bytes.length);
      this.#waiting.splice(behind === -1 ? this.#waiting.length : behind, 0, { question, tell });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { tell } of this.#waiting.splice(0)) tell(UNREADABLE);
    await this.#worker?.terminate();
    this.#settle(UNREADABLE);
  }

  /** One at a time: what waits here takes no memory over there. */
  #next(): void {
    if (this.#current !== undefined) return;
    this.#current = this.#waiting.shift();
    if (this.#current === undefined) return void this.#worker?.unref();
    this.#worker ??= this.#start();
    this.#worker.ref();
    const { question } = this.#current;
    // Given away, so that they are copied once, and no more than the body itself: what holds them may be larger.
    const bytes = new Uint8Array(question.bytes);
    this.#worker.postMessage({ ...question, bytes }, [bytes.buffer]);
  }

  #settle(reading: LargeBodyReading): void {
    const asked = this.#current;
    this.#current = undefined;
    asked?.tell(reading);
    if (!this.#isClosed) this.#next();
  }

  #start(): Worker {
    const worker = new Worker(new URL(`./answer-worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    worker.on('message', (reading: LargeBodyReading) => this.#settle(reading));
    // Too little memory for this body, most likely; the next one gets a new thread.
    worker.on('error', () => this.#lose(worker));
    worker.on('exit', () => this.#lose(worker));
    return worker;
  }

  #lose(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#settle(UNREADABLE);
  }
}
