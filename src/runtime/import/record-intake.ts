import { MapwrightError } from '../../core/error.ts';
import type { PendingReference, TransferProgress } from '../../core/import-store.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { recordNumber } from '../../core/record.ts';
import type { Actor, RecordId, RecordImage } from '../../core/record.ts';
import { readFieldValue } from '../../crm/field-value.ts';
import { commitDecision } from '../../crm/record-commit.ts';
import { decideImport } from '../../crm/record-import.ts';
import type { Decision } from '../../crm/record-decision.ts';
import type { BatchReport, RecordBatch, RecordFailure, RecordIdentity } from './import-administration.ts';
import { type ImportParts, moduleHere, requireIdentityField, transferActor } from './import-parts.ts';
import { type LocalValues, localValues, referredIds, wireTime } from './local-values.ts';

/** Takes one page of records; see `ImportAdministration.takeRecords`. */
export async function takeRecords(parts: ImportParts, batch: RecordBatch): Promise<BatchReport> {
  const { key, identity, records, progress } = batch;
  const { source } = key;
  const module = moduleHere(parts, key.module);
  requireIdentityField(module, identity);
  const actor = await transferActor(parts.identities, { by: batch.by, source });
  const known = await parts.imports.identities(source, [
    ...records.map(({ id }) => String(id)),
    ...records.flatMap((record) => referredIds(module, record)),
  ]);
  const intake: Intake = { parts, module, identity, source, actor, fires: batch.fires, known };
  const outcomes: Outcome[] = [];
  // One after another where two of them could be one record; else the disk is waited for once for all.
  if (identity.by === 'id') outcomes.push(...(await Promise.all(records.map((record) => take(intake, record)))));
  else for (const record of records) outcomes.push(await take(intake, record));
  const taken = outcomes.filter((outcome) => outcome.kind !== 'failed');
  const next = counted(progress, outcomes, records);
  await parts.imports.save({
    source,
    identities: taken.map(({ remote, id }) => [remote, id]),
    pending: taken.flatMap(({ pending }) => pending),
    settled: taken.flatMap(({ settled }) => settled),
    progress: { key, progress: next },
  });
  return {
    progress: next,
    failures: outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.failure] : [])),
    leftOut: [...new Set(taken.flatMap(({ leftOut }) => leftOut))],
  };
}

interface Intake {
  readonly parts: ImportParts;
  readonly module: ModuleDefinition;
  readonly identity: RecordIdentity;
  readonly source: string;
  readonly actor: Actor;
  readonly fires: boolean;
  readonly known: ReadonlyMap<string, string>;
}

type Outcome =
  | { readonly kind: 'failed'; readonly failure: RecordFailure }
  | {
      readonly kind: 'created' | 'changed' | 'unchanged';
      readonly remote: string;
      readonly id: RecordId;
      readonly pending: readonly PendingReference[];
      readonly settled: readonly Pick<PendingReference, 'record' | 'field'>[];
      readonly leftOut: readonly string[];
    };

async function take(intake: Intake, record: JsonObject): Promise<Outcome> {
  const remote = String(record['id'] ?? '');
  try {
    const values = localValues(intake.module, record, intake.known);
    return await takeOne(intake, { remote, record, values });
  } catch (thrown) {
    // What is wrong with the store is wrong for all records.
    if (!(thrown instanceof MapwrightError) || thrown.code.startsWith('STORE_')) throw thrown;
    const { code, message } = thrown;
    // Nothing may refer to a record that was not made.
    if (!intake.known.has(remote))
      await intake.parts.imports.save({ source: intake.source, identities: [[remote, '']] });
    return { kind: 'failed', failure: { id: remote, code, message } };
  }
}

interface Taking {
  readonly remote: string;
  readonly record: JsonObject;
  readonly values: LocalValues;
}

async function takeOne(intake: Intake, taking: Taking): Promise<Outcome> {
  const { parts, fires, actor } = intake;
  const { remote, values } = taking;
  const matcher = fires ? parts.matcher : { match: async () => [], matchRelation: async () => [] };
  const place = await placeOf(intake, taking);
  let made: Decision | undefined;
  await commitDecision(
    { store: parts.records, matcher, onAccepted: parts.onAccepted, clock: parts.clock },
    undefined,
    async (at) => (made = await decide(intake, taking, { at, place })),
  );
  const id = made?.image.id ?? '';
  const kind = made?.change === undefined ? 'unchanged' : made.basedOn === 0 ? 'created' : 'changed';
  const waiting = values.waiting.map(({ field, remote: target }) => ({ record: id, field, remote: target }));
  const settled = values.found.map((field) => ({ record: id, field }));
  void actor;
  return { kind, remote, id, pending: waiting, settled, leftOut: values.leftOut };
}

