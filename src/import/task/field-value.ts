import type { JsonObject } from '../../core/json.ts';
import { decodeEntities } from '../../expression/legacy/entities.ts';
import { compileLegacy } from '../../expression/legacy/legacy.ts';
import type { WrittenElement } from '../../xml/write.ts';
import { textOf } from '../export/row.ts';
import type { Known } from '../workflow/knowledge.ts';
import { ownerSource } from './owner-value.ts';

/** Where a value comes from, as attributes; or why it cannot be brought over. */
export type ValueSource =
  | { readonly ok: true; readonly attributes: WrittenElement['attributes']; readonly note?: string }
  | { readonly ok: false; readonly reason: string };

/** What the value is for. */
export interface ValuePlace {
  readonly known: Known;
  /** The module of the run's record, whose fields are read. */
  readonly module: string;
  /** The field that gets the value; undefined for a context value. */
  readonly target: { readonly module: string; readonly field: string } | undefined;
}

const BEHIND_REFERENCE = /^\$?\(?\s*(\w+)\s*:\s*\((\w+)\)\s*(\w+)\s*\)?$/u;

/** The source of one entry of a field mapping: `{"valuetype": "rawtext|fieldname|expression", "value": ...}`. */
export function valueSource(entry: JsonObject, place: ValuePlace): ValueSource {
  const value = textOf(entry, 'value');
  switch (textOf(entry, 'valuetype')) {
    case 'fieldname':
      return fieldSource(value, place);
    case 'expression':
      return expressionSource(value);
    default:
      return literalSource(value, place);
  }
}

/** An expression of coreBOS, as it stands. Line breaks that its editor wrote as `<br>` are blanks. */
export function expressionSource(written: string): ValueSource {
  const text = written.replaceAll(/<br\s*\/?>/giu, ' ').trim();
  if (text === '') return { ok: true, attributes: { value: '' } };
  const compiled = compileLegacy(text);
  if (compiled.ok) return { ok: true, attributes: { legacy: text } };
  const { message, hint } = compiled.problem;
  return {
    ok: false,
    reason: `the expression cannot be run: ${message}${hint === undefined ? '' : ` (${hint})`}: ${text}`,
  };
}

function fieldSource(name: string, { known, module }: ValuePlace): ValueSource {
  if (name === 'id' || name === 'record_id') return { ok: true, attributes: { jsonata: 'record.id' } };
  const behind = BEHIND_REFERENCE.exec(name);
  if (behind !== null) {
    const [, reference = '', other = '', field = ''] = behind;
    return expressionSource(`$(${reference} : (${other}) ${field})`);
  }
  if (!/^[A-Za-z_]\w*$/u.test(name)) return expressionSource(name);
  if (!known.mayHave(module, name)) return { ok: false, reason: `${module} has no field ${name}` };
  // The value itself, a number a number: `field` would name what is set.
  return { ok: true, attributes: { jsonata: `record.${name}` } };
}

function literalSource(written: string, { known, target }: ValuePlace): ValueSource {
  const text = decodeEntities(written);
  const truth = /^(true|false):boolean$/u.exec(text)?.[1];
  if (truth !== undefined) return { ok: true, attributes: { value: truth === 'true' ? '1' : '0' } };
  if (target === undefined || text === '') return { ok: true, attributes: { value: text } };
  const field = known.field(target.module, target.field);
  if (field?.type === 'owner' || (field === undefined && target.field === 'assigned_user_id')) return ownerSource(text);
  if (field?.type !== 'reference' || !/^\d+$/u.test(text)) return { ok: true, attributes: { value: text } };
  const prefix = (field.references ?? []).map((name) => known.module(name)?.prefix).find((one) => one !== undefined);
  return { ok: true, attributes: { value: prefix === undefined ? text : `${prefix}x${text}` } };
}
