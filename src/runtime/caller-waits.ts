import type { AwaitedRun, WaitedRun } from '../core/awaited-run.ts';
import type { Journal } from '../core/journal.ts';
import { type Run, type RunId, type RunWait, isFinal } from '../core/run.ts';
import type { EventHub } from './event-hub.ts';

/** How many runs that stand before one in its lane are looked at. */
const LONGEST_LOOK = 20;

/** How late a caller learns of a run that another process has ended. */
const LOOK_EVERY_MS = 250;

/**
 * Keeps callers waiting until the runs they started have ended, for as long as triggers say. A run that begins to wait
 * itself ends the wait: what it waits for may take days.
 */
export class CallerWaits {
  readonly #journal: Pick<Journal, 'run'>;
  readonly #events: EventHub;
  readonly #hasOthers: boolean;
  readonly #answers = new Map<RunId, Set<() => void>>();
  #stopListening: (() => void) | undefined;
  #isOpen = false;

  /** @param parts.hasOthers other processes may work on the runs: their ends are not told here, and are looked for */
  constructor(parts: {
    readonly journal: Pick<Journal, 'run'>;
    readonly events: EventHub;
    readonly hasOthers: boolean;
  }) {
    this.#journal = parts.journal;
    this.#events = parts.events;
    this.#hasOthers = parts.hasOthers;
  }

  /** From now on runs are worked on, so that waiting for them makes sense. */
  open(): void {
    this.#isOpen = true;
  }

  /** Answers everybody at once, and keeps nobody waiting any more. */
  close(): void {
    this.#isOpen = false;
    for (const run of this.#answers.keys()) this.#answer(run);
  }

  /** The runs as they are when all have ended or begun to wait, when their time is up, or when the process stops. */
  async ended(waited: readonly WaitedRun[]): Promise<readonly AwaitedRun[]> {
    const waits = this.#isOpen ? waited.map((one) => this.#wait(one)) : [];
    // Listening comes before the look: a run that ends in between is not missed.
    if (this.#isOpen) await Promise.all(waited.map(({ id }) => this.#look(id)));
    await Promise.all(waits);
    const runs = await Promise.all(waited.map(({ id }) => this.#journal.run(id)));
    return runs.flatMap((run) => (run === undefined ? [] : [awaitedRun(run)]));
  }

  #wait({ id, waitMs }: WaitedRun): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const answers = this.#answers.get(id) ?? new Set();
    this.#answers.set(id, answers.add(resolve));
    this.#stopListening ??= this.#listen();
    const timer = setTimeout(resolve, waitMs);
    const looking = this.#hasOthers
      ? setInterval(() => void this.#look(id).catch(() => undefined), LOOK_EVERY_MS)
      : undefined;
    return promise.finally(() => {
      clearTimeout(timer);
      clearInterval(looking);
      answers.delete(resolve);
      if (answers.size === 0 && this.#answers.get(id) === answers) this.#answers.delete(id);
      if (this.#answers.size > 0) return;
      this.#stopListening?.();
      this.#stopListening = undefined;
    });
  }

  #listen(): () => void {
    const stops = [
      this.#events.on('run-ended', ({ run }) => this.#answer(run)),
      this.#events.on('run-waiting', ({ run, wait }) => (isPatient(wait) ? undefined : this.#answer(run))),
    ];
    return () => stops.forEach((stop) => stop());
  }

  #answer(run: RunId): void {
    for (const answer of this.#answers.get(run) ?? []) answer();
  }

  /** Answers at once for a run that has ended, waits, or stands behind one that waits. */
  async #look(id: RunId): Promise<void> {
    let run = await this.#journal.run(id);
    for (let looks = 0; looks < LONGEST_LOOK && run?.wait?.for === 'lane'; looks++) {
      run = await this.#journal.run(Number(run.wait.key));
    }
    const hasOwnEnd = run !== undefined && run.id === id && isFinal(run.status);
    if (run === undefined || hasOwnEnd || (run.wait !== undefined && !isPatient(run.wait))) this.#answer(id);
  }
}

/** True for waits that are over soon as a rule: for a turn, or a place at a destination. */
function isPatient(wait: RunWait): boolean {
  return wait.for === 'lane' || wait.for === 'limit';
}

/** What a caller is told of a run that it waited for. */
function awaitedRun({ id, workflow, status, wait, failure }: Run): AwaitedRun {
  return {
    id,
    workflow,
    status: wait === undefined ? status : 'waiting',
    ...(failure === undefined ? {} : { code: failure.code }),
  };
}
