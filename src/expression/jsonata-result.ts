import { MapwrightError } from '../core/error.ts';
import type { Json } from '../core/json.ts';
import { isCallable, type JsonataGuard, MAX_RESULT_SIZE, tooLarge } from './jsonata-guard.ts';

const MAX_NESTING = 1000;
/** Names that change an object's behaviour when they are assigned to somewhere down the line. */
const UNSAFE_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A copy of an evaluation's result that shares nothing with what it was computed from: plain arrays and objects only,
 * functions dropped, `__proto__`, `constructor` and `prototype` members dropped. Undefined when there is no result.
 * Throws EXPRESSION_TOO_LARGE, or EXPRESSION_FAILED for a number that JSON does not have.
 */
export function detach(value: unknown, guard: JsonataGuard): Json | undefined {
  if (guard.sizeOf(value) > MAX_RESULT_SIZE) throw tooLarge('its result has more than 16 MiB');
  return copy(value, 0);
}

function copy(value: unknown, depth: number): Json | undefined {
  if (depth > MAX_NESTING) throw tooLarge('its result is nested too deeply');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return finite(value);
    case 'object':
      return value === null ? null : copyObject(value, depth);
    default:
      return undefined;
  }
}

function finite(value: number): number {
  if (!Number.isFinite(value)) {
    throw new MapwrightError('EXPRESSION_FAILED', 'the expression gives a number that is not finite');
  }
  return value;
}

function copyObject(value: object, depth: number): Json | undefined {
  if (isCallable(value)) return undefined;
  if (Array.isArray(value)) {
    return value.map((member) => copy(member, depth + 1)).filter((member) => member !== undefined);
  }
  const result: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    const copied = UNSAFE_NAMES.has(name) ? undefined : copy(member, depth + 1);
    if (copied !== undefined) result[name] = copied;
  }
  return result;
}
