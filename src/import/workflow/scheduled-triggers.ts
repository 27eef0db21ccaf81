import { parseLegacyConditions } from '../../expression/legacy/condition/read-conditions.ts';
import { element, type WrittenNode } from '../../xml/write.ts';
import type { ExportedWorkflow } from '../export/exported-workflow.ts';
import type { Known } from './knowledge.ts';
import type { Note } from './report.ts';
import { describeSchedule } from './schedule.ts';

/** Conditions about a change: nothing has changed when a clock strikes, and coreBOS passes over them. */
const ABOUT_CHANGES: ReadonlySet<string> = new Set(['has changed', 'has changed to', 'was']);

/** What starts a scheduled workflow: its triggers, and what there is to say of them. */
export interface ScheduledTriggers {
  readonly nodes: readonly WrittenNode[];
  readonly says: string;
  readonly notes: readonly Note[];
}

/**
 * A trigger for each time at which a scheduled workflow ran; by hand where the export does not tell them, or the records
 * cannot be chosen as they were.
 * @param when what must be true besides
 * @param conditions its conditions, as elements
 */
export function scheduledTriggers(
  workflow: ExportedWorkflow,
  {
    known,
    when,
    conditions,
  }: {
    readonly known: Known;
    readonly when: string | undefined;
    readonly conditions: readonly WrittenNode[];
  },
): ScheduledTriggers {
  const { says, triggers } = describeSchedule(workflow.schedule);
  const records = chosenBy(workflow, known);
  if (records === undefined || triggers.length === 0) {
    const why =
      records === undefined
        ? `its records were chosen by "${workflow.schedule.records}", which cannot be brought over`
        : 'no trigger can say that';
    const text = `it ran ${says}; ${why}: start it by hand, with mapwright start WORKFLOW --record ID`;
    return {
      nodes: [element('trigger', { on: 'manual', when }, conditions)],
      says: 'manual',
      notes: [{ outcome: 'dropped', text }],
    };
  }
  const nodes = triggers.map((times, index) => {
    const name = triggers.length === 1 ? undefined : `schedule-${index + 1}`;
    return element('trigger', { on: 'schedule', name, ...times, records: records.name, when }, conditions);
  });
  const text = `it runs ${says}, by the install's clock; coreBOS went by its administrator's time zone: zone="Europe/Madrid" in its trigger says another`;
  return { nodes, says: `schedule, ${says}`, notes: [{ outcome: 'kept', text }] };
}

/** The record set or rule that chose the records; none where conditions did, undefined for what cannot be brought over. */
function chosenBy({ schedule }: ExportedWorkflow, known: Known): { readonly name: string | undefined } | undefined {
  const { records, source } = schedule;
  if (records === '' || records === 'conditions') return { name: undefined };
  if (records !== 'recordset') return undefined;
  const name = known.nameOf(['record-set', 'rule'], source, source);
  return name === undefined ? undefined : { name };
}

/** The list of conditions without those about a change, word for word where there are none. */
export function withoutChanges(conditions: string): string {
  const read = parseLegacyConditions(conditions);
  if (!read.ok) return conditions;
  const all = read.value.map(({ condition }) => condition);
  const kept = all.filter(({ operation }) => !ABOUT_CHANGES.has(operation));
  return kept.length === all.length ? conditions : JSON.stringify(kept);
}
