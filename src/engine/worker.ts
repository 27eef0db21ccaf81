import type { Lease, RunId } from '../core/run.ts';
import type { Engine } from './engine.ts';
import { interpretRun } from './interpreter.ts';

export interface WorkerOptions {
  /** Names this process among those that hold leases. */
  readonly owner: string;
  /** Runs worked on at once. */
  readonly capacity: number;
  readonly leaseMs: number;
}

/** Claims due runs and works on them. */
export interface Worker {
  /** Takes over what an earlier process of this install left, and begins. */
  start(): Promise<void>;
  /** Claims and works off what is due now, once; resolves when those runs have ended or wait. */
  tick(): Promise<void>;
  /** Claims no more, lets calls under way end for up to `graceMs`, and hands the rest back. */
  stop(graceMs: number): Promise<void>;
}

interface ActiveRun {
  readonly lease: Lease;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** One process's share of the work, woken by the dispatcher. */
export function createWorker(engine: Engine, options: WorkerOptions): Worker {
  return new ClaimingWorker(engine, options);
}

class ClaimingWorker implements Worker {
  readonly #engine: Engine;
  readonly #options: WorkerOptions;
  readonly #active = new Map<RunId, ActiveRun>();
  #isStopping = false;
  #isClaiming = false;
  #isClaimWanted = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #beatAt = 0;

  constructor(engine: Engine, options: WorkerOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { journal, dispatcher, clock } = this.#engine;
    await journal.takeOver({ owner: this.#options.owner, now: clock.now() });
    this.#heartbeat = setInterval(() => void this.#beat(), this.#options.leaseMs / 3);
    await dispatcher.start(() => void this.#claimDue());
    void this.#claimDue();
  }

  async tick(): Promise<void> {
    await Promise.all(await this.#claimDue());
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    await this.#engine.dispatcher.stop();
    const grace = setTimeout(() => {
      for (const run of this.#active.values()) run.abort.abort();
    }, graceMs);
    await Promise.all([...this.#active.values()].map((run) => run.done));
    clearTimeout(grace);
    clearInterval(this.#heartbeat);
  }

  /** Claims as many due runs as there is room for; wishes that come while it claims are met by the same loop. */
  async #claimDue(): Promise<Promise<void>[]> {
    this.#isClaimWanted = true;
    if (this.#isClaiming) return [];
    this.#isClaiming = true;
    const launched: Promise<void>[] = [];
    try {
      while (this.#isClaimWanted && this.#room() > 0) {
        this.#isClaimWanted = false;
        launched.push(...(await this.#claimOnce()));
      }
    } catch (error) {
      this.#engine.onEvent({ kind: 'fault', run: undefined, error });
    } finally {
      this.#isClaiming = false;
    }
    return launched;
  }

  #room(): number {
    return this.#isStopping ? 0 : this.#options.capacity - this.#active.size;
  }

  async #claimOnce(): Promise<Promise<void>[]> {
    const { journal, clock } = this.#engine;
    const { owner, leaseMs } = this.#options;
    // The clock was set forward, or the machine slept: what we hold looks abandoned, and we would take it from ourselves.
    if (clock.now() - this.#beatAt > leaseMs) await this.#beat();
    const limit = this.#room();
    const leases = await journal.claimDue({ owner, limit, now: clock.now(), leaseMs });
    // A full answer means that there may be more.
    this.#isClaimWanted ||= leases.length === limit;
    return leases.map((lease) => this.#launch(lease));
  }

  #launch(lease: Lease): Promise<void> {
    const abort = new AbortController();
    const control = { signal: abort.signal, isStopping: () => this.#isStopping };
    const done = interpretRun(this.#engine, lease, control).then(() => {
      // A run that was lost and claimed again meanwhile has an entry of its own by now.
      if (this.#active.get(lease.run.id)?.abort === abort) this.#active.delete(lease.run.id);
      if (this.#isClaimWanted) void this.#claimDue();
    });
    this.#active.set(lease.run.id, { lease, abort, done });
    return done;
  }

  async #beat(): Promise<void> {
    const { journal, clock } = this.#engine;
    this.#beatAt = clock.now();
    const leases = [...this.#active.values()].map((run) => run.lease);
    if (leases.length === 0) return;
    try {
      const lost = await journal.heartbeat({ leases, now: clock.now(), leaseMs: this.#options.leaseMs });
      for (const id of lost) this.#active.get(id)?.abort.abort();
    } catch (error) {
      this.#engine.onEvent({ kind: 'fault', run: undefined, error });
    }
  }
}
