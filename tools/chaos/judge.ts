import type { JournalFile } from '../stage/journal-file.ts';
import type { Finding } from './finding.ts';
import { judgeProducts } from './judge-products.ts';
import { judgeRequests } from './judge-requests.ts';
import { judgeRuns } from './judge-runs.ts';
import type { LoadFacts } from './load.ts';
import type { KeyArrivals } from './observed-calls.ts';

/** Both installs as they are after the last run has ended, what the clients were told, and what was seen meanwhile. */
export interface Evidence {
  readonly a: JournalFile;
  readonly b: JournalFile;
  readonly load: Pick<LoadFacts, 'products' | 'saves' | 'refusals'>;
  /** When the calls of each step came by on their way to B. */
  readonly arrivals: ReadonlyMap<string, KeyArrivals>;
  /** Runs that were seen waiting for nothing. */
  readonly stranded: readonly string[];
  /** Servers that ended, or did not start, without having been killed. */
  readonly crashes: readonly string[];
  /** Products that B had of its own at the beginning. */
  readonly ownProductsOfB: number;
}

/** Holds both databases against what was promised. Reads them with SQL of its own, not with the code under test. */
export function judge(evidence: Evidence): Finding[] {
  const { a, b, load, stranded, crashes } = evidence;
  return [
    { promise: 'the databases are whole', broken: [...wounds('A', a), ...wounds('B', b)] },
    { promise: 'no server ended by itself', broken: crashes },
    { promise: 'no client got an answer it should not get', broken: refusals(load) },
    { promise: 'A made every accepted save once', broken: miscounted(a, load) },
    { promise: 'no run waited without a reason', broken: stranded },
    ...judgeRuns(evidence),
    ...judgeProducts(evidence),
    ...judgeRequests(evidence),
  ];
}

function wounds(name: string, journal: JournalFile): string[] {
  const integrity = journal.integrity();
  return [...(integrity === 'ok' ? [] : [integrity]), ...journal.orphans()].map((wound) => `${name}: ${wound}`);
}

function refusals({ refusals: codes }: Evidence['load']): string[] {
  return [...codes].map(([code, count]) => `${code} ${count} times`);
}

/** Every save is answered in the end, so A's history has as many changes by clients. */
function miscounted(a: JournalFile, { saves }: Evidence['load']): string[] {
  const made = a.number('SELECT count(*) FROM record_history WHERE run IS NULL');
  return made === saves ? [] : [`${saves} accepted, ${made} made`];
}
