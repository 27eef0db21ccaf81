import { extname } from 'node:path';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { LargeBodyQuestion, LargeBodyReader, LargeBodyReading, LentBody } from '../../core/large-body.ts';
import { park, type PostedQuestion, type PostedReading } from './posted-body.ts';

/** What the thread may hold: ten megabytes of XML in small elements take about forty times as much. */
const MAX_HEAP_MB = 768;

const UNREADABLE: LargeBodyReading = { start: '', json: undefined, exactJson: undefined };

interface Asked {
  readonly question: Omit<LargeBodyQuestion, 'body'>;
  readonly length: number;
  readonly lent: LentBody;
  readonly port: MessagePort;
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

  read({ body, ...question }: LargeBodyQuestion): Promise<LargeBodyReading> {
    if (this.#isClosed) return Promise.resolve(UNREADABLE);
    const { length } = body;
    const lent = lendOf(body);
    const port = park(lent.pieces);
    return new Promise((tell) => {
      const behind = this.#waiting.findIndex((other) => other.length > length);
      this.#waiting.splice(behind === -1 ? this.#waiting.length : behind, 0, { question, length, lent, port, tell });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { port, tell } of this.#waiting.splice(0)) {
      port.close();
      tell(UNREADABLE);
    }
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
    const { question, port } = this.#current;
    const posted: PostedQuestion = { ...question, port };
    this.#worker.postMessage(posted, [port]);
  }

  #settle(reading: LargeBodyReading, pieces?: PostedReading['pieces']): void {
    const asked = this.#current;
    this.#current = undefined;
    if (pieces !== undefined) asked?.lent.giveBack(pieces);
    asked?.tell(reading);
    if (!this.#isClosed) this.#next();
  }

  #start(): Worker {
    const worker = new Worker(new URL(`./answer-worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    worker.on('message', ({ reading, pieces }: PostedReading) => this.#settle(reading, pieces));
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

/** A body that is there in one may be somebody else's too: what is lent is a copy. */
function lendOf(body: LargeBodyQuestion['body']): LentBody {
  if (!(body instanceof Uint8Array)) return body.lend();
  return { pieces: [new Uint8Array(body)], giveBack: () => undefined };
}
