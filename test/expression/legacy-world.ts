import assert from 'node:assert/strict';
import type { Json } from '../../src/core/json.ts';
import { compileLegacy } from '../../src/expression/legacy/legacy.ts';
import type { LegacyPreferences } from '../../src/expression/legacy/services.ts';
import {
  ADMIN,
  memoryEnvironment,
  memoryServices,
  PREFERENCES,
  type WorldContent,
  type WorldView,
} from '../../tools/conformance/memory-world.ts';

/** What a row of a table needs besides its expression. */
export interface Given extends WorldContent {
  readonly preferences?: Partial<LegacyPreferences>;
  readonly record?: WorldView['record'];
}

/** The value of an expression in a world in memory; rejects as the expression does. */
export async function valueOf(text: string, given: Given = {}): Promise<Json> {
  const compiled = compileLegacy(text);
  assert.ok(compiled.ok, compiled.ok ? '' : `${text}: ${compiled.problem.message}`);
  const user = { ...ADMIN, preferences: { ...PREFERENCES, ...given.preferences } };
  const view = { user, ...(given.record === undefined ? {} : { record: given.record }) };
  return compiled.value.evaluate(memoryEnvironment(view, memoryServices(given)));
}
