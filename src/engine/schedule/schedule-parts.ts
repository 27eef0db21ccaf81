import type { RecordStore } from '../../core/record-store.ts';
import type { RunId } from '../../core/run.ts';
import type { ScheduleState, ScheduleStore } from '../../core/schedule.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Engine } from '../engine.ts';

/** What schedules are worked with. */
export interface ScheduleParts {
  readonly engine: Engine;
  readonly store: ScheduleStore;
  readonly records: Pick<RecordStore, 'commit'>;
  /** The documents in force. */
  readonly catalog: () => Catalog;
  /** Names this process among those that work on slots. */
  readonly owner: string;
  /** Gets the runs that were accepted; must not throw. */
  readonly onAccepted: (runs: readonly RunId[]) => void;
}

/**
 * Changes a schedule, decided anew as long as somebody else changes it at the same time. Gives the state that was stored;
 * undefined when there is no such schedule, or `decide` wants no change.
 */
export async function changeSchedule(
  store: ScheduleStore,
  name: string,
  decide: (state: ScheduleState) => ScheduleState | undefined,
): Promise<ScheduleState | undefined> {
  for (;;) {
    const state = await store.schedule(name);
    const wanted = state && decide(state);
    if (wanted === undefined) return undefined;
    if (await store.save(wanted)) return { ...wanted, version: wanted.version + 1 };
  }
}
