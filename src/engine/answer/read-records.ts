import { setImmediate as others } from 'node:timers/promises';
import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import type { RecordValue } from '../../core/record.ts';
import { convertValue } from '../../catalog/convert-value.ts';
import type { CompiledRecordSetting, CompiledRecords } from '../../catalog/compiled-records.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import { applyEmptyRule } from '../../catalog/empty-rule.ts';
import type { PathReader } from '../../expression/output-path.ts';
import { asRecordValue } from '../record-value.ts';
import { textOfElement } from './xml-text.ts';

/** Why an item becomes no record. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** One item of the list: what its record gets, or why there is none. */
export type ReceivedItem = { readonly fields: Readonly<Record<string, RecordValue>> } | { readonly refused: Refusal };

/** A list of the answer, ready to be taken in. It is stored until that is done, and does not need the map any more. */
export interface ReceivedRecords {
  readonly module: string;
  readonly match: readonly string[];
  readonly whenEmpty: 'fail' | 'create';
  readonly onRefused: 'continue' | 'stop';
  readonly fires: boolean;
  readonly context: string | undefined;
  /** The path, for people. */
  readonly from: string;
  readonly items: readonly ReceivedItem[];
}

/** Milliseconds for which items are evaluated before others have their turn. */
const TURN_MS = 2;

/**
 * The lists of an answer that become records, evaluated. Rejects with OUTPUT_MISSING for a list that is not there and
 * OUTPUT_TYPE for what is no list; what is wrong with one item refuses that item alone.
 */
export async function readRecords(
  records: readonly CompiledRecords[],
  scope: Scope,
  missingIsFine: boolean,
): Promise<ReceivedRecords[]> {
  const received: ReceivedRecords[] = [];
  for (const one of records) {
    const { module, whenEmpty, onRefused, fires, context, from } = one.document;
    const told = from?.value ?? 'the answer';
    const found = itemsAt(one.path, scope.values.response?.body, told);
    if (found === undefined && !one.document.optional && !missingIsFine) {
      throw new MapwrightError('OUTPUT_MISSING', `the answer has no ${told}`, {
        hint: 'correct the path, or say optional="true" on <records>',
      });
    }
    const items = await evaluateItems(one, found ?? [], scope);
    const head = { module: module.value, match: one.match, whenEmpty, onRefused, fires, context: context?.value };
    received.push({ ...head, from: told, items });
  }
  return received;
}

/**
 * The items at a place of an answer; a single one counts as a list of one, what is empty as none. Undefined when there is
 * no such place. Throws OUTPUT_TYPE for a text, a number or a truth.
 */
export function itemsAt(
  path: PathReader | undefined,
  body: Json | undefined,
  told: string,
): readonly Json[] | undefined {
  const read = body === undefined || path === undefined ? undefined : path.read(body);
  const value = path === undefined ? body : read?.found === true ? read.value : undefined;
  if (value === undefined) return undefined;
  if (value === null || value === '') return [];
  if (Array.isArray(value)) return value as readonly Json[];
  if (typeof value === 'object') return [value];
  throw new MapwrightError('OUTPUT_TYPE', `${told} is a ${typeof value}, and a list is wanted`, {
    hint: 'correct the path: it leads to the list itself',
  });
}

async function evaluateItems(
  records: CompiledRecords,
  items: readonly Json[],
  scope: Scope,
): Promise<readonly ReceivedItem[]> {
  const received: ReceivedItem[] = [];
  let until = performance.now() + TURN_MS;
  for (const item of items) {
    received.push(await evaluateItem(records, { ...scope, values: { ...scope.values, item } }));
    if (performance.now() < until) continue;
    await others();
    until = performance.now() + TURN_MS;
  }
  return received;
}

async function evaluateItem({ sets }: CompiledRecords, scope: Scope): Promise<ReceivedItem> {
  try {
    const fields: Record<string, RecordValue> = {};
    for (const set of sets) {
      const value = await settingValue(set, scope);
      if (value !== undefined) fields[set.field] = asRecordValue(value);
    }
    return { fields };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code.startsWith('STORE_')) throw thrown;
    return { refused: { code: thrown.code, message: thrown.message } };
  }
}

async function settingValue(set: CompiledRecordSetting, scope: Scope): Promise<Json | undefined> {
  const found = (await set.source.evaluate(scope)) ?? set.defaultValue;
  if (found === undefined && set.optional) return undefined;
  if (found === undefined) {
    throw new MapwrightError('OUTPUT_MISSING', `"${set.field}" has no value: there is no ${set.source.describe}`);
  }
  return applyEmptyRule(
    convertValue(textOfElement(found), set.type, set.field, set.form),
    set.whenEmpty,
    `the field "${set.field}"`,
  );
}
