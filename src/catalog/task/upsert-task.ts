import type { UpsertTask } from '../../document/task.ts';
import type { JsonataExpression } from '../../expression/jsonata.ts';
import { checkReferences } from '../check-names.ts';
import { accept, report, resolve } from '../compile-context.ts';
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import { checkMandatory, type CompiledFieldSetting, compileFieldSettings } from './field-setting.ts';
import { compileTaskMapping } from './task-mapping.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledUpsertTask extends CompiledTaskHead {
  readonly kind: 'upsert';
  readonly module: string;
  readonly match: readonly string[];
  /** Gives the list; undefined: one record. */
  readonly each: JsonataExpression | undefined;
  readonly whenEmpty: 'fail' | 'create';
  readonly context: string | undefined;
  readonly fires: boolean;
  /** Fills the fields before `sets` do. */
  readonly mapping: CompiledMapping | undefined;
  readonly sets: readonly CompiledFieldSetting[];
}

/** Undefined after a problem of its list was reported. */
export function compileUpsert(place: TaskPlace, task: UpsertTask): CompiledUpsertTask | undefined {
  const { context, file } = place;
  const { module: name, sets, whenEmpty, fires } = task;
  const head = compileTaskHead(place, task);
  const module = resolve(context, { file, name, among: context.modules, code: 'MODULE_UNKNOWN', what: 'module' });
  const mapping = compileTaskMapping(place, { mapping: task.mapping, module, ofRows: task.each !== undefined });
  checkMandatory(place, { module, sets, mapped: mapping?.targets, at: name.range, severity: 'warning' });
  checkMatch(place, task, mapping?.targets ?? []);
  const each = compileEach(place, task);
  if (task.each !== undefined && each === undefined) return undefined;
  return {
    ...head,
    kind: 'upsert',
    module: name.value,
    match: task.match.map((field) => field.value),
    each,
    whenEmpty,
    context: task.context?.value,
    fires,
    mapping,
    sets: compileFieldSettings(place, module, sets),
  };
}

/** A record is looked for by the values that the task sets. */
function checkMatch({ context, file }: TaskPlace, { match, sets }: UpsertTask, mapped: readonly string[]): void {
  const set = new Set([...mapped, ...sets.map(({ field }) => field.value)]);
  for (const field of match) {
    if (set.has(field.value)) continue;
    report(context, {
      code: 'UPSERT_MATCH_NOT_SET',
      message: `the record is looked for by "${field.value}", and no <set> says its value`,
      hint: `add <set field="${field.value}" .../>`,
      file,
      range: field.range,
    });
  }
}

function compileEach({ context, file, module }: TaskPlace, { each }: UpsertTask): JsonataExpression | undefined {
  const expression = each && accept(context, file, each, context.texts.jsonata(each.value));
  if (each === undefined || expression === undefined) return undefined;
  const { references } = expression;
  checkReferences(context, { file, text: each, references, module, missingFieldIs: 'warning' });
  return expression;
}
