import type { RunFilter } from '../../src/core/journal.ts';
import type { Store } from '../../src/store/store.ts';
import { HISTORY_PACE_MS, HISTORY_START } from '../../tools/stage/filled-history.ts';

/** Something that a person or a monitor asks an install, and what it finds in a history of so many runs: how many rows. */
export interface HistoryQuestion {
  readonly name: string;
  ask(store: Store, runs: number): Promise<number>;
}

/** As `mapwright runs list` shows; so many are there in a small history too, of most kinds. */
const PAGE = 20;

/** What is asked, in groups: pages of all runs, of some, of the inbox and of the audit; one run; how many there are. */
export const HISTORY_QUESTIONS: readonly HistoryQuestion[] = [
  listing('runs: first page', () => ({})),
  listing('runs: middle, older', (runs) => ({ before: runs / 2 })),
  listing('runs: middle, newer', (runs) => ({ after: runs / 2 })),
  listing('runs: last page', () => ({ after: 0 })),
  listing('completed, middle', (runs) => ({ status: ['completed'], before: runs / 2 })),
  listing('failed', () => ({ status: ['failed'] })),
  listing('failed or canceled, last', () => ({ status: ['failed', 'canceled'], after: 0 })),
  listing('not ended', () => ({ status: ['pending', 'running'] })),
  listing('waiting', () => ({ waiting: true })),
  listing('not waiting', () => ({ waiting: false })),
  listing('handled', () => ({ handled: true })),
  listing('of a workflow, middle', (runs) => ({ workflow: 'order-sent', before: runs / 2 })),
  listing('of a rare workflow', () => ({ workflow: 'rare' })),
  listing('of a workflow, failed, last', () => ({ workflow: 'order-sent', status: ['failed'], after: 0 })),
  listing('of a record', () => ({ recordId: '14x7' })),
  listing('with a key', () => ({ key: { name: 'order', value: 'SO-17' } })),
  listing('with a key of one in a hundred', () => ({ key: { value: 'K-1' } })),
  listing('of an hour', span),
  listing('of an hour, failed', (runs) => ({ ...span(runs), status: ['failed'] })),
  {
    name: 'runs show',
    async ask({ journal, deliveries }, runs) {
      const id = Math.floor(runs / 2);
      const [run, steps] = await Promise.all([journal.run(id), journal.steps(id), deliveries.ofRun(id)]);
      return run === undefined ? 0 : steps.length;
    },
  },
  { name: 'inbox: first page', ask: async ({ inbox }) => (await inbox.items({ limit: PAGE })).length },
  { name: 'inbox: last page', ask: async ({ inbox }) => (await inbox.items({ limit: PAGE, after: 0 })).length },
  {
    name: 'inbox: resolved of a cause',
    ask: async ({ inbox }) =>
      (await inbox.items({ limit: PAGE, state: ['resolved', 'ignored'], code: 'CALL_REFUSED' })).length,
  },
  { name: 'inbox: causes', ask: async ({ inbox }) => (await inbox.groups({})).length },
  { name: 'audit: first page', ask: async ({ audit }) => (await audit.entries({ limit: PAGE })).length },
  {
    name: 'audit of an hour',
    ask: async ({ audit }, runs) => (await audit.entries({ limit: PAGE, ...span(runs) })).length,
  },
  { name: 'counts', ask: async ({ journal }) => Object.keys(await journal.counts()).length },
  { name: 'backlog', ask: async ({ watch }) => Object.keys(await watch.backlog(0)).length },
];

function listing(name: string, filterOf: (runs: number) => Omit<RunFilter, 'limit'>): HistoryQuestion {
  return { name, ask: async ({ journal }, runs) => (await journal.runs({ ...filterOf(runs), limit: PAGE })).length };
}

function span(runs: number) {
  const since = HISTORY_START + (runs / 2) * HISTORY_PACE_MS;
  return { since, until: since + 3_600_000 };
}
