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
  const active = new Map<RunId, ActiveRun>();
  const { owner, capacity, leaseMs } = options;
  let isStopping = false;
  let isClaiming = false;
  let isClaimWanted = false;
  let heartbeat: NodeJS.Timeout | undefined;

  function launch(lease: Lease): Promise<void> {
    const abort = new AbortController();
    const done = interpretRun(engine, lease, { signal: abort.signal, isStopping: () => isStopping }).then(() => {
      // A run that was lost and claimed again meanwhile has an entry of its own by now.
      if (active.get(lease.run.id)?.abort === abort) active.delete(lease.run.id);
      if (isClaimWanted) void claimDue();
    });
    active.set(lease.run.id, { lease, abort, done });
    return done;
  }

  async function claimDue(): Promise<Promise<void>[]> {
    isClaimWanted = true;
    if (isClaiming || isStopping) return [];
    isClaiming = true;
    const launched: Promise<void>[] = [];
    try {
      while (isClaimWanted && active.size < capacity && !isStopping) {
        isClaimWanted = false;
        const limit = capacity - active.size;
        const leases = await engine.journal.claimDue({ owner, limit, now: engine.clock.now(), leaseMs });
        for (const lease of leases) launched.push(launch(lease));
        // A full answer means that there may be more.
        isClaimWanted ||= leases.length === limit;
      }
    } catch (error) {
      engine.onEvent({ kind: 'fault', run: undefined, error });
    } finally {
      isClaiming = false;
    }
    return launched;
  }

  async function beat(): Promise<void> {
    const leases = [...active.values()].map((run) => run.lease);
    if (leases.length === 0) return;
    try {
      const lost = await engine.journal.heartbeat({ leases, now: engine.clock.now(), leaseMs });
      for (const id of lost) active.get(id)?.abort.abort();
    } catch (error) {
      engine.onEvent({ kind: 'fault', run: undefined, error });
    }
  }

  return {
    async start() {
      await engine.journal.takeOver({ owner, now: engine.clock.now() });
      heartbeat = setInterval(() => void beat(), leaseMs / 3);
      await engine.dispatcher.start(() => void claimDue());
      void claimDue();
    },
    async tick() {
      await Promise.all(await claimDue());
    },
    async stop(graceMs) {
      isStopping = true;
      await engine.dispatcher.stop();
      const grace = setTimeout(() => {
        for (const run of active.values()) run.abort.abort();
      }, graceMs);
      await Promise.all([...active.values()].map((run) => run.done));
      clearTimeout(grace);
      clearInterval(heartbeat);
    },
  };
}
