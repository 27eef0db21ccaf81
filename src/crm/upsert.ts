import { MapwrightError } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { QueryCondition } from '../core/query.ts';
import type { RecordId, RecordImage, RecordValues } from '../core/record.ts';
import type { RecordStore } from '../core/record-store.ts';
import { checkFieldValue, readFieldValue } from './field-value.ts';
import { queryField } from './query-field.ts';
import { decideChangeOf, decideCreation } from './record-decision.ts';
import type { Decision, DecisionStamp } from './record-decision.ts';
import { recordInvalid } from './record-error.ts';
import type { Directory } from './reference.ts';

/** What is put in, and by what the record it belongs to is known. */
export interface UpsertRequest {
  readonly module: ModuleDefinition;
  readonly element: JsonObject;
  /** The values of the fields searched by; see `readSearchKey`. */
  readonly key: RecordValues;
  /** The fields that a record found gets from the element; undefined gives it all of them. */
  readonly updated: readonly string[] | undefined;
  readonly allocateId: () => Promise<RecordId>;
}

/** Where records are searched and decided on. */
export type UpsertParts = Directory & { readonly store: Pick<RecordStore, 'query' | 'latestChange'> };

/**
 * The values by which an upsert looks for its record, as their fields keep them, in the order of the fields' names.
 * Throws SEARCH_VALUE_NOT_PROVIDED when a field has no value in the element: an empty one would fit every record
 * without it. Throws ACCESS_DENIED for an unknown field and RECORD_INVALID for a value that its field cannot hold.
 */
export function readSearchKey(
  module: ModuleDefinition,
  element: JsonObject,
  searchOn: readonly string[],
): RecordValues {
  const names = [...new Set(searchOn)].toSorted();
  if (names.length === 0) throw searchValueMissing('upsert needs searchOn: the fields to look for the record by');
  return Object.fromEntries(names.map((name) => [name, readSearchValue(module, element, name)]));
}

/**
 * Decides what an upsert makes: a new record when none has the values searched for, a change of the one that has them.
 * Rejects with RECORD_AMBIGUOUS when several have them, and like the creation or the change it decides.
 * The decision of a new record holds only as long as no other with the key has come: the store looks at that in its
 * commit, so that it holds on any number of nodes.
 */
export async function decideUpsert(
  parts: UpsertParts,
  request: UpsertRequest,
  stamp: DecisionStamp,
): Promise<Decision> {
  const { module, element, key } = request;
  const asOf = await parts.store.latestChange();
  const [found, other] = await findByKey(parts.store, module, key);
  if (found === undefined) {
    requireWritable(module, key);
    const decision = await decideCreation(parts, request, stamp);
    return { ...decision, unmatched: { module: module.name, asOf, keys: [key] } };
  }
  if (other !== undefined) throw ambiguous(key, [found.id, other.id]);
  const given = request.updated === undefined ? element : pick(element, request.updated);
  return decideChangeOf(parts, { operation: 'revise', module, image: found, element: given }, stamp);
}

function readSearchValue(module: ModuleDefinition, element: JsonObject, name: string): RecordValues[string] {
  const missing = () => searchValueMissing(`No value is provided for the search field: ${name}`);
  // As the original has it: an upsert finds its record by the fields, never by the id.
  if (name === 'id') throw missing();
  queryField(module, name);
  const field = module.fields.find((candidate) => candidate.name === name);
  const reading = readFieldValue(
    field?.type ?? 'datetime',
    Object.hasOwn(element, name) ? (element[name] ?? null) : null,
  );
  // Times of creation and change are no fields that an element could give.
  if (field === undefined) throw missing();
  const problem = reading.ok ? checkFieldValue(field, reading.value) : reading.problem;
  if (problem !== undefined) throw recordInvalid(field, problem);
  if (!reading.ok || reading.value === null) throw missing();
  return reading.value;
}

function findByKey(
  store: UpsertParts['store'],
  module: ModuleDefinition,
  key: RecordValues,
): Promise<readonly RecordImage[]> {
  const parts: QueryCondition[] = Object.entries(key).map(([field, value]) => ({
    kind: 'compare',
    field,
    operator: '=',
    value,
  }));
  const where: QueryCondition = { kind: 'and', parts };
  return store.query(module, { module: module.name, select: '*', where, order: [], offset: 0, limit: 2 });
}

/** A new record would not keep what clients cannot write, and every repetition would make one more. */
function requireWritable(module: ModuleDefinition, key: RecordValues): void {
  const field = module.fields.find(({ name, readOnly }) => readOnly && Object.hasOwn(key, name));
  if (field === undefined) return;
  throw new MapwrightError(
    'INVALID_PARAMETER',
    `No record has this ${field.name}, and none can be created with it: the field is read-only`,
  );
}

function pick(element: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(element).filter(([name]) => names.includes(name)));
}

function searchValueMissing(message: string): MapwrightError {
  return new MapwrightError('SEARCH_VALUE_NOT_PROVIDED', message);
}

function ambiguous(key: RecordValues, ids: readonly [RecordId, RecordId]): MapwrightError {
  return new MapwrightError(
    'RECORD_AMBIGUOUS',
    `Several records have the same ${Object.keys(key).join(', ')}: ${ids[0]} and ${ids[1]}; nothing was changed`,
    { hint: 'merge them, or search by more fields' },
  );
}
