import type { Clock } from '../core/clock.ts';
import type { Dispatcher, WakeHint } from '../core/dispatcher.ts';
import { type HintChannel, MOST_HINTS_AT_ONCE } from '../core/hint-channel.ts';
import type { RunId } from '../core/run.ts';
import { type HintBatch, HintBatches } from './hint-batches.ts';
import { createLocalDispatcher } from './local-dispatcher.ts';

export interface NodesDispatcherParams {
  readonly channel: HintChannel;
  readonly clock: Clock;
  readonly sweepMs?: number;
}

/** A node looks for runs of others so often at most: what the one that accepted them has room for is gone by then. */
const OTHERS_EVERY_MS = 250;

/**
 * A dispatcher for one of many nodes. What is due now wakes this node at once, and the others a moment later, for what this
 * one has no room for, or is not going to do since it stops. What is due later is kept in mind here; when this process dies,
 * the sweep of another finds it.
 */
export function createNodesDispatcher(params: NodesDispatcherParams): Dispatcher {
  return new NodesDispatcher(params);
}

class NodesDispatcher implements Dispatcher {
  readonly #channel: HintChannel;
  readonly #clock: Clock;
  readonly #own: Dispatcher;
  readonly #batches = new HintBatches((batches) => void this.#send(batches), MOST_HINTS_AT_ONCE);
  #onWake: ((runs: readonly RunId[]) => void) | undefined;
  readonly #heard = new Set<RunId>();
  #look: NodeJS.Timeout | undefined;

  constructor({ channel, clock, sweepMs }: NodesDispatcherParams) {
    this.#channel = channel;
    this.#clock = clock;
    this.#own = createLocalDispatcher({ clock, ...(sweepMs === undefined ? {} : { sweepMs }) });
  }

  async start(onWake: (runs: readonly RunId[]) => void): Promise<void> {
    this.#onWake = onWake;
    await this.#own.start(onWake);
    // It goes on trying, and sweeps meanwhile.
    await this.#channel.listen((runs) => this.#hear(runs)).catch(() => undefined);
  }

  /** Resolves at once. Also before the start and after the stop: others hear of it. */
  async kick(hints: readonly WakeHint[]): Promise<void> {
    const now = this.#clock.now();
    await this.#own.kick(hints);
    this.#batches.add(
      hints.filter(({ at = now }) => at <= now),
      now,
    );
  }

  async stop(): Promise<void> {
    this.#onWake = undefined;
    clearTimeout(this.#look);
    this.#look = undefined;
    this.#heard.clear();
    await this.#own.stop();
    await this.#channel.silence();
  }

  async #send(batches: readonly HintBatch[]): Promise<void> {
    // Lost hints are made good by sweeps.
    await Promise.all(batches.map(({ runs }) => this.#channel.send(runs).catch(() => undefined)));
  }

  #hear(runs: readonly RunId[]): void {
    if (this.#onWake === undefined) return;
    for (const run of runs) this.#heard.add(run);
    this.#look ??= setTimeout(() => {
      const heard = [...this.#heard];
      this.#look = undefined;
      this.#heard.clear();
      this.#onWake?.(heard);
    }, OTHERS_EVERY_MS).unref();
  }
}
