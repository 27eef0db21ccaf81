import type { Journal, Settlement, SettleResult } from '../core/journal.ts';
import type { Lease, RunId } from '../core/run.ts';
import type { Engine } from './engine.ts';
import { interpretRun } from './interpreter.ts';

export interface WorkerOptions {
  /** Names this process among those that hold leases. */
  readonly owner: string;
  /** Runs worked on at once. */
  readonly capacity: number;
  readonly leaseMs: number;
  /** True when no other process can claim runs: what is held stays held, however long the database takes no change. */
  readonly isAlone?: boolean;
  /** False while it cannot be told which runs others hold; always true when left out. */
  readonly mayClaim?: () => Promise<boolean>;
}

/** Claims due runs and works on them. */
export interface Worker {
  /** Takes over what an earlier process of this install left, and begins. */
  start(): Promise<void>;
  /** Claims and works off what is due now, once; resolves when those runs have ended or wait. */
  tick(): Promise<void>;
  /**
   * Claims no more, lets calls under way end for up to `graceMs`, and hands the rest back: others may go on with it at
   * once. Safe to repeat; the first one's grace counts.
   */
  stop(graceMs: number): Promise<void>;
}

interface ActiveRun {
  readonly lease: Lease;
  readonly abort: AbortController;
  /** How long nobody else may claim it, as far as this process knows; milliseconds since the epoch. */
  heldUntil: number;
  /** True while a commit is under way that gives the lease back. */
  isLeaving: boolean;
  done: Promise<void>;
}

