import type { ModuleDefinition } from '../core/module.ts';
import type { Guard } from '../document/common.ts';
import type { Task, WebserviceTask, WorkflowDocument } from '../document/workflow.ts';
import { compileJsonata } from '../expression/jsonata.ts';
import { checkReferences, fieldProblem } from './check-names.ts';
import { type CompileContext, accept, report, resolve } from './compile-context.ts';
import { compileSource } from './compile-source.ts';
import { type CompiledGuard, compiledGuard } from './compiled-guard.ts';
import type { CompiledMap } from './compiled-map.ts';
import type { CompiledService } from './compiled-service.ts';
import {
  type CompiledCallTask,
  type CompiledTask,
  type CompiledTrigger,
  type CompiledWorkflow,
  eachTask,
  linkTasks,
} from './compiled-workflow.ts';

/** What a workflow's names are looked up in. `knownMaps` holds the names of maps that have errors of their own, too. */
export interface WorkflowNames {
  readonly maps: ReadonlyMap<string, CompiledMap>;
  readonly knownMaps: ReadonlyMap<string, unknown>;
  readonly services: ReadonlyMap<string, CompiledService>;
}

interface Place {
  readonly context: CompileContext;
  readonly file: string;
  readonly module: ModuleDefinition | undefined;
  readonly names: WorkflowNames;
}

/** The workflow with its names resolved and its order worked out; problems are reported. */
export function compileWorkflow(
  context: CompileContext,
  document: WorkflowDocument,
  names: WorkflowNames,
): CompiledWorkflow {
  const { file } = document;
  const module =
    document.module &&
    resolve(context, { file, name: document.module, among: context.modules, code: 'MODULE_UNKNOWN', what: 'module' });
  const place: Place = { context, file, module, names };
  const tasks = new Map<string, CompiledTask>();
  for (const task of eachTask(document.tasks)) {
    const compiled = compileTask(place, task);
    if (compiled !== undefined) tasks.set(task.id, compiled);
  }
  const { first, after } = linkTasks(document.tasks, undefined, new Map());
  const always = [...tasks.values()].filter((task) => task.kind === 'webservice' && task.document.always);
  return { name: document.name, document, module, first, tasks, after, always: always as CompiledCallTask[] };
}

/** What starts the workflow, for the index by module. */
export function compileTriggers(
  context: CompileContext,
  document: WorkflowDocument,
  module: ModuleDefinition | undefined,
): CompiledTrigger[] {
  const place: Place = {
    context,
    file: document.file,
    module,
    names: { maps: new Map(), knownMaps: new Map(), services: new Map() },
  };
  return document.triggers.map((trigger) => {
    for (const field of trigger.fields ?? []) {
      const problem = fieldProblem(context, module, [field.value]);
      if (problem !== undefined) report(context, { ...problem, file: document.file, range: field.range });
    }
    return {
      workflow: document.name,
      on: trigger.on,
      fields: trigger.fields && new Set(trigger.fields.map((field) => field.value)),
      guard: compileGuard(place, trigger.guard),
    };
  });
}

function compileGuard({ context, file, module }: Place, guard: Guard): CompiledGuard {
  for (const { field } of guard.conditions) {
    const problem = fieldProblem(context, module, [field.value]);
    if (problem !== undefined) report(context, { ...problem, file, range: field.range });
  }
  const text = guard.jsonata;
  const expression = text && accept(context, file, text, compileJsonata(text.value));
  if (text !== undefined && expression !== undefined) {
    checkReferences(context, { file, text, references: expression.references, module, missingFieldIs: 'warning' });
  }
  return compiledGuard(guard, expression);
}

function compileTask(place: Place, task: Task): CompiledTask | undefined {
  const guard = compileGuard(place, task.guard);
  switch (task.kind) {
    case 'webservice':
      return compileCall(place, task, guard);
    case 'set-fields':
      return {
        kind: 'set-fields',
        id: task.id,
        guard,
        sets: task.sets.flatMap(({ field, source, type }) => {
          const problem = fieldProblem(place.context, place.module, [field.value]);
          if (problem !== undefined) report(place.context, { ...problem, file: place.file, range: field.range });
          const compiled = compileSource(place.context, place, source);
          return compiled === undefined ? [] : [{ field: field.value, source: compiled, type }];
        }),
      };
    case 'choose':
      return {
        kind: 'choose',
        id: task.id,
        guard,
        branches: task.branches.map((branch) => ({
          guard: compileGuard(place, branch.guard),
          first: firstOf(branch.tasks),
        })),
        otherwise: firstOf(task.otherwise),
      };
    case 'end':
      return { kind: 'end', id: task.id, guard, as: task.as, label: task.label };
  }
}

function firstOf(tasks: readonly Task[]): string | undefined {
  return tasks.find((task) => !task.always)?.id;
}

function compileCall(place: Place, task: WebserviceTask, guard: CompiledGuard): CompiledCallTask | undefined {
  const { context, file, names } = place;
  const among = names.knownMaps;
  const known = resolve(context, { file, name: task.map, among, code: 'MAP_UNKNOWN', what: 'map' });
  const service =
    task.service &&
    resolve(context, { file, name: task.service, among: names.services, code: 'SERVICE_UNKNOWN', what: 'service' });
  const map = names.maps.get(task.map.value);
  if (known === undefined || map === undefined) return undefined;
  checkRenew(place, task, map);
  checkModule(place, task, map);
  return { kind: 'webservice', id: task.id, document: task, guard, map, service: service ?? map.service };
}

function checkRenew({ context, file }: Place, task: WebserviceTask, map: CompiledMap): void {
  const writesField = map.outputs.find((output) => output.document.field !== undefined);
  if (!(task.renew || task.always) || writesField === undefined) return;
  const kind = task.renew ? 'renew' : 'always';
  report(context, {
    code: task.renew ? 'TASK_RENEW_WRITES' : 'TASK_ALWAYS_WRITES',
    message: `task "${task.id}" is ${kind}="true", and its map "${map.name}" writes the field "${writesField.document.field?.value}"`,
    hint: `a task that ${task.renew ? 'is run again' : 'always runs'} may only write the context: remove ${kind}="true", or the field output`,
    file,
    range: task.map.range,
  });
}

function checkModule({ context, file, module }: Place, task: WebserviceTask, map: CompiledMap): void {
  const wanted = map.document.module?.value;
  if (wanted === undefined || module === undefined || wanted === module.name) return;
  report(context, {
    code: 'MAP_MODULE_DIFFERS',
    message: `map "${map.name}" is for ${wanted}, the workflow for ${module.name}`,
    severity: map.document.dialect === 'native' ? 'error' : 'warning',
    file,
    range: task.map.range,
  });
}
