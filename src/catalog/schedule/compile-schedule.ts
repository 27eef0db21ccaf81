import type { Located } from '../../core/diagnostic.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { RuleDocument } from '../../document/rule/rule.ts';
import { scheduleName } from '../../document/schedule.ts';
import type { TriggerDefinition, WorkflowDocument } from '../../document/workflow.ts';
import { type CompileContext, report, resolve } from '../compile-context.ts';
import type { CompiledTrigger, CompiledWorkflow } from '../compiled-workflow.ts';
import type { CompiledSchedule, TriggerSchedule } from './compiled-schedule.ts';

/** What chooses records, by name: rules that find some, and record sets. */
export type RecordChoices = ReadonlyMap<string, { readonly kind: string }>;

/** What the trigger says of a clock; undefined for one that looks at none. Reports RECORDS_UNKNOWN and others. */
export function compileTriggerSchedule(
  place: {
    readonly context: CompileContext;
    readonly document: WorkflowDocument;
    readonly module: ModuleDefinition | undefined;
    readonly choices: RecordChoices;
  },
  { schedule, guard }: TriggerDefinition,
): TriggerSchedule | undefined {
  if (schedule === undefined) return undefined;
  const { name, timing, zone, missed, overlap, records } = schedule;
  if (records !== undefined) checkRecords(place, records);
  const whole = scheduleName(place.document.name, name);
  return { name: whole, timing, zone, missed, overlap, records: records?.value, guard };
}

function checkRecords(
  { context, document: { file }, module, choices: among }: Parameters<typeof compileTriggerSchedule>[0],
  name: Located<string>,
): void {
  const what = 'record set or rule that finds records';
  const found = resolve(context, { file, name, among, code: 'RECORDS_UNKNOWN', what });
  const finds = found?.kind === 'rule' ? moduleFound(found as RuleDocument) : undefined;
  if (finds === undefined || module === undefined || finds === module.name) return;
  report(context, {
    code: 'WORKFLOW_SCHEDULE_RECORDS',
    message: `"${name.value}" finds records of ${finds}, and the workflow is for ${module.name}`,
    hint: `name a rule that finds records of ${module.name}`,
    file,
    range: name.range,
  });
}

function moduleFound(rule: RuleDocument): string | undefined {
  if (rule.form !== 'condition-query') return undefined;
  if (rule.query.kind === 'search') return rule.query.search.module.value;
  return rule.query.kind === 'conditions' ? rule.query.module.value : undefined;
}

/** The schedules of workflows that are switched on, by name. */
export function indexSchedules(
  entries: readonly { readonly workflow: CompiledWorkflow; readonly triggers: readonly CompiledTrigger[] }[],
): ReadonlyMap<string, CompiledSchedule> {
  const schedules = new Map<string, CompiledSchedule>();
  for (const { workflow, triggers } of entries) {
    const { document, module } = workflow;
    if (!document.active || (document.module !== undefined && module === undefined)) continue;
    for (const trigger of triggers) {
      if (trigger.schedule !== undefined) {
        schedules.set(trigger.schedule.name, { ...trigger.schedule, workflow, trigger });
      }
    }
  }
  return schedules;
}
