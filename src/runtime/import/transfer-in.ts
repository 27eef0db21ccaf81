import type { TransferKey, TransferProgress } from '../../core/import-store.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Administration } from '../administration.ts';
import type { RecordFailure, RecordIdentity } from './import-administration.ts';
import type { RemoteClient } from './remote-client.ts';
import { countRecords, readPage } from './remote-pages.ts';
import { readPeople } from './remote-people.ts';

/** What a transfer of records is asked for. */
export interface TransferRequest {
  readonly module: string;
  readonly identity: RecordIdentity;
  /** A condition of the query language of where the records come from; empty for all. */
  readonly where: string;
  /** Records in one page. */
  readonly batch: number;
  /** True: workflows start. */
  readonly fires: boolean;
  /** Who asks. */
  readonly by: string;
  /** True: from the first record, although an earlier transfer was left in the middle. */
  readonly restart: boolean;
}

/** What a transfer is made with. */
export interface TransferParts {
  readonly administration: Administration;
  readonly client: RemoteClient;
  /** Aborted, the transfer ends after the page under way, with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onProgress: (told: { readonly progress: TransferProgress; readonly total: number }) => Promise<void>;
  readonly onFailures: (failures: readonly RecordFailure[]) => Promise<void>;
}

/** What came of a transfer. */
export interface TransferReport {
  readonly progress: TransferProgress;
  readonly total: number;
  /** The last id of the transfer before, when this one went on behind it. */
  readonly resumedAfter: string | undefined;
  /** Fields that the other side does not have. */
  readonly leftOut: readonly string[];
  /** References that were set after their records had come. */
  readonly settled: number;
  /** How many references still wait for their records, and some of them. */
  readonly waiting: number;
  readonly waitingFor: readonly string[];
}

const MOST_NAMED = 20;
/** Characters of JSON, of up to four bytes each. */
const LARGEST_PORTION = 3_000_000;

/** Takes records of another install, page by page; a transfer that was left in the middle goes on where it was. */
export async function transferIn(parts: TransferParts, request: TransferRequest): Promise<TransferReport> {
  const { administration, client, signal } = parts;
  const { module, identity, where, batch, fires, by } = request;
  const key: TransferKey = { source: client.url, module, direction: 'in' };
  const { users, groups } = await readPeople(client);
  await administration.importPeople({ source: client.url, users, groups, mode: 'match' });
  const total = await countRecords(client, module, where);
  let progress = await startOf(administration, key, request);
  const resumedAfter = progress.after;
  const leftOut = new Set<string>();
  for (;;) {
    await parts.onProgress({ progress, total });
    signal.throwIfAborted();
    const records = await readPage(client, { module, where, after: progress.after, limit: batch });
    const isLast = records.length === 0;
    for (const portion of portionsOf(records)) {
      const batchOf = { key, identity, records: portion, fires, by, progress: { ...progress, done: isLast } };
      const report = await administration.takeRecords(batchOf);
      await parts.onFailures(report.failures);
      for (const name of report.leftOut) leftOut.add(name);
      ({ progress } = report);
    }
    if (isLast) break;
  }
  const settlement = await settleAll(administration, { source: client.url, by });
  return { progress, total, resumedAfter, leftOut: [...leftOut].toSorted(), ...settlement };
}

/** What goes over the local socket of a server at once; at least one record, and one portion. */
function portionsOf(records: readonly JsonObject[]): readonly (readonly JsonObject[])[] {
  const portions: JsonObject[][] = [[]];
  let size = 0;
  for (const record of records) {
    const own = JSON.stringify(record).length;
    if (size > 0 && size + own > LARGEST_PORTION) {
      portions.push([]);
      size = 0;
    }
    portions.at(-1)?.push(record);
    size += own;
  }
  return portions;
}

/** Where an earlier transfer that asked for the same was left; the beginning when there is none. */
export async function startOf(
  administration: Administration,
  key: TransferKey,
  { identity, where, restart }: TransferRequest,
): Promise<TransferProgress> {
  const asked = JSON.stringify([identity, where]);
  const earlier = await administration.transferProgress(key);
  if (earlier !== undefined && earlier.asked === asked && !earlier.done && !restart) return earlier;
  return { asked, after: undefined, created: 0, changed: 0, unchanged: 0, failed: 0, done: false };
}

async function settleAll(
  administration: Administration,
  params: { readonly source: string; readonly by: string },
): Promise<Pick<TransferReport, 'settled' | 'waiting' | 'waitingFor'>> {
  let [settled, waiting] = [0, 0];
  const waitingFor = new Set<string>();
  for (let after: Parameters<Administration['settleReferences']>[0]['after']; ;) {
    const report = await administration.settleReferences({ ...params, after });
    settled += report.settled;
    waiting += report.waiting.length;
    for (const { remote } of report.waiting) if (waitingFor.size < MOST_NAMED) waitingFor.add(remote);
    if (report.next === undefined) return { settled, waiting, waitingFor: [...waitingFor] };
    after = report.next;
  }
}
