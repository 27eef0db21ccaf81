import type { Json, JsonObject } from '../../core/json.ts';

/** The text under the first of these names that holds something; `""` when none does. Numbers and truth values count as text. */
export function textOf(row: JsonObject, ...names: readonly string[]): string {
  for (const name of names) {
    const text = asText(Object.hasOwn(row, name) ? row[name] : undefined);
    if (text !== '') return text;
  }
  return '';
}

function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value).trim();
}

/** Whether a switch is on, which coreBOS writes as `true`, `1` or `on`; `missing` when nothing is said. */
export function isOn(text: string, missing: boolean): boolean {
  return text === '' ? missing : ['true', '1', 'on', 'yes'].includes(text.toLowerCase());
}

/** A moment out of a database; `""` for none, which some databases write as zeros. */
export function momentOf(text: string): string {
  return /^\d{4}-\d{2}-\d{2}/u.test(text) && !text.startsWith('0000') ? text.replace('T', ' ').replace(/Z$/u, '') : '';
}
