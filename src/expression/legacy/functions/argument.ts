import { recordNumber } from '../../../core/record.ts';
import { toLegacyText, type LegacyValue } from '../value.ts';
import type { FunctionScope } from './function.ts';

/** The text of an argument; empty when it was not given. */
export function textOf(value: LegacyValue | undefined): string {
  return toLegacyText(value ?? '');
}

/** A text with commas between as its parts, blanks around them left away; none of an empty text. */
export function listOf(value: LegacyValue | undefined): readonly string[] {
  const parts = textOf(value)
    .split(',')
    .map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

/** The record that a function works on. */
export interface OwnRecord {
  readonly id: string;
  readonly module: string;
}

/** The stored record that the expression belongs to; undefined when there is none. */
export function ownRecord({ environment }: FunctionScope): OwnRecord | undefined {
  const { mode, recordId, module } = environment;
  return mode === 'record' && recordId !== undefined && module !== undefined ? { id: recordId, module } : undefined;
}

/**
 * The record that an argument names: an id as on the wire, or the bare number of a record of the expression's own module.
 * Without an argument the expression's own record. Undefined when it names none.
 */
export function namedRecord(value: LegacyValue | undefined, scope: FunctionScope): OwnRecord | undefined {
  const text = textOf(value).trim();
  const own = ownRecord(scope);
  if (text === '' || text === own?.id) return own;
  const { records } = scope.environment.services;
  const id = /^\d+$/u.test(text) ? idIn(scope.environment.module, text, scope) : text;
  const module = id === undefined ? undefined : records.moduleOf(id);
  return id === undefined || module === undefined ? undefined : { id, module: module.name };
}

/** The id on the wire of a module's record; a text that is one already stays. Undefined when there is no such module. */
export function idIn(module: string | undefined, text: string, { environment }: FunctionScope): string | undefined {
  if (recordNumber(text) !== undefined) return text;
  const prefix = module === undefined ? undefined : environment.services.records.module(module)?.prefix;
  return prefix !== undefined && /^[1-9]\d*$/u.test(text) ? `${prefix}x${text}` : undefined;
}

/** The number in an id as the database has it: `74` of `11x74`; any other text stays. */
export function bareNumber(id: string): string {
  return String(recordNumber(id) ?? id);
}
