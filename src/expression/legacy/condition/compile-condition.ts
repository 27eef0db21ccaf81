import type { CompileProblem, CompileResult } from '../../compiled.ts';
import type { JsonataGuard } from '../../jsonata-guard.ts';
import { decodeEntities } from '../entities.ts';
import { compileLegacy } from '../legacy.ts';
import { leadingNumber } from '../number.ts';
import { environmentOn, readReferred, referredValue } from '../referred-record.ts';
import type { LegacyValue } from '../value.ts';
import type { LegacyConditionView } from './condition-view.ts';
import { type ConditionSubject, storedValue } from './condition-subject.ts';
import { type FieldPath, readFieldPath } from './field-path.ts';
import { countsUnits, findOperation } from './operations.ts';
import { readPhpPattern } from './php-pattern.ts';
import { rawValue } from './raw-value.ts';
import type { ConditionPlace, ReadCondition } from './read-conditions.ts';

/** One condition with its value compiled. */
export interface CompiledCondition {
  readonly path: FieldPath;
  readonly group: string;
  /** Joins the next condition of the group. */
  readonly join: 'and' | 'or';
  readonly groupJoin: 'and' | 'or';
  readonly place: ConditionPlace;
  holds(view: LegacyConditionView, guard: JsonataGuard): Promise<boolean>;
}

/** The value that a condition compares with, on the subject's record. */
type ValueSource = (subject: ConditionSubject, view: LegacyConditionView, guard: JsonataGuard) => Promise<LegacyValue>;

/** Compiles one condition whose operation is known; an empty operation never holds. Problems: EXPRESSION_* of its value. */
export function compileCondition({ condition, place }: ReadCondition): CompileResult<CompiledCondition> {
  const path = readFieldPath(condition.fieldname);
  const value = compileValue({ condition, place });
  if (!value.ok) return value;
  const judge = findOperation(condition.operation);
  const holdsWithout = holdsWithoutRecord(condition);
  const holds: CompiledCondition['holds'] = async (view, guard) => {
    if (judge === undefined) return false;
    const subject = await subjectOf(path, view);
    if (subject === undefined) return holdsWithout;
    const field = storedValue(subject.environment, subject.field);
    return judge({ subject, field, value: await value.value(subject, view, guard), guard });
  };
  const { groupid = '', joincondition, groupjoin } = condition;
  const group = groupid === '' ? '0' : groupid;
  return {
    ok: true,
    value: { path, group, join: joinOf(joincondition), groupJoin: joinOf(groupjoin), place, holds },
    warnings: [...value.warnings, ...neverTrue({ condition, place })],
  };
}

function joinOf(text: string | undefined): 'and' | 'or' {
  return text?.toLowerCase() === 'or' ? 'or' : 'and';
}

/** What a condition is when its reference leads nowhere: only emptiness holds of a field that is not there. */
function holdsWithoutRecord({ operation, value }: ReadCondition['condition']): boolean {
  return operation === 'is empty' || (operation === 'is' && (value ?? '').trim() === '');
}

async function subjectOf(path: FieldPath, view: LegacyConditionView): Promise<ConditionSubject | undefined> {
  const { environment, previous } = view;
  if (path.kind === 'own') return { environment, field: path.field, previous };
  const [found] = await readReferred(environment, path);
  if (found === undefined) return undefined;
  return { environment: environmentOn(found, environment), field: path.field, previous: undefined };
}

function compileValue({ condition, place }: ReadCondition): CompileResult<ValueSource> {
  const written = condition.value ?? '';
  switch (condition.valuetype) {
    case 'rawtext': {
      const text = rawValue(condition.value);
      return { ok: true, value: async () => text, warnings: [] };
    }
    case 'fieldname':
      return { ok: true, value: fieldValue(readFieldPath(decodeEntities(written))), warnings: [] };
    case 'expression':
      return compileExpressionValue(written, place);
  }
}

function fieldValue(path: FieldPath): ValueSource {
  return async (subject, { environment }) => {
    if (path.kind === 'own') return storedValue(subject.environment, path.field);
    const [found] = await readReferred(environment, path);
    return found === undefined ? null : (referredValue(found, path.field) ?? null);
  };
}

function compileExpressionValue(written: string, place: ConditionPlace): CompileResult<ValueSource> {
  if (written.trim() === '') return { ok: true, value: async () => null, warnings: [] };
  const compiled = compileLegacy(written);
  const placed = (problem: CompileProblem): CompileProblem => ({ ...problem, ...place('value', problem) });
  if (!compiled.ok) return { ok: false, problem: placed(compiled.problem) };
  return {
    ok: true,
    value: (subject, _view, guard) => compiled.value.evaluate(subject.environment, { timeoutMs: guard.timeoutMs }),
    warnings: compiled.warnings.map(placed),
  };
}

/** A literal value with which the operation can never hold, which is a mistake of the author's. */
function neverTrue({ condition, place }: ReadCondition): CompileProblem[] {
  const { operation, valuetype, value } = condition;
  if (valuetype !== 'rawtext') return [];
  const why = neverTrueWith(operation, rawValue(value));
  if (why === undefined) return [];
  return [{ code: 'CONDITION_NEVER_TRUE', message: `"${operation}" is never true: ${why}`, ...place('value') }];
}

function neverTrueWith(operation: string, text: string): string | undefined {
  if (countsUnits(operation) && leadingNumber(text) === undefined) return 'its value has to be a number';
  if (operation === 'between' && !text.includes(',')) return 'its value has to be two values with a comma between them';
  if (operation !== 'matches' || readPhpPattern(text) !== undefined) return undefined;
  return 'its value has to be a regular expression between delimiters, /^A-[0-9]+$/i';
}
