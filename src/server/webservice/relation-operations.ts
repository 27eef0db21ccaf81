import { MapwrightError } from '../../core/error.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { RecordId } from '../../core/record.ts';
import type { RelatedQuery } from '../../crm/related-records.ts';
import { toWireRecord } from '../../crm/wire.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { requireText } from './parameter-reading.ts';
import type { OperationAnswer } from './protocol-answer.ts';

const INVALID = 'INVALID_PARAMETER';
const DEFAULT_LIMIT = 100;
const GREATEST_LIMIT = 10_000;

/** `SetRelation(relate_this_id, with_these_ids)`: true, also for links that were there already. */
export async function setRelation(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const source = requireText(call, 'relate_this_id');
  await parts.crm.relate({ source, targets: targetsOf(call), actor: { user: call.user.id } });
  return { result: true };
}

/** `UnsetRelation(unrelate_this_id, with_these_ids)`: true, also for links that were not there. */
export async function unsetRelation(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  // The original's name for it; clients that know one operation use the other's name here too.
  const name = call.parameters.text('unrelate_this_id') === undefined ? 'relate_this_id' : 'unrelate_this_id';
  const source = requireText(call, name);
  await parts.crm.unrelate({ source, targets: targetsOf(call), actor: { user: call.user.id } });
  return { result: true };
}

/**
 * `getRelatedRecords(id, module, relatedModule, queryParameters)`: one page of the linked records of a module, and how
 * many there are. queryParameters may hold `columns`, `orderby`, `limit` and `offset`.
 */
export async function getRelatedRecords(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const id = requireText(call, 'id');
  await requireModule(parts, id, call.parameters.text('module'));
  return relatedPage(parts, { id, module: requireText(call, 'relatedModule'), ...askedPage(call) });
}

/**
 * `getRelatedRecordsThroughModule(id, module, relatedModule, bridgeModule, queryParameters)`: the records that are
 * linked with records of the bridge that are linked with this one, each once. Which of the two modules is wanted is told
 * by the id, which is of the other. `orderby`, `limit` and `offset` are of the whole list.
 */
export async function getRelatedRecordsThroughModule(
  parts: OperationParts,
  call: SessionCall,
): Promise<OperationAnswer> {
  const id = requireText(call, 'id');
  const own = (await parts.crm.read(id))?.module;
  const related = requireText(call, 'relatedModule');
  const module = related === own ? requireText(call, 'module') : related;
  return relatedPage(parts, { id, module, through: requireText(call, 'bridgeModule'), ...askedPage(call) });
}

async function relatedPage(parts: OperationParts, query: RelatedQuery): Promise<OperationAnswer> {
  const answer = await parts.crm.related(query);
  const select = answer.select === 'count' ? '*' : answer.select;
  const records = answer.records.map((image) => toWireRecord(answer.module, image, select));
  return { result: { records }, moreinfo: { totalrows: String(answer.total) } };
}

function askedPage(call: SessionCall): ReturnType<typeof pageOf> {
  return pageOf(call.parameters.object('queryParameters', INVALID) ?? {});
}

/** The module may be left out: the id says it. */
async function requireModule(parts: OperationParts, id: RecordId, given: string | undefined): Promise<void> {
  const found = given === undefined || given === '' ? undefined : await parts.crm.read(id);
  if (found === undefined || found.module === given) return;
  throw new MapwrightError(INVALID, `${id} is a record of ${found.module}, not of ${given?.slice(0, 60) ?? ''}`);
}

function targetsOf(call: SessionCall): RecordId[] {
  const name = 'with_these_ids';
  const given = call.parameters.list(name, INVALID) ?? [];
  if (given.length === 0) throw new MapwrightError(INVALID, `Parameter ${name} is missing or empty`);
  return given.map((id) => {
    if (typeof id === 'string') return id;
    throw new MapwrightError(INVALID, `Parameter ${name} holds something that is no id`);
  });
}

function pageOf(given: JsonObject): Pick<RelatedQuery, 'select' | 'order' | 'offset' | 'limit'> {
  const columns = words('columns', given['columns']);
  return {
    select: columns.length === 0 ? '*' : columns,
    order: words('orderby', given['orderby']).map(orderOf),
    offset: count('offset', given['offset'], 0, Number.MAX_SAFE_INTEGER),
    limit: count('limit', given['limit'], DEFAULT_LIMIT, GREATEST_LIMIT),
  };
}

/** Names separated by commas, or in a list; `*` and nothing are all. */
function words(name: string, given: Json | undefined): string[] {
  if (given === undefined || given === null || given === '' || given === '*') return [];
  const list = typeof given === 'string' ? given.split(',') : given;
  if (!Array.isArray(list)) throw new MapwrightError(INVALID, `queryParameters.${name} is no list of names`);
  return list.map((word: Json) => String(word).trim()).filter((word) => word !== '');
}

function orderOf(text: string): RelatedQuery['order'][number] {
  const [field = '', direction = 'asc', ...rest] = text.split(/\s+/u);
  if (rest.length > 0 || !/^(?:asc|desc)$/iu.test(direction)) {
    throw new MapwrightError(INVALID, `queryParameters.orderby is a list of "field", "field asc" or "field desc"`);
  }
  return { field, descending: direction.toLowerCase() === 'desc' };
}

function count(name: string, given: Json | undefined, otherwise: number, greatest: number): number {
  if (given === undefined || given === null || given === '') return otherwise;
  const text = String(given);
  if (/^[0-9]{1,16}$/u.test(text) && Number(text) <= greatest) return Number(text);
  throw new MapwrightError(INVALID, `queryParameters.${name} is no whole number of at most ${greatest}`);
}
