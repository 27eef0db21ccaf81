import { MapwrightError } from '../core/error.ts';
import type { RecordImage, RecordValue, RecordValues } from '../core/record.ts';
import type { ReceivedItem, ReceivedRecords, Refusal } from './answer/read-records.ts';
import type { OtherWrite } from './other-records.ts';
import type { RunState } from './run-state.ts';
import { actorOf, decideCreation } from './task/record-task.ts';
import { ambiguousRecords, hostFindsNone } from './task/upsert-row.ts';
import { writeFields } from './write-fields.ts';

/** What became of the items of a list; all but the reasons add up to what was received. */
export interface IntakeCounts {
  readonly received: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  /** The first refused items, counted from 1. */
  readonly reasons: readonly ({ readonly item: number } & Refusal)[];
}

/** Refused items that are told one by one. */
const MOST_REASONS = 20;

/** Nothing received yet. */
export function noCounts(): IntakeCounts {
  return { received: 0, created: 0, changed: 0, unchanged: 0, refused: 0, reasons: [] };
}

/** What a batch comes to: its writes are pending, its counts are added. */
export interface TakenBatch {
  readonly counts: IntakeCounts;
  /** Set where an item was refused and the list says to stop there; those before it are pending. */
  readonly stoppedBy: MapwrightError | undefined;
}

interface Batch {
  readonly task: string;
  readonly list: ReceivedRecords;
  readonly items: readonly ReceivedItem[];
  readonly counts: IntakeCounts;
}

/** One record of the batch: all items with its key make it, one after the other. */
interface Target {
  readonly key: RecordValues | undefined;
  readonly image: RecordImage | undefined;
  /** What the items so far say; undefined before the first that was not refused. */
  fields: Readonly<Record<string, RecordValue>> | undefined;
  write: OtherWrite | undefined;
}

/**
 * Decides the records of a batch and puts them into the pending changes. Items are taken in their order, as if each had a
 * commit of its own. Rejects with HOST_FINDS_NONE and HOST_CREATES_NONE, and with what the store rejects with.
 */
export async function takeItems(state: RunState, { task, list, items, counts }: Batch): Promise<TakenBatch> {
  const tally = { ...counts, reasons: [...counts.reasons] };
  const { targets, asOf } = await findTargets(state, list, items);
  const writing = new Set<Target>();
  let stoppedBy: MapwrightError | undefined;
  for (const target of targets) {
    tally.received++;
    const refusal =
      'code' in target
        ? target
        : await takeItem(state, { task, list, target: target.target, fields: target.fields }, tally);
    if (refusal === undefined) {
      if ('target' in target) writing.add(target.target);
      continue;
    }
    tally.refused++;
    const item = tally.received;
    if (tally.reasons.length < MOST_REASONS) tally.reasons.push({ item, code: refusal.code, message: refusal.message });
    if (list.onRefused === 'continue') continue;
    const message = `${list.from}, item ${item}, was refused: ${refusal.code} ${refusal.message}`;
    stoppedBy = new MapwrightError('RECORDS_REFUSED', message, {
      hint: 'correct the item over there, or remove on-refused="stop"',
    });
    break;
  }
  addPending(state, list, [...writing], asOf);
  return { counts: tally, stoppedBy };
}

function addPending(
  state: RunState,
  { module }: ReceivedRecords,
  targets: readonly Target[],
  asOf: number | undefined,
): void {
  const { pending } = state;
  pending.others = [...pending.others, ...targets.flatMap(({ write }) => write ?? [])];
  // What was not found must still not be there at the commit.
  const keys = targets.flatMap(({ image, key }) => (image === undefined && key !== undefined ? [key] : []));
  if (asOf !== undefined && keys.length > 0) pending.unmatched = [...pending.unmatched, { module, asOf, keys }];
}

/** Counts what becomes of one item; gives why it is refused. */
async function takeItem(
  state: RunState,
  params: {
    readonly task: string;
    readonly list: ReceivedRecords;
    readonly target: Target;
    readonly fields: Readonly<Record<string, RecordValue>>;
  },
  tally: { created: number; changed: number; unchanged: number },
): Promise<Refusal | undefined> {
  const { target } = params;
  const fields = { ...target.fields, ...params.fields };
  const isRepeated = target.fields !== undefined;
  try {
    const isOwn = target.image !== undefined && target.image.id === state.lease.run.recordId;
    const write = isOwn ? undefined : await decide(state, params, fields);
    const isChange = isOwn ? await changeOwn(state, params, fields) : write !== undefined;
    if (!isRepeated && target.image === undefined) tally.created++;
    else if (!isChange || (isRepeated && isSame(target, fields))) tally.unchanged++;
    else tally.changed++;
    target.fields = fields;
    target.write = write;
    return undefined;
  } catch (thrown) {
    return refusalOf(thrown);
  }
}

