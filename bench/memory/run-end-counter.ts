import type { EngineEvent } from '../../src/runtime/install.ts';

/** Hands each end of a run to one who waits for one; keeps a number, and nothing of the runs. */
export class RunEndCounter {
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #unclaimed = 0;

  /** For `openInstall`. A run that does not complete fails all who wait. */
  readonly onEvent = (event: EngineEvent): void => {
    if (event.kind === 'fault') return this.#fail(new Error(`fault: ${String(event.error)}`));
    if (event.kind !== 'run-ended') return;
    if (event.status !== 'completed') return this.#fail(new Error(`run ${event.run} ${event.status}`));
    const next = this.#waiting.shift();
    if (next === undefined) this.#unclaimed++;
    else next.resolve();
  };

  next(): Promise<void> {
    if (this.#unclaimed > 0) {
      this.#unclaimed--;
      return Promise.resolve();
    }
    const end = Promise.withResolvers<void>();
    this.#waiting.push(end);
    return end.promise;
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
