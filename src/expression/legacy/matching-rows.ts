import { compileLegacyConditions } from './condition/compile-conditions.ts';
import type { LegacyCondition } from './condition.ts';
import { MapwrightError } from '../../core/error.ts';
import { rowEnvironment } from './row-environment.ts';
import type { LegacyRow, LegacyServices, LegacyUser } from './services.ts';

/** Those of the rows for which the conditions hold. Rejects with EXPRESSION_* and CONDITION_* as judging them does. */
export async function matchingRows(
  rows: readonly LegacyRow[],
  conditions: readonly LegacyCondition[],
  seen: { readonly user: LegacyUser; readonly services: LegacyServices },
): Promise<readonly LegacyRow[]> {
  if (conditions.length === 0 || rows.length === 0) return rows;
  const compiled = compileLegacyConditions(conditions);
  if (!compiled.ok) {
    const { code, message, hint } = compiled.problem;
    throw new MapwrightError(code, message, hint === undefined ? {} : { hint });
  }
  const found: LegacyRow[] = [];
  for (const row of rows) {
    if (await compiled.value.holds({ environment: rowEnvironment(row, seen), previous: undefined })) found.push(row);
  }
  return found;
}
