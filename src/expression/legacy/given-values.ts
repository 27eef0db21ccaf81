import type { JsonObject } from '../../core/json.ts';
import type { Environment } from '../environment.ts';
import { memberOf } from '../output-path.ts';
import { type LegacyEnvironment, throwawayContext } from './environment.ts';
import { environmentOn } from './referred-record.ts';
import type { LegacyRow, LegacyServices, LegacyUser } from './services.ts';
import { toLegacyText, type LegacyValue } from './value.ts';

/** Values that somebody hands over by name, as the original hands them to its rules and mappings. */
export interface GivenValues {
  /** `record_id` (`74` or `11x74`) and `record_module` say which stored record lies beneath, if any does. */
  readonly values: JsonObject;
  readonly services: LegacyServices;
  readonly user: LegacyUser;
  /** What the run sees that asks, when one does. */
  readonly asker?: (() => Promise<Environment>) | undefined;
}

/**
 * What an expression sees on given values: they stand before the fields of the stored record that they name, and are the
 * context besides. Without a record it is the stub, where an unknown symbol is its own name.
 */
export async function environmentOnValues({ values, services, user }: GivenValues): Promise<LegacyEnvironment> {
  const id = givenRecordId(values, services);
  const row = id === undefined ? undefined : await services.records.read(id);
  const module = row?.module ?? textOf(values, 'record_module');
  const types = services.records.module(module)?.fields;
  const fields: JsonObject = row === undefined ? values : { ...row.fields, ...values, ...wholeIds(values, row) };
  const outside: LegacyEnvironment = {
    mode: 'stub',
    field: () => undefined,
    related: () => undefined,
    record: {},
    context: throwawayContext(values),
    recordId: undefined,
    module: undefined,
    fieldType: () => undefined,
    user,
    services,
  };
  const record = { id: id ?? '', module, fields, fieldType: (name: string) => types?.get(name)?.type };
  const inside = environmentOn(record, outside);
  return row === undefined ? { ...inside, mode: 'stub', recordId: undefined, module: undefined } : inside;
}

/** The id on the wire of the record that values name; undefined when they name none. */
export function givenRecordId(values: JsonObject, services: LegacyServices): string | undefined {
  const written = textOf(values, 'record_id') || textOf(values, 'id');
  if (/^\d+x\d+$/u.test(written)) return written === '0x0' ? undefined : written;
  const prefix = /^\d+$/u.test(written) ? services.records.module(textOf(values, 'record_module'))?.prefix : undefined;
  return prefix === undefined ? undefined : `${prefix}x${written}`;
}

/** References that were handed over as plain numbers, as the ids that the stored record has. */
function wholeIds(values: JsonObject, row: LegacyRow): Record<string, LegacyValue> {
  return Object.fromEntries(
    Object.entries(row.fields).filter(([name, stored]) => {
      const [, number] = /^\d+x(\d+)$/u.exec(stored) ?? [];
      return number !== undefined && textOf(values, name) === number;
    }),
  );
}

function textOf(values: JsonObject, name: string): string {
  return toLegacyText(memberOf(values, name) ?? '').trim();
}
