import { MapwrightError } from '../../core/error.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { QueryCondition } from '../../core/query.ts';
import { type RecordId, recordNumber } from '../../core/record.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type AskedCondition, conditionQuery } from '../../catalog/rule/search-condition.ts';
import type { CompiledSchedule } from '../../catalog/schedule/compiled-schedule.ts';
import { parseLegacyConditions } from '../../expression/legacy/condition/read-conditions.ts';
import type { LegacyCondition } from '../../expression/legacy/condition.ts';
import { matchingRows } from '../../expression/legacy/matching-rows.ts';
import type { LegacySearch, LegacyServices, LegacyUser } from '../../expression/legacy/services.ts';
import type { Engine } from '../engine.ts';
import { serviceUser } from '../legacy/legacy-access.ts';
import { legacyModule } from '../legacy/legacy-module.ts';
import { type RecordPage, searchPage } from '../legacy/legacy-records.ts';
import { legacyServices } from '../legacy/legacy-services.ts';

/** Where to go on, and how far. */
export interface PageParams {
  readonly schedule: CompiledSchedule;
  readonly module: ModuleDefinition;
  readonly catalog: Catalog;
  /** The slot, which is the time that the rule sees: the same however late and on whichever node. */
  readonly slot: number;
  readonly after: RecordId | undefined;
  readonly limit: number;
}

/**
 * The next records that the schedule may start its workflow for, by rising ids; the trigger's conditions are judged on each
 * of them later, as far as the database does not. Rejects with RECORDS_UNKNOWN, and with what the rule rejects with.
 */
export async function chosenRecords(engine: Engine, params: PageParams): Promise<RecordPage> {
  const { schedule, module, catalog } = params;
  const reaching = await reachFor(engine, params);
  const name = schedule.records;
  if (name === undefined) return pageOf(engine, params, reaching, guardSearch(schedule, module));
  const rule = catalog.recordSets.has(name) ? undefined : catalog.rules.get(name);
  const { user, services } = reaching;
  const search = await rule?.search?.({ values: {}, user, services });
  if (search?.module === module.name) return pageOf(engine, params, reaching, search);
  return listedPage(engine, params, await listedIds(name, module, services));
}

interface Reaching {
  readonly user: LegacyUser;
  readonly services: LegacyServices;
}

async function reachFor(engine: Engine, { schedule, catalog, slot }: PageParams): Promise<Reaching> {
  const user = await serviceUser(engine);
  const key = `${schedule.name}/${slot}`;
  const services = legacyServices({
    reach: engine.reach,
    permission: 'trial',
    ambience: { now: slot, timeZone: engine.timeZone, seed: key },
    key,
    user,
    install: { siteUrl: '', request: {}, importing: false, saveMode: 'edit' },
    documents: catalog,
  });
  return { user, services };
}

function pageOf(
  engine: Engine,
  { after, limit }: PageParams,
  { user, services }: Reaching,
  search: LegacySearch,
): Promise<RecordPage> {
  const { clock } = services;
  const filter: Parameters<typeof searchPage>[1]['judgement']['filter'] = (rows, conditions) =>
    matchingRows(rows, conditions, { user, services });
  const judgement = { clock, preferences: user.preferences, filter };
  return searchPage(engine.reach, { search, judgement, after, limit });
}

/** What the database can look for of the trigger's conditions; they are judged on each record besides. */
function guardSearch({ guard }: CompiledSchedule, module: ModuleDefinition): LegacySearch {
  const known = legacyModule(module);
  const parts = guard.conditions.flatMap(({ field, is, value }): AskedCondition[] => {
    // Times are compared as they are written, which the database does not.
    if (is === 'changed' || is === 'changed-to' || is === 'changed-from') return [];
    if (known.fields.get(field.value)?.type === 'datetime') return [];
    const wanted = is === 'one-of' ? (value ?? '').split(/\s+/u) : [value ?? ''];
    return [{ kind: 'compare', field: field.value, is, wanted }];
  });
  const where = conditionQuery({ kind: 'all', parts }, known);
  const lists = guard.legacy.map(({ value }) => parseLegacyConditions(value));
  const [only] = lists;
  // Several lists must all hold; the first narrows what is read, which is all that it is for here.
  const conditions = only?.ok === true ? only.value.map(({ condition }) => condition) : [];
  return { module: module.name, conditions: withoutChanges(conditions), where: where as QueryCondition | undefined };
}

/** Nothing has changed when a clock strikes, and coreBOS passes over such conditions: they must not leave all records out. */
function withoutChanges(conditions: readonly LegacyCondition[]): readonly LegacyCondition[] {
  return conditions.some(({ operation }) => operation.startsWith('has changed') || operation === 'was')
    ? []
    : conditions;
}

/** Ids of a record set, or of a rule that orders its records or limits their number: all at once, and by rising ids. */
async function listedIds(name: string, module: ModuleDefinition, services: LegacyServices): Promise<RecordId[]> {
  const ids = await services.maps.records(name, {}, module.name);
  if (ids === undefined) {
    throw new MapwrightError('RECORDS_UNKNOWN', `there is no record set or rule "${name}" that finds records`, {
      hint: 'apply its document',
    });
  }
  const own = [...new Set(ids)].filter((id) => id.startsWith(`${module.prefix}x`));
  return own.toSorted((a, b) => (recordNumber(a) ?? 0) - (recordNumber(b) ?? 0));
}

async function listedPage(
  { host }: Engine,
  { module, after, limit }: PageParams,
  ids: readonly RecordId[],
): Promise<RecordPage> {
  const behind = after === undefined ? 0 : (recordNumber(after) ?? 0);
  const page = ids.filter((id) => (recordNumber(id) ?? 0) > behind).slice(0, limit);
  const next = page.length < limit ? undefined : page.at(-1);
  if (page.length === 0 || host.search === undefined) return { images: await readEach(host, page), next };
  const where = { kind: 'in', field: 'id', values: page } as const;
  const order = [{ field: 'id', descending: false }];
  return { images: await host.search({ module: module.name, select: '*', where, order, offset: 0, limit }), next };
}

async function readEach(host: Engine['host'], ids: readonly RecordId[]): Promise<RecordPage['images']> {
  const images = [];
  for (const id of ids) images.push(await host.read(id));
  return images.filter((image) => image !== undefined);
}
