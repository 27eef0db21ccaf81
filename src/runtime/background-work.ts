import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { closeAll } from '../core/close-all.ts';
import { emptyUnit } from '../core/unit-of-work.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { type NoticeSender, createNoticeSender } from '../engine/notice/notice-sender.ts';
import { type Scheduler, createScheduler } from '../engine/schedule/scheduler.ts';
import { createWorker } from '../engine/worker.ts';
import type { Store } from '../store/store.ts';
import { type AlertWatch, createAlertWatch } from './alerts/alert-watch.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import type { ComposedEngine } from './compose-engine.ts';
import { createConnectionWatch } from './credential/connection-watch.ts';
import { createHousekeeping, type Housekeeping } from './housekeeping.ts';
import { createJobWorker } from './inbox/job-worker.ts';
import { joinNodes } from './node-membership.ts';
import type { PulseTaker } from './observe/worker-pulse.ts';
import { requireKey } from './secret/require-key.ts';

/** What background work is made of. */
export interface BackgroundParts {
  readonly composed: ComposedEngine;
  readonly store: Store;
  readonly catalog: () => Catalog;
  readonly clock: Clock;
  readonly pulse: PulseTaker;
  /** Puts dots in the place of secrets. */
  readonly mask: (text: string) => string;
  /** True when no other process works on the install. */
  readonly isAlone: boolean;
  /** Runs worked on at once. */
  readonly capacity: number;
  readonly leaseMs: number;
}

/** What a process does by itself beside answering: it works on runs, follows the clock, sends notices, carries out jobs. */
export interface BackgroundWork {
  readonly scheduler: Scheduler;
  /** Removes what has been kept long enough. */
  readonly housekeeping: Housekeeping;
  /** Tells administrators of what no run tells them. */
  readonly alerts: AlertWatch;
  /** What schedules are looked after with. */
  readonly clockwork: ReturnType<typeof clockworkOf> & { readonly scheduler: Scheduler };
  /** Aborted, with a STORE_NEWER as its reason, when a newer program has changed the database. */
  readonly outdated: AbortSignal;
  /** Has jobs on many runs looked for now. */
  wakeJobs(): void;
  /** Somebody has signed in for a credential: runs that wait for it are looked for now. */
  wakeConnections(): void;
  /** Rejects with SECRET_UNREADABLE under a wrong key. */
  start(): Promise<void>;
  /** Claims no runs any more, and hands back those under way within `graceMs`. */
  drain(graceMs: number): Promise<void>;
  /** As `drain`, and ends everything else. */
  stop(graceMs: number): Promise<void>;
}

/** On an outdated node others wait for the runs. */
const OUTDATED_GRACE_MS = 10_000;

export function createBackgroundWork(parts: BackgroundParts): BackgroundWork {
  const { composed, store, clock, pulse, catalog } = parts;
  const { engine, waits } = composed;
  const clockWatch = createClockWatch({ clock: store.nodes.clock, onWrong: (error) => tellFault(engine, error) });
  const worker = workerOf(parts, clockWatch);
  const clockwork = clockworkOf(parts);
  const scheduler = createScheduler(clockwork);
  const sender = senderOf(engine, store);
  const alerts = createAlertWatch({ ...store, catalog, clock, mask: parts.mask, onEvent: engine.onEvent });
  const latest = (): number => catalog().revision;
  // The one process of an embedded install takes up at once what it had in hand when it died.
  const jobs = createJobWorker({ store, engine, latest }, parts.isAlone ? 'embedded' : randomUUID());
  const connections = createConnectionWatch({ store, engine, latest, catalog });
  const holder = parts.isAlone ? 'embedded' : store.nodes.id;
  const housekeeping = createHousekeeping({ store, catalog, clock, holder, onEvent: engine.onEvent });
  const outdated = new AbortController();
  const drain = async (graceMs: number): Promise<void> => {
    pulse.stop();
    await Promise.all([scheduler.stop(), worker.stop(graceMs)]);
  };
  return {
    scheduler,
    alerts,
    housekeeping,
    clockwork: { ...clockwork, scheduler },
    outdated: outdated.signal,
    wakeJobs: () => jobs.wake(),
    wakeConnections: () => connections.wake(),
    async start() {
      await requireKey(store);
      await clockWatch.start();
      await joinNodes({ ...store, outdated, onOutdated: () => drain(OUTDATED_GRACE_MS), onEvent: engine.onEvent });
      await engine.gate.start();
      await worker.start();
      pulse.start();
      sender.start();
      jobs.start();
      connections.start();
      scheduler.start();
      alerts.start();
      waits.open();
      housekeeping.start();
    },
    drain,
    async stop(graceMs) {
      clockWatch.stop();
      await closeAll([
        () => housekeeping.stop(),
        () => sender.stop(),
        () => alerts.stop(),
        () => jobs.stop(),
        () => connections.stop(),
        () => drain(graceMs),
        () => engine.gate.stop(),
      ]);
    },
  };
}

function workerOf({ composed, store, capacity, leaseMs, isAlone }: BackgroundParts, clockWatch: ClockWatch) {
  return createWorker(composed.engine, {
    owner: store.nodes.id,
    capacity,
    leaseMs,
    isAlone,
    mayClaim: () => clockWatch.isSure(),
  });
}

function clockworkOf({ composed, store, catalog }: BackgroundParts) {
  return { ...composed, store: store.schedules, records: store.records, catalog, owner: store.nodes.id };
}

function senderOf(engine: Engine, { deliveries, records }: Store): NoticeSender {
  return createNoticeSender({
    engine,
    deliveries,
    async tell(notices, at) {
      await records.commit({ ...emptyUnit(at), notices });
    },
  });
}

function tellFault(engine: Engine, error: unknown): void {
  engine.onEvent({ kind: 'fault', run: undefined, error });
}
