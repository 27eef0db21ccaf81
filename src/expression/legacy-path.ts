import type { Json } from '../core/json.ts';
import { encodeLegacyJson } from './legacy/json-text.ts';
import { memberOf } from './output-path.ts';

/** What a path of the coreBOS dialect gives. */
export interface LegacyReading {
  /** Empty text when there is nothing, or null. */
  readonly value: Json;
  readonly found: boolean;
  /** Levels that are not there and were stepped over, in order. A strict path would have stopped at the first. */
  readonly skipped: readonly string[];
}

/**
 * Reads a response path of the coreBOS dialect. Without a dot: the member as JSON text. With dots: the
 * value itself. `.` alone, the whole text, is the caller's.
 */
export function readLegacyPath(body: Json | undefined, path: string): LegacyReading {
  // A leading dot means the same as none.
  const names = (path.startsWith('.') ? path.slice(1) : path).split('.');
  const reading = walkLegacyPath(body, names);
  return names.length > 1 || !reading.found ? reading : { ...reading, value: encodeLegacyJson(reading.value) };
}

/**
 * Walks down a value. A level that is not there is stepped over: the next name is looked up where the walk stands. Stored maps
 * and expressions rely on it.
 */
export function walkLegacyPath(start: Json | undefined, names: readonly string[]): LegacyReading {
  const skipped: string[] = [];
  let value: Json = start ?? null;
  for (const [index, name] of names.entries()) {
    const next = memberOf(value, name);
    if (next !== undefined && next !== null) value = next;
    else if (index === names.length - 1) return { value: '', found: false, skipped };
    else skipped.push(name);
  }
  return { value, found: true, skipped };
}
