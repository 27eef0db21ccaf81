import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { Observation } from '../../core/observation.ts';
import type { RetentionFigures } from '../../core/retention-store.ts';
import type { Backlog } from '../../core/store-watch.ts';
import { RetentionGauges } from './retention-gauges.ts';
import type { Labels } from './event-counts.ts';

/** The database is asked no more often than this, however many readers there are. */
const READ_EVERY_MS = 5_000;

/** What was read of the database at one moment. */
interface Reading {
  readonly backlog: Backlog;
  readonly unresolved: ReadonlyMap<string, number>;
  readonly destinations: Awaited<ReturnType<Observation['destinations']>>;
  readonly retention: RetentionFigures;
  readonly at: number;
}

/** What waits in the database, as gauges. On PostgreSQL every node shows the same: it is the install's. */
export class BacklogGauges {
  readonly #parts: { readonly observation: Observation; readonly labels: Labels; readonly clock: Clock };
  readonly #gauges: ReturnType<typeof createGauges>;
  readonly #retention: RetentionGauges;
  #reading: Promise<void> | undefined;
  #readAt = -Infinity;

  constructor(
    registry: Registry,
    parts: { readonly observation: Observation; readonly labels: Labels; readonly clock: Clock },
  ) {
    this.#parts = parts;
    this.#gauges = createGauges([registry]);
    this.#retention = new RetentionGauges(registry);
  }

  /** Reads the database again when that was long enough ago. Never rejects: figures that cannot be read are left out. */
  refresh(): Promise<void> {
    const now = this.#parts.clock.now();
    // A clock that was set back must not keep old figures.
    const age = now - this.#readAt;
    if (age >= 0 && age < READ_EVERY_MS) return this.#reading ?? Promise.resolve();
    this.#readAt = now;
    return (this.#reading = this.#read(now));
  }

  async #read(now: number): Promise<void> {
    const { observation } = this.#parts;
    try {
      const [backlog, unresolved, destinations, retention] = await Promise.all([
        observation.store.backlog(now),
        observation.unresolved(),
        observation.destinations(),
        observation.retention(),
      ]);
      this.#show({ backlog, unresolved, destinations, retention, at: now });
    } catch {
      // The last figures would look as if nothing had changed.
      for (const gauge of Object.values(this.#gauges)) gauge.reset();
      for (const gauge of this.#unlabelled()) gauge.remove();
      this.#retention.hide();
      this.#gauges.readable.set(0);
    }
  }

  #show({ backlog, unresolved, destinations, retention, at }: Reading): void {
    this.#retention.show(retention);
    const gauges = this.#gauges;
    const { labels } = this.#parts;
    gauges.readable.set(1);
    gauges.unfinished.set(backlog.unfinished);
    for (const [reason, { count }] of Object.entries(backlog.waiting)) gauges.waiting.set({ for: reason }, count);
    gauges.due.set(backlog.due.count);
    gauges.dueAge.set(ageSeconds(backlog.due.oldestAt, at));
    gauges.deepestLane.set(backlog.deepestLane);
    gauges.operations.set(backlog.operations.count);
    gauges.operationAge.set(ageSeconds(backlog.operations.oldestAt, at));
    gauges.deliveries.set(backlog.deliveries.count);
    gauges.inbox.reset();
    for (const [workflow, count] of unresolved) gauges.inbox.inc({ workflow: labels.workflow.of(workflow) }, count);
    gauges.destination.reset();
    for (const { key, state } of destinations) {
      gauges.destination.set({ destination: labels.destination.of(key), state }, 1);
    }
  }

  #unlabelled(): Gauge[] {
    const { unfinished, due, dueAge, deepestLane, operations, operationAge, deliveries } = this.#gauges;
    return [unfinished, due, dueAge, deepestLane, operations, operationAge, deliveries];
  }
}

/** 0 for what is due later only, or when there is nothing. */
function ageSeconds(since: number | undefined, now: number): number {
  return since === undefined ? 0 : Math.max(0, now - since) / 1000;
}

function createGauges(registers: Registry[]) {
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]): Gauge<T> =>
    new Gauge({ name: `mapwright_${name}`, help, labelNames, registers });
  return {
    readable: gauge('store_readable', '1 when these figures could be read from the database.'),
    unfinished: gauge('runs_unfinished', 'Runs accepted and not ended.'),
    waiting: gauge('runs_waiting', 'Runs that wait, by what for.', 'for'),
    due: gauge('runs_due', 'Runs that a worker could claim now and none has.'),
    dueAge: gauge('oldest_due_run_age_seconds', 'How long the first of the due runs has been due.'),
    deepestLane: gauge('lane_depth_max', 'Runs in the lane that has most of them.'),
    inbox: gauge('inbox_open', 'Runs in the inbox that still need somebody.', 'workflow'),
    operations: gauge('queued_operations', 'Operations of the web service that were put off.'),
    operationAge: gauge('oldest_queued_operation_age_seconds', 'How long the first of them has been due.'),
    deliveries: gauge('deliveries_waiting', 'Notices that are to leave the product.'),
    destination: gauge('destination_state', '1 for the state that a destination is in.', 'destination', 'state'),
  };
}
