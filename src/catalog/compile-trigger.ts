import type { ModuleDefinition } from '../core/module.ts';
import type { TriggerEvent } from '../core/run.ts';
import type { TrackDefinition, TriggerDefinition, WorkflowDocument } from '../document/workflow.ts';
import { fieldProblem } from './check-names.ts';
import { type CompileContext, report, resolve } from './compile-context.ts';
import { compileGuard } from './compile-guard.ts';
import { compileSource } from './compile-source.ts';
import { compileTriggerSchedule, type RecordChoices } from './schedule/compile-schedule.ts';
import type { CompiledTrack, CompiledTrigger, CompiledWorkflow } from './compiled-workflow.ts';

/** What starts the workflow, for the index by module; problems are reported. */
export function compileTriggers(
  context: CompileContext,
  document: WorkflowDocument,
  module: ModuleDefinition | undefined,
  choices: RecordChoices,
): CompiledTrigger[] {
  const { file } = document;
  return document.triggers.map((trigger) => {
    for (const field of trigger.fields ?? []) {
      const problem = fieldProblem(context, module, [field.value]);
      if (problem !== undefined) report(context, { ...problem, file, range: field.range });
    }
    const { to } = trigger;
    if (to !== undefined) {
      resolve(context, { file, name: to, among: context.modules, code: 'MODULE_UNKNOWN', what: 'module' });
    }
    return {
      workflow: document.name,
      on: trigger.on,
      fields: trigger.fields && new Set(trigger.fields.map((field) => field.value)),
      to: to?.value,
      waitMs: trigger.waitMs,
      schedule: compileTriggerSchedule({ context, document, module, choices }, trigger),
      guard: compileGuard(context, { file, module }, trigger.guard),
    };
  });
}

/** The workflow's business keys; one with problems is left out after they were reported. */
export function compileTracks(
  context: CompileContext,
  place: { readonly file: string; readonly module: ModuleDefinition | undefined },
  tracks: readonly TrackDefinition[],
): CompiledTrack[] {
  return tracks.flatMap(({ name, source }) => {
    const compiled = compileSource(context, place, source);
    return compiled === undefined ? [] : [{ name: name.value, source: compiled, plain: plainOf(source) }];
  });
}

function plainOf(source: TrackDefinition['source']): CompiledTrack['plain'] {
  if (source.kind === 'value') return { value: source.text };
  return source.kind === 'field' && !source.name.value.includes('.') ? { field: source.name.value } : undefined;
}

/** Triggers by module and event, so that a save looks only at its own. Those that fire once stand last. */
export function indexTriggers(
  entries: readonly { readonly workflow: CompiledWorkflow; readonly triggers: readonly CompiledTrigger[] }[],
): (module: string | undefined, event: TriggerEvent) => readonly CompiledTrigger[] {
  const index = new Map<string, CompiledTrigger[]>();
  for (const { workflow, triggers } of entries) {
    const { document, module } = workflow;
    if (!document.active || (document.module !== undefined && module === undefined)) continue;
    for (const trigger of triggers) {
      for (const event of eventsOf(trigger.on)) {
        const key = keyOf(module?.name, event);
        const known = index.get(key);
        if (known === undefined) index.set(key, [trigger]);
        else known.push(trigger);
      }
    }
  }
  // A workflow starts once for each event, and any other trigger of it comes before one that may have been used up.
  for (const list of index.values()) list.sort((a, b) => Number(a.on === 'first-true') - Number(b.on === 'first-true'));
  return (module, event) => index.get(keyOf(module, event)) ?? [];
}

function keyOf(module: string | undefined, event: TriggerEvent): string {
  return `${module ?? ''} ${event}`;
}

function eventsOf(on: TriggerDefinition['on']): readonly TriggerEvent[] {
  return on === 'save' || on === 'first-true' ? ['create', 'update'] : [on];
}