/** Where a record that is not known here yet may be put. */
type Place = { readonly id: RecordId | undefined; readonly isNew: boolean };

/**
 * A record that keeps its number is noted before it is made: whether one that is found there later is this record, or
 * another one that was here before, could not be told otherwise.
 */
async function placeOf({ parts, module, identity, source, known }: Intake, { remote }: Taking): Promise<Place> {
  const id = known.get(remote);
  if (id !== undefined) return { id, isNew: false };
  if (identity.by !== 'id') return { id: undefined, isNew: true };
  const number = recordNumber(remote);
  if (number === undefined) throw new MapwrightError('RECORD_INVALID', `"${remote.slice(0, 60)}" is no id of a record`);
  const place = `${module.prefix}x${number}`;
  if ((await parts.records.read(module, place)) !== undefined) throw taken(place);
  await parts.imports.save({ source, identities: [[remote, place]] });
  return { id: place, isNew: true };
}

async function decide(
  intake: Intake,
  { remote, record, values }: Taking,
  { at, place }: { readonly at: number; readonly place: Place },
): Promise<Decision> {
  const { parts, module, identity, source, actor } = intake;
  const linked = identity.by === 'link' ? { [identity.field]: remote } : {};
  const asOf = await parts.records.latestChange();
  const image = await findImage(intake, { remote, values, place });
  if (image !== undefined && place.isNew && identity.by === 'id') {
    await parts.imports.save({ source, identities: [[remote, '']] });
    throw taken(image.id);
  }
  const id = image?.id ?? place.id ?? `${module.prefix}x${await parts.records.allocateNumber()}`;
  const waiting = new Set(values.waiting.map(({ field }) => field));
  const createdAt = wireTime(record['createdtime']);
  const imported = { module, id, image, values: { ...values.values, ...linked }, waiting, createdAt };
  const decision = decideImport(imported, { actor, at });
  const key = keyOf(identity, decision);
  return image !== undefined || key === undefined
    ? decision
    : { ...decision, unmatched: { module: module.name, asOf, keys: [key] } };
}

/** Two transfers at once, or a person, may make the same record meanwhile. */
function keyOf(identity: RecordIdentity, { image }: Decision) {
  if (identity.by === 'id') return undefined;
  return { [identity.field]: image.values[identity.field] ?? null };
}

async function findImage(
  { parts, module, identity }: Intake,
  { remote, values, place }: { readonly remote: string; readonly values: LocalValues; readonly place: Place },
): Promise<RecordImage | undefined> {
  const known = place.id === undefined ? undefined : await parts.records.read(module, place.id);
  if (known !== undefined || identity.by === 'id') return known;
  const { field } = identity;
  const type = module.fields.find(({ name }) => name === field)?.type ?? 'string';
  const given = identity.by === 'link' ? remote : (values.values[field] ?? null);
  const reading = readFieldValue(type, given);
  if (!reading.ok || reading.value === null) {
    throw new MapwrightError('SEARCH_VALUE_NOT_PROVIDED', `it has no usable ${field}, by which records are known`);
  }
  const where = { kind: 'compare', field, operator: '=', value: reading.value } as const;
  const query = { module: module.name, select: '*', where, order: [], offset: 0, limit: 2 } as const;
  const [found, other] = await parts.records.query(module, query);
  if (found === undefined || other === undefined) return found;
  throw new MapwrightError('RECORD_AMBIGUOUS', `${found.id} and ${other.id} have the same ${field}`);
}

function taken(id: RecordId): MapwrightError {
  return new MapwrightError('IMPORT_ID_TAKEN', `${id} is another record here, which was there before`, {
    hint: 'import by a field: --key FIELD that both have, or --link FIELD here that holds the id there',
  });
}

function counted(
  before: TransferProgress,
  outcomes: readonly Outcome[],
  records: readonly JsonObject[],
): TransferProgress {
  const count = (kind: Outcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  const last = records.at(-1)?.['id'];
  return {
    ...before,
    after: last === undefined ? before.after : String(last),
    created: before.created + count('created'),
    changed: before.changed + count('changed'),
    unchanged: before.unchanged + count('unchanged'),
    failed: before.failed + count('failed'),
  };
}
