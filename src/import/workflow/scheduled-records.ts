import { NATIVE_NAMESPACE } from '../../document/place.ts';
import { parseLegacyConditions } from '../../expression/legacy/condition/read-conditions.ts';
import { element, writeXml } from '../../xml/write.ts';
import type { ExportedWorkflow } from '../export/exported-workflow.ts';
import type { ExtraFile } from '../task/task-context.ts';
import type { Known } from './knowledge.ts';
import type { Note } from './report.ts';
import { describeSchedule } from './schedule.ts';

/** Conditions about a change: nothing has changed when a clock strikes, and coreBOS passes over them. */
const ABOUT_CHANGES: ReadonlySet<string> = new Set(['has changed', 'has changed to', 'was']);

/** How a scheduled workflow is started here: what to put into a crontab, and the documents that takes. */
export interface ScheduledStart {
  readonly files: readonly ExtraFile[];
  readonly comment: string;
  readonly notes: readonly Note[];
}

/** The clock is the operating system's: a crontab starts a workflow without a record, which launches this one on its records. */
export function scheduledStart(
  workflow: ExportedWorkflow,
  params: { readonly name: string; readonly known: Known; readonly freeName: (name: string) => string },
): ScheduledStart {
  const { name } = params;
  const { says, cron } = describeSchedule(workflow.schedule);
  const chosen = chooseRecords(workflow, params);
  if (chosen === undefined) {
    const text = `it ran ${says}; its records were chosen by "${workflow.schedule.records}", which cannot be brought over: start it on its records with mapwright start ${name} --record ID`;
    return { files: [], comment: text, notes: [{ outcome: 'dropped', text }] };
  }
  const starter = params.freeName(`${name}-on-schedule`);
  const file = {
    name: starter,
    text: starterWorkflow({ name: starter, workflow: name, records: chosen.records, says }),
  };
  const lines = cron.map((line) => `${line} mapwright start ${starter}`);
  const how =
    lines.length === 0 ? `no crontab line says that: start ${starter} then` : `in a crontab: ${lines.join(' and ')}`;
  const text = `it ran ${says} in the administrator's time zone. Nothing is started by a clock in this version; ${how}. At most 1,000 records a time`;
  return { files: [...chosen.files, file], comment: text, notes: [{ outcome: 'changed', text }] };
}

function chooseRecords(
  workflow: ExportedWorkflow,
  {
    name,
    known,
    freeName,
  }: { readonly name: string; readonly known: Known; readonly freeName: (name: string) => string },
): { readonly records: string; readonly files: readonly ExtraFile[] } | undefined {
  const { records, source } = workflow.schedule;
  if (records === 'recordset') {
    const chosen = known.nameOf(['record-set', 'rule'], source, source);
    return chosen === undefined ? undefined : { records: chosen, files: [] };
  }
  if (records !== '' && records !== 'conditions') return undefined;
  const query = freeName(`${name}-records`);
  return { records: query, files: [{ name: query, text: conditionQuery(workflow) }] };
}

function conditionQuery({ module, conditions }: ExportedWorkflow): string {
  const read = parseLegacyConditions(['null', '[]', '""', '{}'].includes(conditions) ? '' : conditions);
  const list = read.ok
    ? read.value.map(({ condition }) => condition).filter(({ operation }) => !ABOUT_CHANGES.has(operation))
    : [];
  const text = JSON.stringify(list);
  return writeXml(
    element('map', {}, [
      element('module', {}, { text: module, as: 'text' }),
      element('fields', {}, { text: 'id', as: 'text' }),
      element('conditions', {}, { text, as: 'cdata' }),
      element('return', {}, { text: 'recordset', as: 'text' }),
    ]),
  );
}

function starterWorkflow(params: {
  readonly name: string;
  readonly workflow: string;
  readonly records: string;
  readonly says: string;
}): string {
  const { name, workflow, records, says } = params;
  return writeXml(
    element('workflow', { xmlns: NATIVE_NAMESPACE, name, label: `${workflow}, ${says}` }, [
      element('trigger', { on: 'manual' }),
      element('tasks', {}, [element('launch', { id: 'launch', workflow, records })]),
    ]),
  );
}
