import type { CompileProblem, CompileResult } from '../../compiled.ts';
import type { LegacyCondition } from '../condition.ts';
import { decodeWithOffsets } from '../entities.ts';
import { type JsonRow, type JsonScalar, readJsonRows } from './json-list.ts';

/** A condition, and where in the text its parts stand. */
export interface ReadCondition {
  readonly condition: LegacyCondition;
  readonly place: ConditionPlace;
}

/** The place of a condition's part: of the characters from `index` on, or of all of it. */
export type ConditionPlace = (
  part: keyof LegacyCondition,
  at?: { readonly offset: number; readonly length: number },
) => { readonly offset: number; readonly length: number };

const HINT = 'the list has the form [{"fieldname":"rating","operation":"is","value":"Active","valuetype":"rawtext"}]';

/**
 * Reads conditions as the original stores them: a JSON list, or nothing at all, which always holds. A list whose quotes
 * are written as `&quot;` is read too. Problems: CONDITION_SYNTAX, CONDITION_MEMBER.
 */
export function parseLegacyConditions(text: string): CompileResult<readonly ReadCondition[]> {
  if (text.trim() === '') return { ok: true, value: [], warnings: [] };
  const decoded = text.includes('"') ? { text, sourceOffset: (offset: number) => offset } : decodeWithOffsets(text);
  const rows = readJsonRows(decoded.text);
  const conditions: ReadCondition[] = [];
  const warnings: CompileProblem[] = [];
  let problem: CompileProblem | undefined = rows.ok ? undefined : { ...rows.problem, hint: HINT };
  for (const row of rows.ok ? rows.value : []) {
    problem ??= memberProblem(row);
    conditions.push(readRow(row, decoded.sourceOffset));
    warnings.push(...valueTypeWarning(row));
  }
  const placed = <T extends CompileProblem>(at: T): T => {
    const offset = decoded.sourceOffset(at.offset);
    return { ...at, offset, length: Math.max(0, decoded.sourceOffset(at.offset + at.length) - offset) };
  };
  if (problem !== undefined) return { ok: false, problem: placed(problem) };
  return { ok: true, value: conditions, warnings: warnings.map(placed) };
}

const VALUE_TYPES = ['rawtext', 'fieldname', 'expression'] as const;

function memberProblem({ members, offset }: JsonRow): CompileProblem | undefined {
  const missing = ['fieldname', 'operation'].find((name) => typeof members.get(name)?.value !== 'string');
  if (missing === undefined) return undefined;
  const at = members.get(missing) ?? { offset, length: 1 };
  return {
    code: 'CONDITION_MEMBER',
    message: `a condition needs a "${missing}" that is a text`,
    hint: HINT,
    offset: at.offset,
    length: at.length,
  };
}

function valueTypeWarning({ members }: JsonRow): CompileProblem[] {
  const type = members.get('valuetype');
  if (type === undefined || textOf(type) === '' || VALUE_TYPES.some((known) => known === type.value)) return [];
  const message = `${JSON.stringify(type.value).slice(0, 60)} is no valuetype: the value is taken as a text`;
  const hint = `there are: ${VALUE_TYPES.join(', ')}`;
  return [{ code: 'CONDITION_VALUE_TYPE', message, hint, offset: type.offset, length: type.length }];
}

function readRow({ members, offset }: JsonRow, sourceOffset: (offset: number) => number): ReadCondition {
  const text = (name: string): string => textOf(members.get(name));
  const value = members.get('value');
  return {
    condition: {
      fieldname: text('fieldname'),
      operation: text('operation'),
      value: value === undefined || value.value === null ? null : textOf(value),
      valuetype: VALUE_TYPES.find((known) => known === members.get('valuetype')?.value) ?? 'rawtext',
      joincondition: text('joincondition'),
      groupid: text('groupid'),
      groupjoin: text('groupjoin'),
    },
    place(part, at) {
      const scalar = members.get(part);
      const start = scalar === undefined || at === undefined ? (scalar?.offset ?? offset) : scalar.offsetOf(at.offset);
      const end =
        scalar === undefined || at === undefined
          ? start + (scalar?.length ?? 1)
          : scalar.offsetOf(at.offset + at.length);
      return { offset: sourceOffset(start), length: Math.max(0, sourceOffset(end) - sourceOffset(start)) };
    },
  };
}

/** Numbers and booleans as the original compares them; nothing for null. */
function textOf(scalar: JsonScalar | undefined): string {
  const value = scalar?.value ?? '';
  return typeof value === 'boolean' ? (value ? '1' : '') : String(value);
}
