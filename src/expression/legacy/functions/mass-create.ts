import { MapwrightError } from '../../../core/error.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { LegacyModule, LegacyRow } from '../services.ts';
import { isTruthy, type LegacyValue, toLegacyText } from '../value.ts';
import { bareNumber, listOf, namedRecord, type OwnRecord, textOf } from './argument.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';
import { relatedRows } from './related-row.ts';

/** Functions that make lists of records for another system, and apply mappings to rows. */
export const MASS_CREATE_FUNCTIONS: FunctionFamily = {
  getRelatedMassCreateArray: ([module, id], scope) => massCreateList({ module, id }, scope),
  getRelatedMassCreateArrayConverting: ([module, toMain, toRelated, id], scope) =>
    toMain === undefined || toRelated === undefined
      ? []
      : massCreateList({ module, id, to: { main: textOf(toMain), related: textOf(toRelated) } }, scope),
  getRelatedRecordCreateArrayConverting: async ([module, to, id], scope) => {
    const found = await withRelated({ module, id }, scope);
    if (found === undefined || to === undefined) return [];
    return Promise.all(found.rows.map((row) => converted(row, textOf(to), scope)));
  },
  applyMaptoArrayElements: async ([rows, map], scope) => {
    const elements: LegacyValue[] = [];
    for (const row of elementsOf(rows)) elements.push(await applied(textOf(map), row, scope));
    return elements;
  },
  applyMaptoArrayElementsAndSubarray: async ([rows, map, key, submap, names = '', invert = false], scope) => {
    const elements: LegacyValue[] = [];
    for (const row of elementsOf(rows)) {
      const inner: LegacyValue[] = [];
      for (const one of elementsOf(row[textOf(key)])) inner.push(await applied(textOf(submap), one, scope));
      const element = { ...(await applied(textOf(map), row, scope)), [textOf(key)]: inner };
      elements.push(isTruthy(names) ? withMembers(element, listOf(names), isTruthy(invert)) : element);
    }
    return elements;
  },
};

/** Without the members named, or with nothing but them. */
function withMembers(element: JsonObject, names: readonly string[], keep: boolean): JsonObject {
  return Object.fromEntries(Object.entries(element).filter(([name]) => names.includes(name) === keep));
}

/** The members of a list that are rows themselves. */
function elementsOf(value: LegacyValue | undefined): readonly JsonObject[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values<LegacyValue>(value).filter(isJsonObject);
}

interface RelatedRequest {
  readonly module: LegacyValue | undefined;
  readonly id: LegacyValue | undefined;
}

interface FoundRelated {
  readonly main: OwnRecord;
  readonly module: LegacyModule;
  readonly rows: readonly LegacyRow[];
}

async function withRelated(request: RelatedRequest, scope: FunctionScope): Promise<FoundRelated | undefined> {
  const main = namedRecord(request.id, scope);
  const module = scope.environment.services.records.module(textOf(request.module));
  if (main === undefined || module === undefined) return undefined;
  return { main, module, rows: await relatedRows({ of: main, module }, scope) };
}

/** The record and those related with it as the web service takes them in MassCreate; the related refer to the record. */
async function massCreateList(
  request: RelatedRequest & { readonly to?: { readonly main: string; readonly related: string } },
  scope: FunctionScope,
): Promise<LegacyValue> {
  const { services } = scope.environment;
  const found = await withRelated(request, scope);
  const record = found && (await scope.guard.waitFor(services.records.read(found.main.id)));
  if (found === undefined || record === undefined) return [];
  const { to } = request;
  const elements: LegacyValue[] = [
    {
      elementType: to?.main ?? record.module,
      referenceId: record.id,
      element: to === undefined ? elementOf(record) : await converted(record, to.main, scope),
    },
  ];
  const reference = referenceField(found);
  for (const row of found.rows) {
    const element = to === undefined ? elementOf(row) : await converted(row, to.related, scope);
    elements.push({
      elementType: to?.related ?? row.module,
      referenceId: row.id,
      element: reference === undefined ? element : { ...element, [reference]: `@{${record.id}}` },
    });
  }
  return elements;
}

function elementOf({ id, fields }: LegacyRow): JsonObject {
  return { ...fields, id };
}

/** The field by which the related records refer to the main one; undefined when they are only linked. */
function referenceField({ main, module, rows }: FoundRelated): string | undefined {
  const fields = [...module.fields.values()].filter(({ targets }) => targets.includes(main.module));
  return (fields.find(({ name }) => rows.some((row) => row.fields[name] === main.id)) ?? fields[0])?.name;
}

/** As the mapping `Workflow_FROM2TO` says; without one the record as it is, or what of it the other module has. */
async function converted(row: LegacyRow, to: string, scope: FunctionScope): Promise<JsonObject> {
  const { maps, records } = scope.environment.services;
  const values = { ...elementOf(row), record_id: bareNumber(row.id), record_module: row.module };
  const mapped = await scope.guard.waitFor(maps.applyMapping(`Workflow_${row.module}2${to}`, values));
  if (mapped !== undefined) return mapped;
  const fields = records.module(to)?.fields;
  const { record_module: _, ...whole } = values;
  if (fields === undefined) return whole;
  return Object.fromEntries(Object.entries(row.fields).filter(([name]) => fields.has(name)));
}

async function applied(map: string, row: JsonObject, scope: FunctionScope): Promise<JsonObject> {
  const mapped = await scope.guard.waitFor(scope.environment.services.maps.applyMapping(map, row));
  if (mapped !== undefined) return mapped;
  throw new MapwrightError('EXPRESSION_FAILED', `there is no mapping "${toLegacyText(map).slice(0, 60)}"`, {
    hint: 'name a mapping document that is applied, or correct the name',
  });
}
