import { recordNumber } from '../../../core/record.ts';
import type { LegacyModule, LegacyRow } from '../services.ts';
import { memberOf } from '../../output-path.ts';
import { isTruthy, type LegacyValue } from '../value.ts';
import { bareNumber, idIn, listOf, namedRecord, ownRecord, textOf } from './argument.ts';
import type { FunctionFamily, FunctionScope, Implementation } from './function.ts';
import { relatedRows } from './related-row.ts';

/** Functions that look for records and look at them. */
export const RECORD_FUNCTIONS: FunctionFamily = {
  exists: (values, scope) => exists(values, scope),
  existsrelated: related(false, (rows, { field, value }) => rows.some((row) => has(row, field, value))),
  allrelatedare: related(true, (rows, { field, value }) => rows.every((row) => has(row, field, value))),
  allrelatedarethesame: related(true, (rows, { field, value }) => {
    const values = new Set(rows.map((row) => bareNumber(row.fields[field] ?? '')));
    return values.size < 2 && (value === '' || rows.every((row) => has(row, field, value)));
  }),
  getIDof: (values, scope) => idOf(values, scope),
  getFieldsOF: (values, scope) => fieldsOf(values, scope),
  getRelatedIDs: async ([module, id], scope) => {
    const of = namedRecord(id, scope);
    const wanted = scope.environment.services.records.module(textOf(module));
    if (of === undefined || wanted === undefined) return [];
    return (await relatedRows({ of, module: wanted }, scope)).map((row) => row.id);
  },
  getEntityType: ([id], scope) => entityType(textOf(id), scope),
  /** Attachments are not kept here: of a field that holds an address that is what is given. */
  getimageurl: ([value]) => (/^https?:\/\//u.test(textOf(value)) ? textOf(value) : ''),
};

/** What is asked of related records. */
interface RelatedQuestion {
  readonly field: string;
  readonly value: string;
}

/** `of nobody`: what is answered when there are no related records. False when module or field do not exist. */
function related(
  ofNobody: boolean,
  judge: (rows: readonly LegacyRow[], question: RelatedQuestion) => boolean,
): Implementation {
  return async ([moduleName, fieldName, value, conditions], scope) => {
    const of = ownRecord(scope);
    const module = scope.environment.services.records.module(textOf(moduleName));
    const field = textOf(fieldName);
    if (of === undefined || module === undefined || !isField(module, field)) return false;
    const rows = await relatedRows({ of, module, conditions }, scope);
    return rows.length === 0 ? ofNobody : judge(rows, { field, value: textOf(value) });
  };
}

function isField(module: LegacyModule, name: string): boolean {
  return module.fields.has(name) || ['id', 'createdtime', 'modifiedtime'].includes(name);
}

/** References are the same by id and by bare number. */
function has(row: LegacyRow, field: string, value: string): boolean {
  const stored = row.fields[field] ?? '';
  return stored === value || bareNumber(stored) === bareNumber(value);
}

async function exists([field, value, excludes = true]: readonly LegacyValue[], scope: FunctionScope): Promise<boolean> {
  const { module, recordId, services } = scope.environment;
  if (module === undefined) return false;
  const equal = { [textOf(field)]: textOf(value) };
  const found = await scope.guard.waitFor(services.records.find({ module, conditions: [], equal, limit: 2 }));
  return found.some((row) => !isTruthy(excludes) || row.id !== recordId);
}

/** The number of the first record that has the values, 0 when none has: `'email'`, `'a@b.c'`, or several with commas. */
async function idOf([moduleName, ...rest]: readonly LegacyValue[], scope: FunctionScope): Promise<number> {
  const module = textOf(moduleName);
  const half = Math.floor(rest.length / 2);
  const several = half === 1 && textOf(rest[0]).includes(',');
  const names = several ? listOf(rest[0]) : rest.slice(0, half).map(textOf);
  const values = several ? textOf(rest[1]).split(',') : rest.slice(half).map(textOf);
  if (names.length === 0) return 0;
  const equal = Object.fromEntries(names.map((name, index) => [name.trim(), (values[index] ?? '').trim()]));
  const { records } = scope.environment.services;
  const [first] = await scope.guard.waitFor(records.find({ module, conditions: [], equal, limit: 1 }));
  return first === undefined ? 0 : (recordNumber(first.id) ?? 0);
}

/** Rows as the database has them: references as bare numbers. */
async function fieldsOf(values: readonly LegacyValue[], scope: FunctionScope): Promise<LegacyValue> {
  const { records } = scope.environment.services;
  const at = values.findIndex((value, index) => index > 0 && records.module(textOf(value)) !== undefined);
  const module = records.module(textOf(values[at]));
  if (module === undefined) return [];
  const ids = values.slice(0, at).flatMap(listOf);
  const wanted = listOf(values[at + 1]);
  const rows: LegacyValue[] = [];
  for (const text of ids) {
    const id = idIn(module.name, text, scope);
    const row = id === undefined ? undefined : await scope.guard.waitFor(records.read(id));
    if (row?.module === module.name) rows.push(databaseRow(row, module, wanted));
  }
  return ids.length > 1 ? rows : (rows[0] ?? []);
}

function databaseRow(row: LegacyRow, module: LegacyModule, wanted: readonly string[]): LegacyValue {
  const stored = { ...row.fields, id: row.id };
  const names = wanted.length === 0 ? Object.keys(stored) : wanted.filter((name) => Object.hasOwn(stored, name));
  return Object.fromEntries(
    names.map((name) => {
      const type = name === 'id' ? 'reference' : module.fields.get(name)?.type;
      const value = textOf(memberOf(stored, name));
      return [name, type === 'reference' || type === 'owner' ? bareNumber(value) : value];
    }),
  );
}

async function entityType(id: string, scope: FunctionScope): Promise<string> {
  if (recordNumber(id) === undefined) return '';
  const own = ownRecord(scope);
  if (own?.id === id) return own.module;
  return (await scope.guard.waitFor(scope.environment.services.records.read(id)))?.module ?? '';
}
