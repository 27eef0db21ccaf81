import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** How often it is looked at whether there is enough to move. */
const LOOK_EVERY_MS = 1_000;
const ENOUGH_COMMITS = 300;

/**
 * Moves committed pages into the database on a thread of its own: done by the connection that commits, as SQLite does
 * by itself, every thousandth page would make one save wait for all of them. Should the thread die, that is what happens.
 */
export class CheckpointThread {
  readonly #folder: string;
  readonly #commits: { readonly count: number };
  readonly #timer: NodeJS.Timeout;
  #worker: Worker | undefined;
  #movedAt = 0;
  #isMoving = false;

  constructor(folder: string, commits: { readonly count: number }) {
    this.#folder = folder;
    this.#commits = commits;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#worker?.terminate();
  }

  #look(): void {
    const { count } = this.#commits;
    if (this.#isMoving || count - this.#movedAt < ENOUGH_COMMITS) return;
    this.#movedAt = count;
    this.#isMoving = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  #start(): Worker {
    const worker = new Worker(new URL(`./checkpoint-worker${extname(import.meta.url)}`, import.meta.url), {
      workerData: this.#folder,
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    worker.unref();
    worker.on('message', () => (this.#isMoving = false));
    // A thread that died is started again with the next look that finds enough to do.
    worker.on('error', () => this.#lose(worker));
    worker.on('exit', () => this.#lose(worker));
    return worker;
  }

  #lose(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#isMoving = false;
  }
}
