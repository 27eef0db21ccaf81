import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { hasErrors } from '../../src/core/diagnostic.ts';
import type { EngineEvent } from '../../src/engine/engine-event.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { type Install, openInstall } from '../../src/runtime/install.ts';

const ACTOR = { user: '19x1' };
const POLL_MS = 50;
const PARKING_POLL_MS = 500;
/** Longer than the pause after which the crowd tries again. */
const QUIET_MS = 700;
const LONGEST_QUIET_WAIT_MS = 20_000;
/** How often somebody looks at what there is, as a dashboard and a scraper do. */
const LOOK_MS = 500;
const NANOSECONDS = 1_000_000;

/** One bystander from its save to the end of its run. */
export interface Sample {
  readonly wallMs: number;
  /** Processor time that the main thread spent meanwhile, on this run and on others. */
  readonly workMs: number;
}

/** What one slice of time has shown. */
export interface Slice {
  readonly samples: readonly Sample[];
  /** The longest that the event loop has kept anybody waiting. */
  readonly stallMs: number;
  /** Processor time of the main thread for each save, the crowd's included. */
  readonly mainThreadMs: number;
}

export interface BystanderSetup {
  readonly folder: string;
  /** Undefined: on SQLite in the folder. */
  readonly database: string | undefined;
  readonly documents: readonly SourceFile[];
  readonly settings: Readonly<Record<string, string>>;
}

export interface SliceParams {
  readonly ms: number;
  /** Made one after the other over the slice, each of which starts the runs of the crowd. */
  readonly orders: number;
  /** True: what waits is read meanwhile. */
  readonly isWatched: boolean;
}

/** An install whose runs to a healthy peer are timed while a crowd of its other runs has its troubles. */
export function createBystander() {
  let install: Install | undefined;
  let count = 0;
  let ended = Promise.withResolvers<void>();
  const opened = (): Install => {
    if (install === undefined) throw new Error('no install is open');
    return install;
  };
  const onEvent = (event: EngineEvent): void => {
    if (event.kind === 'run-ended' && event.workflow === 'part-created') ended.resolve();
  };
  const sample = async (): Promise<Sample> => {
    ended = Promise.withResolvers<void>();
    const [begun, usedBefore] = [performance.now(), mainThreadMs()];
    await opened().crm.create({ actor: ACTOR, module: 'Parts', element: { partname: `Part ${++count}` } });
    await ended.promise;
    return { wallMs: performance.now() - begun, workMs: mainThreadMs() - usedBefore };
  };
  const order = async (): Promise<void> => {
    await opened().crm.create({ actor: ACTOR, module: 'Orders', element: { order_no: `O-${++count}` } });
  };
  return {
    async open({ folder, database, documents, settings }: BystanderSetup): Promise<void> {
      install = await openInstall({ folder, database, env: {}, onEvent });
      const { administration } = install;
      for (const [name, value] of Object.entries(settings)) await administration.setSetting({ name, value });
      const { diagnostics } = await administration.apply({ documents, prune: false, dryRun: false, by: 'bench' });
      if (hasErrors(diagnostics)) throw new Error(`${diagnostics[0]?.file}: ${diagnostics[0]?.message}`);
      await install.startWorker();
    },
    /** Makes orders as fast as can be. */
    async orders({ orders }: { readonly orders: number }): Promise<void> {
      await Promise.all(Array.from({ length: orders }, order));
    },
    /** Resolves once so many runs wait for their time. */
    async parked({ runs }: { readonly runs: number }): Promise<void> {
      // Those that wait for a place are still to make their calls.
      const { observation, engine } = opened();
      const inTime = async (): Promise<number> =>
        (await observation.store.backlog(engine.clock.now())).waiting.time.count;
      while ((await inTime()) < runs) await pause(PARKING_POLL_MS);
    },
    async slice({ ms, orders, isWatched }: SliceParams): Promise<Slice> {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      const [endAt, usedBefore] = [performance.now() + ms, mainThreadMs()];
      const timers = [
        ...Array.from({ length: orders }, (_, index) => setTimeout(() => void order(), (index * ms) / orders)),
        ...(isWatched ? [setInterval(() => void look(opened()), LOOK_MS)] : []),
      ];
      delay.enable();
      const samples: Sample[] = [];
      while (performance.now() < endAt) samples.push(await sample());
      delay.disable();
      for (const timer of timers) clearTimeout(timer);
      const stallMs = delay.max / NANOSECONDS;
      return { samples, stallMs, mainThreadMs: (mainThreadMs() - usedBefore) / samples.length };
    },
    /** Resolves once no call has been under way for a while. */
    async quiet(): Promise<void> {
      const giveUpAt = performance.now() + LONGEST_QUIET_WAIT_MS;
      let since = performance.now();
      while (performance.now() < Math.min(giveUpAt, since + QUIET_MS)) {
        if (
          opened()
            .engine.gate.uses()
            .some(({ underWay }) => underWay > 0)
        )
          since = performance.now();
        await pause(POLL_MS);
      }
    },
    close: async (): Promise<void> => install?.close(0),
  };
}

/** What a page of runs, the inbox and a scrape of the metrics ask. */
async function look({ engine, administration, observation }: Install): Promise<void> {
  await observation.store.backlog(engine.clock.now());
  await observation.unresolved();
  await administration.status();
  await engine.journal.runs({ limit: 50 });
}

function mainThreadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
