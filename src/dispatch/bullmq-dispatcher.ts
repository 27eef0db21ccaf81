import type { Clock } from '../core/clock.ts';
import type { Dispatcher, WakeHint } from '../core/dispatcher.ts';
import type { RunId } from '../core/run.ts';
import { type HintBatch, HintBatches } from './hint-batches.ts';

export interface BullmqDispatcherParams {
  /** `postgres://...` or `redis://...`: where the messages lie. */
  readonly url: string;
  /** The install's, so that several can share a server. */
  readonly installId: string;
  readonly clock: Clock;
  /** Told once when messages cannot be sent or got any more, and again after they could meanwhile. */
  readonly onFault: (error: unknown) => void;
  readonly sweepMs?: number;
}

const SWEEP_MS = 3_000;
/** Of BullMQ's own tables: none of ours lies there. */
const SCHEMA = 'mapwright_dispatch';
const CONNECTIONS = 2;
const MOST_IN_MESSAGE = 500;
/** What is left behind of a message that was got: nothing, nobody reads it. */
const LEAVE_NOTHING = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;
/** BullMQ tells what happened to its messages in a table or stream that nobody reads here. */
const MOST_TOLD = 100;

interface Message {
  readonly data: { readonly runs: readonly RunId[] };
}

/** What of BullMQ's queues is used here, on either server. */
interface MessageQueue {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  addBulk(
    messages: { readonly name: string; readonly data: Message['data']; readonly opts: { readonly delay: number } }[],
  ): Promise<unknown>;
  close(): Promise<void>;
}

interface MessageWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  close(force: boolean): Promise<void>;
}

interface Connected {
  readonly queue: MessageQueue;
  readonly worker: MessageWorker;
}

interface Opening {
  readonly url: string;
  readonly name: string;
  readonly receive: (message: Message) => Promise<void>;
}

const TELLING = { streams: { events: { maxLen: MOST_TOLD } } } as const;
const SENDING = { defaultJobOptions: LEAVE_NOTHING, ...TELLING } as const;
/** Neither locks are prolonged nor stalled messages looked for: one that is lost with its node is made good by the sweep. */
const RECEIVING = { autorun: false, skipLockRenewal: true, skipStalledCheck: true, concurrency: 4 } as const;

// BullMQ is loaded only here: it is as much to load as all else of a command that works on no run.
async function openOnPostgres({ url, name, receive }: Opening): Promise<Connected> {
  const { createPostgresBackend, withBackend } = await import('bullmq');
  const bull = withBackend(createPostgresBackend);
  const connection = { connectionString: url, schema: SCHEMA, migrate: true, max: CONNECTIONS };
  return {
    queue: new bull.Queue(name, { connection, ...SENDING }),
    worker: new bull.Worker(name, receive, { connection, ...RECEIVING }),
  };
}

async function openOnRedis({ url, name, receive }: Opening): Promise<Connected> {
  const { createRedisBackend, withBackend } = await import('bullmq');
  const bull = withBackend(createRedisBackend);
  const connection = { url, maxRetriesPerRequest: null };
  return {
    queue: new bull.Queue(name, { connection, ...SENDING }),
    worker: new bull.Worker(name, receive, { connection, ...RECEIVING }),
  };
}

/**
 * A dispatcher for many nodes: what one accepts wakes one of all. Messages may be lost, with the server or with the node
 * that got them, since every node sweeps; a node that cannot send one wakes itself.
 */
export function createBullmqDispatcher(params: BullmqDispatcherParams): Dispatcher {
  return new BullmqDispatcher(params);
}

class BullmqDispatcher implements Dispatcher {
  readonly #params: BullmqDispatcherParams;
  readonly #batches = new HintBatches((batches) => void this.#send(batches), MOST_IN_MESSAGE);
  #connected: Connected | undefined;
  #onWake: ((runs: readonly RunId[]) => void) | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #isFailing = false;

  constructor(params: BullmqDispatcherParams) {
    this.#params = params;
  }

  async start(onWake: (runs: readonly RunId[]) => void): Promise<void> {
    this.#connected ??= await this.#connect();
    this.#onWake = onWake;
    clearInterval(this.#sweep);
    this.#sweep = setInterval(() => onWake([]), this.#params.sweepMs ?? SWEEP_MS).unref();
  }

  /** Resolves at once: who commits a run does not wait for a message about it. */
  async kick(hints: readonly WakeHint[]): Promise<void> {
    if (this.#onWake !== undefined) this.#batches.add(hints, this.#params.clock.now());
  }

  async stop(): Promise<void> {
    this.#onWake = undefined;
    clearInterval(this.#sweep);
    this.#batches.clear();
    const connected = this.#connected;
    this.#connected = undefined;
    // Forced: a message under way is only a hint.
    await connected?.worker.close(true).catch(() => undefined);
    await connected?.queue.close().catch(() => undefined);
  }

  async #connect(): Promise<Connected> {
    const { url, installId } = this.#params;
    const receive = async ({ data }: Message): Promise<void> => {
      this.#isFailing = false;
      this.#onWake?.(data.runs);
    };
    const open = isPostgres(url) ? openOnPostgres : openOnRedis;
    const connected = await open({ url, name: `mapwright-${installId}`, receive });
    connected.queue.on('error', (error) => this.#tellFault(error));
    connected.worker.on('error', (error) => this.#tellFault(error));
    await Promise.all([connected.queue.waitUntilReady(), connected.worker.waitUntilReady()]);
    connected.worker.run().catch((error: unknown) => this.#tellFault(error));
    return connected;
  }

  async #send(batches: readonly HintBatch[]): Promise<void> {
    try {
      await this.#connected?.queue.addBulk(
        batches.map(({ runs, delayMs }) => ({ name: 'due', data: { runs }, opts: { delay: delayMs } })),
      );
    } catch (error) {
      this.#tellFault(error);
      for (const { runs, delayMs } of batches) if (delayMs === 0) this.#onWake?.(runs);
    }
  }

  #tellFault(error: unknown): void {
    if (this.#onWake !== undefined && !this.#isFailing) this.#params.onFault(error);
    this.#isFailing = true;
  }
}

function isPostgres(url: string): boolean {
  return /^postgres(?:ql)?:/u.test(url);
}
