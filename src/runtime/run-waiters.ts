import { setTimeout as pause } from 'node:timers/promises';
import { MapwrightError } from '../core/error.ts';
import type { Json } from '../core/json.ts';
import type { Journal } from '../core/journal.ts';
import type { RecordImage } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import { type Failure, type Run, type RunId, type RunStatus, isFinal } from '../core/run.ts';
import type { Sealer } from '../core/secret-store.ts';
import { openedValue } from '../engine/stored-context.ts';
import type { EventHub } from './event-hub.ts';

/** How a run has ended, and what it left. */
export interface FinishedRun {
  readonly id: RunId;
  readonly workflow: string;
  readonly status: Extract<RunStatus, 'completed' | 'failed' | 'canceled'>;
  /** Why it did not complete. */
  readonly failure: Failure | undefined;
  /** True when an error plan led the run to its end: never a clean success. */
  readonly handled: boolean;
  /** The context at the end; sensitive values as dots. */
  readonly context: Readonly<Record<string, Json>>;
  /** The record as it is now; undefined when the run has none, or it was deleted. */
  readonly record: RecordImage | undefined;
}

/** Until when to wait for a run. */
export interface WaitOptions {
  /** Milliseconds; without it the wait has no end but the run's, and a run may wait for a person for days. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Parts {
  readonly journal: Pick<Journal, 'run'>;
  readonly host: Pick<RecordHost, 'read'>;
  readonly sealer: Sealer;
  readonly events: EventHub;
}

const DOTS = '••••';

/** Those who wait for runs to end. One listener serves all of them. */
export class RunWaiters {
  readonly #parts: Parts;
  readonly #waiting = new Map<RunId, Set<() => void>>();
  readonly #closing = new AbortController();
  #stopListening: (() => void) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the run has ended, at once for one that has. Rejects with RUN_UNKNOWN; with RUN_NOT_FINISHED at the
   * time limit and RUNTIME_CLOSED when the runtime closes, the run going on in both; with the signal's reason.
   */
  async finished(id: RunId, { timeoutMs, signal }: WaitOptions = {}): Promise<FinishedRun> {
    this.#closing.signal.throwIfAborted();
    const giveUp = new AbortController();
    // Listening comes before the look: a run that ends in between is not missed.
    const ended = this.#ended(id, giveUp.signal);
    try {
      const run = await this.#read(id);
      if (isFinal(run.status)) return await this.#tell(run);
      const stops = [rejectedBy(this.#closing.signal, giveUp.signal)];
      if (signal !== undefined) stops.push(rejectedBy(signal, giveUp.signal));
      if (timeoutMs !== undefined) stops.push(rejectedAfter(id, timeoutMs, giveUp.signal));
      await Promise.race([ended, ...stops]);
      return await this.#tell(await this.#read(id));
    } finally {
      giveUp.abort();
    }
  }

  /** Ends every wait. */
  close(): void {
    const message = 'the runtime was closed before the run had ended; it goes on when the install is opened again';
    this.#closing.abort(new MapwrightError('RUNTIME_CLOSED', message, { retryable: true }));
  }

  /** Resolves at the end of the run, or when it is given up. */
  #ended(id: RunId, givenUp: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting.add(resolve));
    this.#stopListening ??= this.#parts.events.on('run-ended', ({ run }) => {
      for (const tell of this.#waiting.get(run) ?? []) tell();
    });
    givenUp.addEventListener('abort', () => {
      resolve();
      waiting.delete(resolve);
      if (waiting.size === 0 && this.#waiting.get(id) === waiting) this.#waiting.delete(id);
      if (this.#waiting.size > 0) return;
      this.#stopListening?.();
      this.#stopListening = undefined;
    });
    return promise;
  }

  async #read(id: RunId): Promise<Run> {
    const run = await this.#parts.journal.run(id);
    if (run === undefined) throw new MapwrightError('RUN_UNKNOWN', `there is no run ${id}`);
    return run;
  }

  async #tell(run: Run): Promise<FinishedRun> {
    const { id, workflow, status, failure, handled, context, recordId } = run;
    if (status === 'pending' || status === 'running') throw notFinished(id);
    return {
      id,
      workflow,
      status,
      failure,
      handled,
      context: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, this.#shown(value)])),
      record: recordId === undefined ? undefined : await this.#parts.host.read(recordId),
    };
  }

  #shown(stored: Json): Json {
    const { value, isSensitive } = openedValue(this.#parts.sealer, stored);
    return isSensitive ? DOTS : value;
  }
}

function rejectedBy(signal: AbortSignal, givenUp: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true, signal: givenUp });
  });
}

async function rejectedAfter(id: RunId, timeoutMs: number, givenUp: AbortSignal): Promise<never> {
  // Given up: the race is over, and nobody looks at this any more.
  await pause(timeoutMs, undefined, { signal: givenUp }).catch(() => undefined);
  throw notFinished(id);
}

function notFinished(id: RunId): MapwrightError {
  return new MapwrightError('RUN_NOT_FINISHED', `run ${id} has not ended within the time given; it goes on`, {
    hint: 'wait again, or listen to the event run-ended',
    retryable: true,
  });
}
