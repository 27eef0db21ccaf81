import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';

/** A text member of a vector's input; empty when it is absent. */
export function textOf(input: JsonObject, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}

/** An object among the members; empty when it is absent. */
export function objectOf(input: JsonObject, name: string): JsonObject {
  const value = input[name];
  return isJsonObject(value) ? value : {};
}

/** The texts of an object among the members. */
export function textsOf(input: JsonObject, name: string): Readonly<Record<string, string>> {
  const entries = Object.entries<Json>(objectOf(input, name));
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value ?? '')]));
}
