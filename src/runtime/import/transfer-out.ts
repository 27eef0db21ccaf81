import { MapwrightError } from '../../core/error.ts';
import type { TransferKey, TransferProgress } from '../../core/import-store.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Json } from '../../core/json.ts';
import type { RecordFailure, RecordToGive } from './import-administration.ts';
import type { RemoteClient } from './remote-client.ts';
import { readPeople } from './remote-people.ts';
import { type TransferParts, type TransferReport, type TransferRequest, startOf } from './transfer-in.ts';

/**
 * Gives records of this install to another one, page by page. A record that is known there is changed, another one is
 * created under an identifier that Mapwright honours: it is never made twice. With `key` the other install looks itself.
 */
export async function transferOut(parts: TransferParts, request: TransferRequest): Promise<TransferReport> {
  const { administration, client } = parts;
  const key: TransferKey = { source: client.url, module: request.module, direction: 'out' };
  const { users, groups } = await readPeople(client);
  await administration.importPeople({ source: client.url, users, groups, mode: 'match' });
  const start = await startOf(administration, key, request);
  const resumedAfter = start.after;
  const first = await givePages(parts, { request, key, start });
  // Records that refer to others behind them are given once more: what they refer to is known there now.
  const again = { ...first.progress, after: undefined, done: false };
  const second =
    first.leftOut.size === 0 ? undefined : await givePages(parts, { request, key, start: again, keepCounts: true });
  const waiting = second?.leftOut ?? first.leftOut;
  return {
    progress: first.progress,
    total: first.total,
    resumedAfter,
    leftOut: [],
    settled: first.leftOut.size - waiting.size,
    waiting: waiting.size,
    waitingFor: [...waiting].slice(0, 20),
  };
}

interface Giving {
  readonly request: TransferRequest;
  readonly key: TransferKey;
  readonly start: TransferProgress;
  readonly keepCounts?: boolean;
}

async function givePages(parts: TransferParts, { request, key, start, keepCounts = false }: Giving) {
  const { administration, client, signal } = parts;
  const { identity, where, batch, by } = request;
  const leftOut = new Set<string>();
  let progress = start;
  for (;;) {
    signal.throwIfAborted();
    const from = { key, identity, where, limit: batch, after: progress.after };
    const { records: page, remaining } = await administration.recordsToGive(from);
    const done = progress.created + progress.changed + progress.unchanged + progress.failed;
    await parts.onProgress({ progress, total: done + remaining });
    const outcomes: Given[] = [];
    for (const record of page) {
      for (const field of record.leftOut) leftOut.add(`${record.id} ${field}`);
      outcomes.push(await give(client, request, record));
    }
    const count = (kind: Given['kind']): number =>
      keepCounts ? 0 : outcomes.filter((outcome) => outcome.kind === kind).length;
    progress = {
      ...progress,
      after: page.at(-1)?.id ?? progress.after,
      created: progress.created + count('created'),
      changed: progress.changed + count('changed'),
      failed: progress.failed + count('failed'),
      done: page.length === 0,
    };
    const given = outcomes.flatMap((one) => (one.kind === 'failed' ? [] : [{ id: one.id, remote: one.remote }]));
    await administration.noteGiven({ key, identity, given, by, progress });
    await parts.onFailures(outcomes.flatMap((one) => (one.kind === 'failed' ? [one.failure] : [])));
    if (page.length === 0) return { progress, leftOut, total: done };
  }
}

type Given =
  | { readonly kind: 'created' | 'changed'; readonly id: string; readonly remote: string }
  | { readonly kind: 'failed'; readonly failure: RecordFailure };

async function give(client: RemoteClient, { module, identity }: TransferRequest, record: RecordToGive): Promise<Given> {
  const { id, remote, values, requestIdentifier } = record;
  try {
    if (remote !== undefined) {
      await client.call('revise', { element: JSON.stringify({ ...values, id: remote }) });
      return { kind: 'changed', id, remote };
    }
    const element = JSON.stringify(owned(values, client.userId));
    if (identity.by === 'key') {
      const updatedfields = Object.keys(values).join(',');
      const found = await client.call('upsert', {
        elementType: module,
        element,
        searchOn: identity.field,
        updatedfields,
      });
      return { kind: 'changed', id, remote: idOf(found) };
    }
    const cbwsOptions = JSON.stringify({ ClientRequestIdentifier: requestIdentifier });
    const made = await client.call('create', { elementType: module, element, cbwsOptions });
    return { kind: 'created', id, remote: idOf(made) };
  } catch (thrown) {
    // Whatever is wrong with the way there is wrong for all records.
    if (!(thrown instanceof MapwrightError) || thrown.code !== 'IMPORT_REFUSED') throw thrown;
    return { kind: 'failed', failure: { id, code: thrown.code, message: thrown.message } };
  }
}

/** coreBOS makes no record without an owner. */
function owned(values: RecordToGive['values'], user: string): RecordToGive['values'] {
  return Object.hasOwn(values, 'assigned_user_id') ? values : { ...values, assigned_user_id: user };
}

function idOf(record: Json): string {
  const id = isJsonObject(record) ? record['id'] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw new MapwrightError('IMPORT_ANSWER_INVALID', 'the other install answers a record without an id', {
    hint: 'see whether /webservice.php there is that of coreBOS or Mapwright',
  });
}
