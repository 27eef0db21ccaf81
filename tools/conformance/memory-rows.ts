import { recordNumber } from '../../src/core/record.ts';
import { compareLoosely } from '../../src/expression/legacy/value.ts';
import { matchingRows } from '../../src/expression/legacy/matching-rows.ts';
import type { LegacyRow, LegacySearch, LegacyServices, LegacyUser } from '../../src/expression/legacy/services.ts';

/** What a search finds among rows in memory; related with a record are those that have its id in some field. */
export async function findAmong(
  rows: readonly LegacyRow[],
  search: LegacySearch,
  seen: { readonly user: LegacyUser; readonly services: LegacyServices },
): Promise<readonly LegacyRow[]> {
  const candidates = rows.filter((row) => row.module === search.module && isWanted(row, search));
  const { holds = () => true, order = [], limit } = search;
  const found = (await matchingRows(candidates, search.conditions, seen)).filter(holds);
  for (const { field, descending } of order.toReversed()) {
    found.sort((a, b) => (descending ? -1 : 1) * compareLoosely(a.fields[field] ?? '', b.fields[field] ?? ''));
  }
  return found.slice(0, limit ?? found.length);
}

function isWanted(row: LegacyRow, { equal = {}, relatedTo }: LegacySearch): boolean {
  const isRelated = relatedTo === undefined || Object.values(row.fields).includes(relatedTo);
  return isRelated && Object.entries(equal).every(([field, value]) => isSame(row, field, value));
}

function isSame(row: LegacyRow, field: string, value: string): boolean {
  const stored = field === 'id' ? row.id : row.fields[field];
  return stored === value || (stored !== undefined && String(recordNumber(stored)) === value);
}
