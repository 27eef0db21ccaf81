import type { FieldDefinition } from '../../core/module.ts';
import type { LaunchTask } from '../../document/task.ts';
import type { WorkflowDocument } from '../../document/workflow.ts';
import { report, resolve } from '../compile-context.ts';
import { compileSource } from '../compile-source.ts';
import type { CompiledSource } from '../compiled-source.ts';
import { type CompiledContextSetting, compileContextSettings } from './context-setting.ts';
import { chosenRecords } from '../record-set/chosen-records.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledLaunchTask extends CompiledTaskHead {
  readonly kind: 'launch';
  readonly workflow: string;
  /** Gives the id of the record, or a list of ids; undefined: the run's own record. */
  readonly record: CompiledSource | undefined;
  readonly context: readonly CompiledContextSetting[];
}

/** Undefined after a problem of its record was reported. */
export function compileLaunch(place: TaskPlace, task: LaunchTask): CompiledLaunchTask | undefined {
  const { context, file, names } = place;
  const { workflow: name } = task;
  const among = names.knownWorkflows;
  const target = resolve(context, { file, name, among, code: 'WORKFLOW_UNKNOWN', what: 'workflow' });
  if (target !== undefined) checkTarget(place, task, target);
  const record = task.record && compileRecord(place, task.record, target?.module?.value);
  if (task.record !== undefined && record === undefined) return undefined;
  return {
    ...compileTaskHead(place, task),
    kind: 'launch',
    workflow: name.value,
    record,
    context: compileContextSettings(place, task.context),
  };
}

/** Where the ids come from; undefined after a problem was reported. */
function compileRecord(
  place: TaskPlace,
  { kind, name }: NonNullable<LaunchTask['record']>,
  module: string | undefined,
): CompiledSource | undefined {
  if (kind !== 'records') return compileSource(place.context, place, { kind, name });
  const { context, file, names } = place;
  const what = 'record set or condition query';
  const code = 'RECORDS_UNKNOWN';
  const found = resolve(context, { file, name, among: names.recordChoices, code, what });
  return found === undefined ? undefined : chosenRecords(name.value, module);
}

function checkTarget(place: TaskPlace, task: LaunchTask, target: WorkflowDocument): void {
  const { context, file } = place;
  if (!target.active) {
    report(context, {
      code: 'LAUNCH_INACTIVE',
      message: `the workflow "${target.name}" is switched off: launching it would fail`,
      hint: 'remove active="false" there',
      severity: 'warning',
      file,
      range: task.workflow.range,
    });
  }
  const problem = moduleProblem(place, task, target.module?.value);
  if (problem === undefined) return;
  const at = task.record?.name.range ?? task.workflow.range;
  report(context, { code: 'LAUNCH_MODULE_DIFFERS', ...problem, file, range: at });
}

interface Problem {
  readonly message: string;
  readonly hint: string;
}

/** Why the launched workflow cannot run on this record, as far as it can be told beforehand. */
function moduleProblem({ module }: TaskPlace, task: LaunchTask, wanted: string | undefined): Problem | undefined {
  const { record, workflow } = task;
  if (wanted === undefined) {
    if (record === undefined) return undefined;
    const message = `the workflow "${workflow.value}" has no module: it runs on no record`;
    return { message, hint: `remove ${record.kind}, or give the workflow a module` };
  }
  if (record?.kind === 'context' || record?.kind === 'records') return undefined;
  if (record === undefined) {
    if (module === undefined || module.name === wanted) return undefined;
    const message = `the workflow "${workflow.value}" is for ${wanted}, this one for ${module.name}`;
    return { message, hint: `name a record of ${wanted}: field="..." or context="..."` };
  }
  const field = module?.fields.find((candidate) => candidate.name === record.name.value);
  if (field === undefined || pointsAt(field, wanted)) return undefined;
  const message = `"${field.name}" leads to no record of ${wanted}, which the workflow "${workflow.value}" is for`;
  return { message, hint: `name a reference field that leads to ${wanted}` };
}

function pointsAt(field: FieldDefinition, module: string): boolean {
  return field.type === 'reference' ? (field.references ?? []).includes(module) : field.type === 'string';
}
