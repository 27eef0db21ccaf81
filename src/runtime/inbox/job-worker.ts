import { MapwrightError, messageOf } from '../../core/error.ts';
import type { InboxJob, InboxJobPart } from '../../core/inbox.ts';
import type { RunId } from '../../core/run.ts';
import { openedCommand } from '../../engine/intervention/sealed-command.ts';
import { commandRun, type RunControlParts, takeBack } from './run-control.ts';

const PART = 200;
const AT_ONCE = 100;
const LEASE_MS = 9_000;
const POLL_MS = 2_000;

/** Carries out commands on many runs, part by part, beside everything else. */
export interface JobWorker {
  start(): void;
  /** There may be something to do. */
  wake(): void;
  /** Carries out one part; false when there was none. */
  tick(): Promise<boolean>;
  /** Resolves when the part under way has been carried out. */
  stop(): Promise<void>;
}

/**
 * A worker of jobs. What became of a run is stored in the commit that carries the command out, so a crash at any point
 * repeats nothing and leaves nothing out; on several nodes a job is carried out by one at a time.
 * @param owner names this process among the nodes
 */
export function createJobWorker(parts: RunControlParts, owner: string): JobWorker {
  return new PollingJobWorker(parts, owner);
}

class PollingJobWorker implements JobWorker {
  readonly #parts: RunControlParts;
  readonly #owner: string;
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #working: Promise<void> | undefined;

  constructor(parts: RunControlParts, owner: string) {
    this.#parts = parts;
    this.#owner = owner;
  }

  start(): void {
    this.#isStarted = true;
    this.#timer = setInterval(() => this.wake(), POLL_MS);
    this.#timer.unref();
    this.wake();
  }

  wake(): void {
    if (this.#isStarted) this.#working ??= this.#workOff();
  }

  async tick(): Promise<boolean> {
    const { store, engine } = this.#parts;
    const now = engine.clock.now();
    const part = await store.inbox.claimJob({ owner: this.#owner, now, leaseMs: LEASE_MS, limit: PART });
    if (part === undefined) return false;
    await carryOut(this.#parts, part);
    return true;
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    clearInterval(this.#timer);
    await this.#working;
  }

  async #workOff(): Promise<void> {
    try {
      while (this.#isStarted && (await this.tick()));
    } catch (error) {
      // What was not stored is found again when the database can be reached.
      this.#parts.engine.onEvent({ kind: 'fault', run: undefined, error });
    } finally {
      this.#working = undefined;
    }
  }
}

async function carryOut(parts: RunControlParts, { job, runs, dueFrom }: InboxJobPart): Promise<void> {
  const act = job.state === 'undoing' ? undoOne : doOne;
  for (let from = 0; from < runs.length; from += AT_ONCE) {
    const some = runs.slice(from, from + AT_ONCE);
    await Promise.all(
      some.map((run, index) => {
        const dueAt = dueFrom + Math.floor(((from + index) * 1000) / job.perSecond);
        return act(parts, { job, run, dueAt });
      }),
    );
  }
}

interface JobRun {
  readonly job: InboxJob;
  readonly run: RunId;
  readonly dueAt: number;
}

async function doOne(parts: RunControlParts, { job, run, dueAt }: JobRun): Promise<void> {
  try {
    const command = openedCommand(parts.engine.sealer, job.command);
    await commandRun(parts, { run, command, head: headOf(parts, job), dueAt });
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code === 'STORE_UNAVAILABLE') throw thrown;
    await settle(parts, { job, run, state: 'refused', code: thrown.code, message: messageOf(thrown) });
  }
}

async function undoOne(parts: RunControlParts, { job, run }: JobRun): Promise<void> {
  if (await takeBack(parts, { run, head: headOf(parts, job) })) return;
  await settle(parts, {
    job,
    run,
    state: 'kept',
    code: 'RUN_COMMAND_LATE',
    message: 'it had begun, or cannot be taken back',
  });
}

function headOf({ engine }: RunControlParts, { id, by, origin, reason }: InboxJob) {
  return { by, origin, reason, at: engine.clock.now(), job: id };
}

async function settle(
  { store, engine }: RunControlParts,
  given: {
    readonly job: InboxJob;
    readonly run: RunId;
    readonly state: 'refused' | 'kept';
    readonly code: string;
    readonly message: string;
  },
): Promise<void> {
  await store.inbox.settleItem({ ...given, job: given.job.id, at: engine.clock.now() });
}
