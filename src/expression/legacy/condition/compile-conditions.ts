import { MapwrightError } from '../../../core/error.ts';
import { didYouMean } from '../../../core/suggestion.ts';
import type { CompileProblem, CompileResult, Reference } from '../../compiled.ts';
import { type JsonataBudget, JsonataGuard } from '../../jsonata-guard.ts';
import type { LegacyCondition } from '../condition.ts';
import { type CompiledCondition, compileCondition } from './compile-condition.ts';
import type { LegacyConditionView } from './condition-view.ts';
import { namesOf } from './field-path.ts';
import { findOperation, LEGACY_OPERATION_NAMES } from './operations.ts';
import { type ConditionPlace, parseLegacyConditions, type ReadCondition } from './read-conditions.ts';

/** The conditions of a workflow, task or search, ready to be judged any number of times. */
export interface LegacyConditionList {
  /** Fields of the record, behind references too. */
  readonly references: readonly Reference[];
  /** True for a list without conditions. */
  readonly isAlwaysTrue: boolean;
  /** Rejects with EXPRESSION_* where a value, a lookup or a pattern fails or takes too long. */
  holds(view: LegacyConditionView, budget?: JsonataBudget): Promise<boolean>;
}

const MAX_CONDITIONS = 1000;
const NOWHERE: ConditionPlace = () => ({ offset: 0, length: 0 });

/**
 * Compiles conditions written as the original stores them. Problems: CONDITION_SYNTAX, CONDITION_MEMBER,
 * CONDITION_OPERATION_UNKNOWN, EXPRESSION_* of a value; warnings: CONDITION_VALUE_TYPE, CONDITION_JOIN,
 * CONDITION_NEVER_TRUE.
 */
export function compileConditionText(text: string): CompileResult<LegacyConditionList> {
  const read = parseLegacyConditions(text);
  if (!read.ok) return read;
  const compiled = compileAll(read.value);
  return compiled.ok ? { ...compiled, warnings: [...read.warnings, ...compiled.warnings] } : compiled;
}

/** As `compileConditionText`, of conditions that have been read; places are those of no text. */
export function compileLegacyConditions(conditions: readonly LegacyCondition[]): CompileResult<LegacyConditionList> {
  return compileAll(conditions.map((condition) => ({ condition, place: NOWHERE })));
}

/** Judges conditions that have been read, at once; throws the problem that they have as an error. */
export function legacyConditionsHold(
  conditions: readonly LegacyCondition[],
  view: LegacyConditionView,
  budget?: JsonataBudget,
): Promise<boolean> {
  const compiled = compileLegacyConditions(conditions);
  if (compiled.ok) return compiled.value.holds(view, budget);
  const { code, message, hint } = compiled.problem;
  return Promise.reject(new MapwrightError(code, message, hint === undefined ? {} : { hint }));
}

function compileAll(conditions: readonly ReadCondition[]): CompileResult<LegacyConditionList> {
  const problem = conditions.length > MAX_CONDITIONS ? tooMany() : conditions.map(operationProblem).find(isThere);
  if (problem !== undefined) return { ok: false, problem };
  const compiled = conditions.map(compileCondition);
  const failed = compiled.find((one) => !one.ok);
  if (failed !== undefined) return failed;
  const all = compiled.flatMap((one) => (one.ok ? [one.value] : []));
  const groups = groupsOf(all);
  const warnings = [...compiled.flatMap((one) => (one.ok ? one.warnings : [])), ...joinWarnings(conditions)];
  return {
    ok: true,
    value: {
      references: all.flatMap(referencesOf),
      isAlwaysTrue: all.length === 0,
      holds: async (view, budget = {}) => groupsHold(groups, view, new JsonataGuard(budget)),
    },
    warnings,
  };
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

function tooMany(): CompileProblem {
  return {
    code: 'CONDITION_SYNTAX',
    message: `there are more than ${MAX_CONDITIONS} conditions`,
    offset: 0,
    length: 1,
  };
}

function operationProblem({ condition: { operation }, place }: ReadCondition): CompileProblem | undefined {
  if (operation === '' || findOperation(operation) !== undefined) return undefined;
  const hint = didYouMean(operation, LEGACY_OPERATION_NAMES) ?? `there are: ${LEGACY_OPERATION_NAMES.join(', ')}`;
  const message = `there is no operation "${operation.slice(0, 60)}"`;
  return { code: 'CONDITION_OPERATION_UNKNOWN', message, hint, ...place('operation') };
}

const JOINS = ['', 'and', 'or'];

function joinWarnings(conditions: readonly ReadCondition[]): CompileProblem[] {
  const firstGroup = conditions[0]?.condition.groupid ?? '';
  return conditions.flatMap(({ condition, place }) =>
    (['joincondition', 'groupjoin'] as const).flatMap((part): CompileProblem[] => {
      const join = (condition[part] ?? '').toLowerCase();
      if (!JOINS.includes(join)) {
        const message = `"${join.slice(0, 20)}" joins nothing: it is taken as and`;
        return [{ code: 'CONDITION_JOIN', message, hint: 'write and, or', ...place(part) }];
      }
      if (part === 'joincondition' || join !== 'or' || (condition.groupid ?? '') !== firstGroup) return [];
      const message = 'nothing stands before the first group: its "or" has no effect';
      return [{ code: 'CONDITION_JOIN', message, ...place(part) }];
    }),
  );
}

function referencesOf({ path, place }: CompiledCondition): Reference[] {
  return [{ root: 'record', path: namesOf(path), ...place('fieldname') }];
}

interface Group {
  readonly conditions: CompiledCondition[];
  /** How the group is joined to those before it; what its last condition says counts. */
  join: 'and' | 'or';
}

/** Groups in the order in which each is named first. */
function groupsOf(conditions: readonly CompiledCondition[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const condition of conditions) {
    const group: Group = groups.get(condition.group) ?? { conditions: [], join: 'and' };
    group.conditions.push(condition);
    group.join = condition.groupJoin;
    groups.set(condition.group, group);
  }
  return [...groups.values()];
}

/** Left to right without precedence. Everything is judged, as what fails late fails the whole. */
async function groupsHold(groups: readonly Group[], view: LegacyConditionView, guard: JsonataGuard): Promise<boolean> {
  let result: boolean | undefined;
  for (const { conditions, join } of groups) {
    let inGroup: boolean | undefined;
    let before: 'and' | 'or' = 'and';
    for (const condition of conditions) {
      guard.checkTime();
      inGroup = joined(inGroup, before, await condition.holds(view, guard));
      before = condition.join;
    }
    result = joined(result, join, inGroup ?? true);
  }
  return result ?? true;
}

function joined(soFar: boolean | undefined, join: 'and' | 'or', next: boolean): boolean {
  if (soFar === undefined) return next;
  return join === 'or' ? soFar || next : soFar && next;
}
