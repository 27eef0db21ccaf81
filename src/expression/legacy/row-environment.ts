import { type LegacyEnvironment, throwawayContext } from './environment.ts';
import { environmentOn } from './referred-record.ts';
import type { LegacyRow, LegacyServices, LegacyUser } from './services.ts';

/** What an expression sees of a stored record, without variables. */
export function rowEnvironment(
  row: LegacyRow,
  { user, services }: { readonly user: LegacyUser; readonly services: LegacyServices },
): LegacyEnvironment {
  const fields = services.records.module(row.module)?.fields;
  const nothing: LegacyEnvironment = {
    mode: 'record',
    field: () => undefined,
    related: () => undefined,
    record: {},
    context: throwawayContext({}),
    recordId: row.id,
    module: row.module,
    fieldType: () => undefined,
    user,
    services,
  };
  return environmentOn({ ...row, fieldType: (name) => fields?.get(name)?.type }, nothing);
}
