import { randomUUID } from 'node:crypto';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { runOf, unitOf, workOff } from '../journal/four-steps.ts';
import { askRepeatedly, type Asking, type AskingParams } from '../query/question-round.ts';
import { HISTORY_QUESTIONS } from './history-questions.ts';

const KEY = new Uint8Array(32);
const LEASE_MS = 60_000;
const OWNER = 'history';

/** An install with a history, asked and worked on. */
export function createHistorySubject() {
  let store: Store | undefined;
  let runs = 0;
  const opened = (): Store => {
    if (store === undefined) throw new Error('the install is not open');
    return store;
  };
  return {
    /** Gives how long it took until a claim was answered, as at the start of a server, in milliseconds. */
    async open(params: { readonly place: string; readonly runs: number }): Promise<number> {
      const startedAt = performance.now();
      store = await openPlace(params.place);
      runs = params.runs;
      await store.journal.takeOver({ owner: OWNER, now: 1 });
      await store.journal.claimDue({ owner: OWNER, limit: 1, now: 1, leaseMs: LEASE_MS });
      return performance.now() - startedAt;
    },
    /** `found` is how many rows there were. */
    ask: (params: AskingParams): Promise<Asking> =>
      askRepeatedly(params, async () => [String(await HISTORY_QUESTIONS[params.question]?.ask(opened(), runs))]),
    /** Accepts so many runs of four steps and works them off, so many at once; gives runs per second. */
    async work({ count, capacity }: { readonly count: number; readonly capacity: number }): Promise<number> {
      const { records, journal } = opened();
      const startedAt = performance.now();
      let begun = 0;
      const workOn = async (): Promise<void> => {
        while (begun < count) {
          const lane = `bench ${begun++}`;
          const result = await records.commit(unitOf(runOf(lane)));
          const ids = result.kind === 'committed' ? result.runs : [];
          const [lease] = await journal.claim({ owner: OWNER, runs: ids, now: Date.now() + 1, leaseMs: LEASE_MS });
          if (lease === undefined) throw new Error(`the run of ${lane} cannot be claimed`);
          await workOff(journal, lease);
        }
      };
      await Promise.all(Array.from({ length: capacity }, workOn));
      return (count * 1_000) / (performance.now() - startedAt);
    },
    close: async (): Promise<void> => store?.close(),
  };
}

/** Opens the install in a folder or, for an address, in a PostgreSQL database. */
export function openPlace(place: string): Promise<Store> {
  const ids = { next: () => randomUUID() };
  return place.startsWith('postgres:')
    ? openPostgresStore({ url: place, key: KEY, ids })
    : openSqliteStore({ folder: place, key: KEY, ids });
}
