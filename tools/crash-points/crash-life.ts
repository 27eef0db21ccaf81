import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/core/clock.ts';
import { MapwrightError, messageOf } from '../../src/core/error.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { createQueueWorker } from '../../src/server/webservice/queue-worker.ts';
import type { Store } from '../../src/store/store.ts';
import { callersOf } from './crash-callers.ts';
import { clockOfLife } from './crash-clock.ts';
import { byClock } from './life-clock.ts';
import { type PassPlace, crashingStore } from './crashing-store.ts';
import type { Act, CrashScenario, CrashWorld } from './scenario.ts';

/** One life of an install. */
export interface LifeParams {
  readonly scenario: CrashScenario;
  readonly folder: string;
  /** `postgres://...`; undefined: SQLite in the folder. */
  readonly database: string | undefined;
  /** 0 for the first; later ones begin when whatever the last one held is free. */
  readonly life: number;
  /** Names of acts that were answered before. */
  readonly answered: readonly string[];
  /** The address of the other side. */
  readonly peer: string;
  readonly onPlace: PassPlace;
  readonly onAnswer: (act: string) => void;
  readonly onFault: (fault: string) => void;
  /** What the install works on in the place of its store. */
  readonly sabotage?: ((store: Store) => Store) | undefined;
  /** Resolves when the process may begin to work; until then it stands by. */
  readonly begin?: Promise<void>;
}

/** Only what never comes takes longer, on however busy a machine. */
const LONGEST_WAIT_MS = 180_000;
const POLL_MS = 10;
const LEASE_MS = 9_000;
const MANY = 8;

/** Does what has no answer yet, works until nothing is left to do, and ends as a process that is asked to. */
export function live(params: LifeParams): Promise<void> {
  const clock = clockOfLife(params.life);
  return byClock(clock, () => liveBy(clock, params));
}

async function liveBy(clock: Clock, params: LifeParams): Promise<void> {
  const { scenario, folder, database, onPlace } = params;
  let store: Store | undefined;
  const install = await openInstall({
    folder,
    database,
    clock,
    env: {},
    leaseMs: LEASE_MS,
    capacity: scenario.isAtOnce === true ? MANY : 1,
    withStore: (opened) => (store = crashingStore(params.sabotage?.(opened) ?? opened, onPlace)),
    onEvent(event) {
      if (event.kind === 'fault') params.onFault(messageOf(event.error));
    },
  });
  const service = { ...install, settings: install.administration, clock, ids: { next: randomUUID }, randomBytes };
  const queue = createQueueWorker(
    { ...service, log: ({ error }) => params.onFault(messageOf(error)) },
    install.operations,
  );
  try {
    await params.begin;
    await install.startWorker();
    queue.start();
    const callers = callersOf({ install, service: { ...service, queue }, clock });
    const world = {
      install,
      until,
      ...callers,
      tellPeer: async (word: string) => void (await fetch(`${params.peer}/said/${word}`)),
    };
    await actAll(world, params);
    await until('all has ended', async () => ((await isIdle(world, scenario, store)) ? true : undefined));
  } finally {
    await queue.stop();
    await install.close();
  }
}

async function actAll(world: CrashWorld, { scenario, answered, onAnswer }: LifeParams): Promise<void> {
  const open = scenario.acts.filter(({ name }) => !answered.includes(name));
  const act = async (one: Act): Promise<void> => {
    await carryOut(world, one);
    onAnswer(one.name);
  };
  if (scenario.isAtOnce === true) await Promise.all(open.map(act));
  else for (const one of open) await act(one);
}

async function carryOut(world: CrashWorld, { carryOut: act, doneIf = [] }: Act): Promise<void> {
  try {
    await act(world);
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || !doneIf.includes(thrown.code)) throw thrown;
  }
}

/** Nothing is left that goes on by itself: what waits for a person may stay. */
async function isIdle(world: CrashWorld, scenario: CrashScenario, store: Store | undefined): Promise<boolean> {
  if (store === undefined) throw new Error('the install was opened without its store');
  if (scenario.isDone !== undefined && !(await scenario.isDone(world))) return false;
  const runs = await store.journal.runs({ status: ['pending', 'running'], limit: 10_000 });
  if (runs.some(({ wait }) => wait?.for !== 'person' && wait?.for !== 'lane')) return false;
  const jobs = await store.inbox.jobs({ limit: 1_000 });
  if (jobs.some(({ state }) => state === 'running' || state === 'undoing')) return false;
  const schedules = await store.schedules.schedules();
  if (schedules.some(({ work }) => work !== undefined)) return false;
  const waiting = [await store.deliveries.nextDue(), await store.operations.nextDue()];
  return waiting.every((due) => due === undefined);
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await pause(POLL_MS);
  }
}
