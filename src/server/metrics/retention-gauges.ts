import { Counter, Gauge, type Registry } from 'prom-client';
import type { RetentionFigures } from '../../core/retention-store.ts';

/** What was removed because it had been kept long enough. Read from the database: the figures are the install's. */
export class RetentionGauges {
  readonly #removed: Counter<'kind'>;
  readonly #last: Gauge;
  readonly #left: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#removed = new Counter({
      name: 'mapwright_retention_removed_total',
      help: 'What was removed because it had been kept long enough, since the install was made.',
      labelNames: ['kind'],
      registers,
    });
    this.#last = new Gauge({
      name: 'mapwright_retention_last_round_timestamp_seconds',
      help: 'When a round of removal last ended; 0 before the first.',
      registers,
    });
    this.#left = new Gauge({
      name: 'mapwright_retention_runs_left',
      help: 'Runs that have been kept long enough and were still there after the last round: something needs them.',
      registers,
    });
  }

  show({ endedAt, left, removed }: RetentionFigures): void {
    this.#removed.reset();
    for (const [kind, count] of Object.entries(removed)) this.#removed.inc({ kind }, count);
    this.#last.set((endedAt ?? 0) / 1000);
    this.#left.set(left);
  }

  /** Figures that could not be read are left out. */
  hide(): void {
    this.#removed.reset();
    this.#last.remove();
    this.#left.remove();
  }
}
