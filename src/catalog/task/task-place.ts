import type { ModuleDefinition } from '../../core/module.ts';
import type { TaskHead } from '../../document/task.ts';
import type { WorkflowDocument } from '../../document/workflow.ts';
import type { CompileContext } from '../compile-context.ts';
import { compileGuard } from '../compile-guard.ts';
import { compilePlan } from '../compile-plan.ts';
import type { CompiledGuard } from '../compiled-guard.ts';
import type { CompiledMap } from '../compiled-map.ts';
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import type { CompiledPlan } from '../compiled-plan.ts';
import type { CompiledService } from '../compiled-service.ts';

/** What a workflow's names are looked up in. `known...` hold those that have errors of their own, too. */
export interface WorkflowNames {
  readonly maps: ReadonlyMap<string, CompiledMap>;
  readonly knownMaps: ReadonlyMap<string, unknown>;
  readonly services: ReadonlyMap<string, CompiledService>;
  readonly knownWorkflows: ReadonlyMap<string, WorkflowDocument>;
  readonly mappings: ReadonlyMap<string, CompiledMapping>;
  readonly knownMappings: ReadonlyMap<string, unknown>;
  /** Record sets and condition queries. */
  readonly recordChoices: ReadonlyMap<string, { readonly kind: string }>;
}

/** Where a task stands: what its names are looked up in. */
export interface TaskPlace {
  readonly context: CompileContext;
  readonly file: string;
  /** The workflow's module; undefined when it has none, or an unknown one. */
  readonly module: ModuleDefinition | undefined;
  readonly names: WorkflowNames;
}

/** What every compiled task has. */
export interface CompiledTaskHead {
  readonly id: string;
  /** What people call it. */
  readonly label: string | undefined;
  readonly guard: CompiledGuard;
  /** The task's own error plan, for a call the nearest of task, map and service. */
  readonly plan: CompiledPlan | undefined;
}

/** What all tasks have in common, compiled. */
export function compileTaskHead(place: TaskPlace, task: TaskHead): CompiledTaskHead {
  return {
    id: task.id,
    label: task.label,
    guard: compileGuard(place.context, place, task.guard),
    plan: compilePlan(place.context, place, task.onError),
  };
}