function isSame({ fields = {} }: Target, now: Readonly<Record<string, RecordValue>>): boolean {
  return Object.entries(now).every(([name, value]) => fields[name] === value);
}

async function decide(
  state: RunState,
  { task, list, target }: { readonly task: string; readonly list: ReceivedRecords; readonly target: Target },
  fields: Readonly<Record<string, RecordValue>>,
): Promise<OtherWrite | undefined> {
  const { module, fires } = list;
  const actor = actorOf(state, task);
  const { image: before } = target;
  if (before === undefined) {
    return { write: await decideCreation(state, { module, fields, actor }), before, fires };
  }
  const write = await state.engine.host.decideUpdate({ image: before, fields, actor });
  return write && { write, before, fires };
}

/** The run's own record has one write for all that is pending. True when something of it changes. */
async function changeOwn(
  state: RunState,
  { task, list: { fires } }: { readonly task: string; readonly list: ReceivedRecords },
  fields: Readonly<Record<string, RecordValue>>,
): Promise<boolean> {
  const effects = await writeFields(state, { task, fields, from: new Map(), fires });
  return effects.some(({ value, previous }) => JSON.stringify(value) !== JSON.stringify(previous));
}

/** Rejects with what is no fault of the item. */
function refusalOf(thrown: unknown): Refusal {
  const isOfItem = thrown instanceof MapwrightError && !/^(?:STORE|HOST)_/u.test(thrown.code);
  if (!isOfItem) throw thrown;
  return { code: thrown.code, message: thrown.message };
}

type FoundItem = Refusal | { readonly target: Target; readonly fields: Readonly<Record<string, RecordValue>> };

/** The record of each item, or why it has none. */
async function findTargets(
  state: RunState,
  list: ReceivedRecords,
  items: readonly ReceivedItem[],
): Promise<{ readonly targets: readonly FoundItem[]; readonly asOf: number | undefined }> {
  const searched = items.map((item) => keyOf(list, item));
  const keys = searched.flatMap((one) => (one?.kind === 'key' ? [one.key] : []));
  const { matches, asOf } = await search(state, list.module, keys);
  const byKey = new Map<string, Target>();
  const found = matches.values();
  const targets = items.map((item, index): FoundItem => {
    const one = searched[index];
    if ('refused' in item) return item.refused;
    if (one?.kind === 'refused') return one.refusal;
    const { fields } = item;
    if (one === undefined)
      return { target: { key: undefined, image: undefined, fields: undefined, write: undefined }, fields };
    const match = found.next().value;
    if (match === undefined || 'code' in match)
      return match ?? { code: 'RECORD_INVALID', message: 'cannot be looked for' };
    const { key, images } = match;
    if (images.length > 1) return refusalOf(ambiguousRecords(list, images));
    const text = JSON.stringify(key);
    const target = byKey.get(text) ?? { key, image: images[0], fields: undefined, write: undefined };
    byKey.set(text, target);
    return { target, fields };
  });
  return { targets, asOf };
}

type SearchedItem =
  | { readonly kind: 'key'; readonly key: RecordValues }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Undefined for an item that is created whatever there is, or refused already. */
function keyOf({ match, whenEmpty }: ReceivedRecords, item: ReceivedItem): SearchedItem | undefined {
  if ('refused' in item) return undefined;
  const empty = match.find((name) => (item.fields[name] ?? '') === '');
  if (empty === undefined) {
    return { kind: 'key', key: Object.fromEntries(match.map((name) => [name, item.fields[name] ?? null])) };
  }
  if (whenEmpty === 'create') return undefined;
  const message = `the record is looked for by "${empty}", which is empty`;
  return { kind: 'refused', refusal: { code: 'UPSERT_MATCH_EMPTY', message } };
}

type Found = { readonly key: RecordValues; readonly images: readonly RecordImage[] } | Refusal;

async function search(
  { engine: { host } }: RunState,
  module: string,
  keys: readonly RecordValues[],
): Promise<{ readonly matches: readonly Found[]; readonly asOf: number | undefined }> {
  if (keys.length === 0) return { matches: [], asOf: undefined };
  if (host.find === undefined) throw hostFindsNone(module);
  try {
    return await host.find({ module, keys });
  } catch (thrown) {
    refusalOf(thrown);
  }
  // One of them cannot be looked for: which one is found out by looking for each alone.
  let asOf: number | undefined;
  const matches: Found[] = [];
  for (const key of keys) {
    try {
      const {
        matches: [match],
        asOf: seen,
      } = await host.find({ module, keys: [key] });
      // What the first search may not have seen none of the later ones vouches for.
      asOf = asOf === undefined ? seen : Math.min(asOf, seen ?? asOf);
      matches.push(match ?? { key, images: [] });
    } catch (thrown) {
      matches.push(refusalOf(thrown));
    }
  }
  return { matches, asOf };
}