/** Leases are prolonged so often while one lasts. */
const BEATS_PER_LEASE = 3;
/** Between two beats it is looked so often whether one is overdue. */
const LOOKS_PER_BEAT = 3;
/** Prolonging a lease that was found to be over is tried so often: the answer may have been on its way for too long. */
const CONFIRMATIONS = 2;

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
  #claiming: Promise<void> | undefined;
  #isClaimWanted = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #beatAt = 0;
  #looks = 0;
  #beating: Promise<void> | undefined;
  #isUnanswered = false;
  #stopping: Promise<void> | undefined;

  constructor(engine: Engine, options: WorkerOptions) {
    const { journal } = engine;
    this.#engine = {
      ...engine,
      journal: { ...journal, settle: (lease, settled) => this.#settle(journal, lease, settled) },
    };
    this.#options = options;
  }

  async start(): Promise<void> {
    const { journal, dispatcher, clock } = this.#engine;
    await journal.takeOver({ owner: this.#options.owner, now: clock.now() });
    this.#heartbeat = setInterval(() => this.#look(), this.#options.leaseMs / BEATS_PER_LEASE / LOOKS_PER_BEAT);
    await dispatcher.start(() => void this.#claimDue());
    void this.#claimDue();
  }

  async tick(): Promise<void> {
    await Promise.all(await this.#claimDue());
  }

  stop(graceMs: number): Promise<void> {
    return (this.#stopping ??= this.#stop(graceMs));
  }

  async #stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    await this.#engine.dispatcher.stop();
    let cutOff: readonly Lease[] = [];
    const grace = setTimeout(() => {
      const left = [...this.#active.values()];
      cutOff = left.map(({ lease }) => lease);
      for (const { abort } of left) abort.abort();
    }, graceMs);
    // A claim that was under way when the stop came may still bring runs; they are handed back before their next step.
    await this.#claiming;
    while (this.#active.size > 0) await Promise.all([...this.#active.values()].map(({ done }) => done));
    clearTimeout(grace);
    clearInterval(this.#heartbeat);
    await this.#letGo(cutOff);
  }

  /** What was cut off is as it was last committed; others need not wait until its leases run out. */
  async #letGo(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    const { journal, dispatcher, clock, onEvent } = this.#engine;
    try {
      await journal.heartbeat({ leases, now: clock.now(), leaseMs: 0 });
      await dispatcher.kick(leases.map(({ run }) => ({ run: run.id })));
    } catch (error) {
      onEvent({ kind: 'fault', run: undefined, error });
    }
  }

  /** Claims as many due runs as there is room for; wishes that come while it claims are met by the same loop. */
  async #claimDue(): Promise<Promise<void>[]> {
    this.#isClaimWanted = true;
    if (this.#isClaiming) return [];
    const claiming = this.#claimWhatFits();
    this.#claiming = claiming.then(() => undefined);
    return claiming;
  }

  async #claimWhatFits(): Promise<Promise<void>[]> {
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
    const { owner, leaseMs, mayClaim } = this.#options;
    // Read before it is judged: a clock that is set in between does no harm.
    const now = clock.now();
    if (mayClaim !== undefined && !(await mayClaim())) return [];
    // The clock was set forward, or the machine slept: what we hold looks abandoned, and we would take it from ourselves.
    if (clock.now() - this.#beatAt > leaseMs || this.#isUnanswered) await this.#beat();
    // The database takes changes again, perhaps, but not that one yet.
    if (this.#isUnanswered) return [];
    const limit = this.#room();
    const leases = await journal.claimDue({ owner, limit, now, leaseMs });
    // A full answer means that there may be more.
    this.#isClaimWanted ||= leases.length === limit;
    return leases.map((lease) => this.#launch(lease, this.#heldFrom(now)));
  }

  #launch(lease: Lease, heldUntil: number): Promise<void> {
    const abort = new AbortController();
    const run: ActiveRun = { lease, abort, heldUntil, isLeaving: false, done: Promise.resolve() };
    this.#active.set(lease.run.id, run);
    const control = {
      signal: abort.signal,
      isStopping: () => this.#isStopping,
      confirmHeld: () => this.#confirmHeld(run),
      mayLeave: () => this.#mayLeave(run),
    };
    run.done = interpretRun(this.#engine, lease, control).then(() => {
      // A run that was lost and claimed again meanwhile has an entry of its own by now.
      if (this.#active.get(lease.run.id) === run) this.#active.delete(lease.run.id);
      if (this.#isClaimWanted) void this.#claimDue();
    });
    return run.done;
  }

  /** Marks a run while its last commit is under way, or has taken effect and is not known to have. */
  async #settle(journal: Journal, lease: Lease, settlement: Settlement): Promise<SettleResult> {
    const active = this.#active.get(lease.run.id);
    const leaving = active?.lease === lease && settlement.then.kind !== 'go-on' ? active : undefined;
    if (leaving === undefined) return journal.settle(lease, settlement);
    leaving.isLeaving = true;
    let result: SettleResult | undefined;
    try {
      return (result = await journal.settle(lease, settlement));
    } finally {
      leaving.isLeaving = result?.kind === 'settled';
    }
  }

  #heldFrom(now: number): number {
    const { leaseMs, isAlone = false } = this.#options;
    return isAlone ? Infinity : now + leaseMs;
  }

  /** A process that was stopped for a while learns only here that others may have taken its runs. */
  async #confirmHeld(run: ActiveRun): Promise<boolean> {
    const isHeld = (): boolean => !run.abort.signal.aborted && this.#engine.clock.now() < run.heldUntil;
    // By a wrong clock nobody can say; the database can, for this moment.
    if ((await this.#options.mayClaim?.()) === false) await this.#beat();
    for (let tries = 0; tries < CONFIRMATIONS && !isHeld() && !run.abort.signal.aborted; tries++) await this.#beat();
    return isHeld();
  }

  #mayLeave(run: ActiveRun): boolean {
    if (this.#engine.clock.now() >= run.heldUntil) this.#giveUp(run);
    return !run.abort.signal.aborted;
  }

  #look(): void {
    // Nobody answers, and others may claim by now what this process holds: what it does could be done twice.
    if (this.#beating !== undefined || this.#isUnanswered) this.#giveUpOverdue();
    if (this.#looks++ % LOOKS_PER_BEAT === 0) void this.#beat();
  }

  #giveUpLost(run: ActiveRun): void {
    // A run that has just ended holds no lease either. A commit that comes too late finds that out itself.
    if (!run.isLeaving && this.#active.get(run.lease.run.id)?.abort === run.abort) this.#giveUp(run);
  }

  #giveUpOverdue(): void {
    const now = this.#engine.clock.now();
    for (const run of this.#active.values()) if (run.heldUntil <= now) this.#giveUp(run);
  }

  #giveUp({ lease, abort }: ActiveRun): void {
    if (abort.signal.aborted) return;
    abort.abort();
    this.#engine.onEvent({ kind: 'run-fenced', run: lease.run.id });
  }

  /** Prolongs what is held; one at a time. */
  #beat(): Promise<void> {
    return (this.#beating ??= this.#prolong().finally(() => (this.#beating = undefined)));
  }

  async #prolong(): Promise<void> {
    const { journal, clock, onEvent } = this.#engine;
    const { leaseMs } = this.#options;
    const now = clock.now();
    this.#beatAt = now;
    const held = [...this.#active.values()].filter(({ abort }) => !abort.signal.aborted);
    this.#isUnanswered &&= held.length > 0;
    if (held.length === 0) return;
    try {
      const lost = new Set(await journal.heartbeat({ leases: held.map(({ lease }) => lease), now, leaseMs }));
      this.#isUnanswered = false;
      for (const run of held) {
        if (lost.has(run.lease.run.id)) this.#giveUpLost(run);
        else run.heldUntil = this.#heldFrom(now);
      }
    } catch (error) {
      this.#isUnanswered = true;
      onEvent({ kind: 'fault', run: undefined, error });
    }
  }
}
