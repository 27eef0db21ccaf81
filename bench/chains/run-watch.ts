import type { EngineEvent } from '../../src/runtime/install.ts';

const STALL_MS = 120_000;

/** Sees runs end, through the events of an install that this process has opened. */
export class RunWatch {
  /** When each run ended, on the scale of `performance.now()`. */
  readonly endedAt = new Map<number, number>();
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #unclaimed = 0;
  #failure: Error | undefined;

  /** For `openInstall`. */
  readonly onEvent = (event: EngineEvent): void => {
    const problem = problemOf(event);
    if (problem !== undefined) return this.#fail(new Error(problem));
    if (event.kind !== 'run-ended') return;
    this.endedAt.set(event.run, performance.now());
    const next = this.#waiting.shift();
    if (next === undefined) this.#unclaimed++;
    else next.resolve();
  };

  /**
   * Resolves for one end of a run, each end for one caller. Rejects when a run has ended otherwise than completed, and when
   * none has ended for two minutes.
   */
  async nextEnd(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#unclaimed > 0) return void this.#unclaimed--;
    const end = Promise.withResolvers<void>();
    this.#waiting.push(end);
    const timer = setTimeout(() => this.#fail(new Error(`a run has not ended for ${STALL_MS} ms`)), STALL_MS);
    await end.promise.finally(() => clearTimeout(timer));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const end of this.#waiting.splice(0)) end.reject(error);
  }
}

/** Why the chains do not go as they should; a run may wait for a place, and for nothing else here. */
function problemOf(event: EngineEvent): string | undefined {
  switch (event.kind) {
    case 'fault':
      return `run ${event.run ?? ''} fault: ${String(event.error)}`;
    case 'run-fenced':
      return `run ${event.run} was lost`;
    case 'run-waiting':
      return event.wait.for === 'limit' ? undefined : `run ${event.run} waits: ${event.wait.reason}`;
    case 'run-ended':
      return event.status === 'completed' ? undefined : `run ${event.run} ${event.status}: ${event.failure?.message}`;
    default:
      return undefined;
  }
}
