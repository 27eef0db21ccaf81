import type { Json, JsonObject } from '../../core/json.ts';
import type { RecordId } from '../../core/record.ts';
import { changeOptions } from './change-request.ts';
import { attempt } from './mass-attempt.ts';
import type { Attempt } from './mass-attempt.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { idsOf, invalidParameter, objectsOf } from './parameter-reading.ts';
import { retrievePerson } from './people-operations.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { namedRecord } from './record-answer.ts';

/** Worked on at once: their commits share the wait for the disk. */
const AT_ONCE = 100;

/**
 * `MassUpdate(elements)`: each element changes its record as `revise` does, whatever becomes of the others. When one
 * fails the answer is no success, and tells which.
 */
export async function massUpdate(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const elements = objectsOf(call, 'elements');
  const attempts = await inTurns(elements, (element, index) =>
    attempt(async () => {
      const image = await parts.crm.revise({ ...changeOptions(call, index), element });
      return (await namedRecord(parts, image)).result;
    }),
  );
  const failed = failures(attempts, (index) => ({ id: elements[index]?.['id'] ?? '' }));
  return massAnswer({ success_updates: successes(attempts), failed_updates: failed }, failed);
}

/** `MassRetrieve(ids)`: the records under their ids; those that are not there are left out. */
export async function massRetrieve(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const ids = requireSome(idsOf(call, 'ids'));
  const attempts = await inTurns(ids, (id) => attempt(() => readOne(parts, call, id)));
  const found = attempts.flatMap((one, index) => (one.ok ? [[ids[index] ?? '', one.result] as const] : []));
  return { result: Object.fromEntries(found) };
}

/** `MassDelete(ids)`: deletes each, whatever becomes of the others; no success when one could not be. */
export async function massDelete(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const ids = requireSome(idsOf(call, 'ids'));
  const attempts = await inTurns(ids, (id, index) =>
    attempt(async () => {
      await parts.crm.delete({ ...changeOptions(call, index), id });
      return id;
    }),
  );
  const failed = failures(attempts, (index) => ({ id: ids[index] ?? '' }));
  return massAnswer({ success_deletes: successes(attempts), failed_deletes: failed }, failed);
}

/** The results of what succeeded, in order. */
export function successes(attempts: readonly Attempt[]): Json[] {
  return attempts.flatMap((one) => (one.ok ? [one.result] : []));
}

/** What failed, each named by `about`, with its code and message. */
export function failures(attempts: readonly Attempt[], about: (index: number) => JsonObject): JsonObject[] {
  return attempts.flatMap((one, index) => (one.ok ? [] : [{ ...about(index), code: one.code, message: one.message }]));
}

/** As the original tells it: no success when something failed, and no error either, but the result. */
export function massAnswer(result: JsonObject, failed: readonly JsonObject[]): OperationAnswer {
  return failed.length === 0 ? { result } : { result, failed: true };
}

/** Does work for each item, so many at once; results in the order of the items. */
export async function inTurns<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const some = items.slice(from, from + AT_ONCE);
    results.push(...(await Promise.all(some.map((item, index) => work(item, from + index)))));
  }
  return results;
}

async function readOne(parts: OperationParts, call: SessionCall, id: RecordId): Promise<Json> {
  const person = await retrievePerson(parts, call.user, id);
  return (person ?? (await namedRecord(parts, await parts.crm.retrieve(id)))).result;
}

function requireSome(ids: readonly RecordId[]): readonly RecordId[] {
  if (ids.length === 0) throw invalidParameter('Parameter ids is missing or empty');
  return ids;
}
