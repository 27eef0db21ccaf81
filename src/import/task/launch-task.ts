import { freeName } from '../../core/document-name.ts';
import { element, type WrittenElement, type WrittenNode } from '../../xml/write.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import type { Note } from '../workflow/report.ts';
import { leaveOut } from './left-out.ts';
import { propertyText } from './property.ts';
import type { Converted, TaskContext, TaskStart } from './task-context.ts';
import { startOf } from './task-head.ts';

/** Launch Workflow: another workflow on this record, on a list of records, or on those that a map chooses. */
export function convertLaunch(task: ExportedTask, context: TaskContext): Converted {
  const id = propertyText(task, 'workflowid');
  const title = propertyText(task, 'workflowid_display');
  const target = context.workflowNamed(id, title);
  if (target === undefined) {
    const called = [title, id === '' ? '' : `number ${id}`].filter((one) => one !== '').join(', ');
    return leaveOut(
      task,
      `the workflow it launches (${called || 'none'}) is not in the export: export it too, or write <launch workflow="...">`,
    );
  }
  const chosen = chooseRecords(task, context, target.module);
  if (!chosen.ok) return leaveOut(task, chosen.reason);
  const start = startOf(task, context, 'launch');
  const before = chosen.ids === undefined ? undefined : idsTask(chosen.ids, { start, context });
  const launch = element(
    'launch',
    { ...start.attributes, workflow: target.name, ...chosen.attributes, context: before?.key },
    start.guards,
  );
  const text = 'the workflow it launches runs on its own: the next task does not wait for it';
  const notes: Note[] = [...start.notes, ...chosen.notes, { outcome: 'changed', text }];
  return {
    nodes: before === undefined ? [launch] : [before.node, launch],
    ids: before === undefined ? [start.id] : [before.id, start.id],
    notes,
  };
}

type Chosen =
  | {
      readonly ok: true;
      readonly attributes: WrittenElement['attributes'];
      readonly ids?: readonly string[];
      readonly notes: readonly Note[];
    }
  | { readonly ok: false; readonly reason: string };

function chooseRecords(task: ExportedTask, { known }: TaskContext, module: string): Chosen {
  switch (propertyText(task, 'record_filter_opt')) {
    case '':
    case 'filterByCurrentRecord':
      return { ok: true, attributes: {}, notes: [] };
    case 'filterByThese': {
      const prefix = known.module(module)?.prefix;
      const ids = propertyText(task, 'crmids_list')
        .split(',')
        .map((id) => id.trim())
        .filter((id) => /^\d+(?:x\d+)?$/u.test(id));
      if (ids.length === 0) return { ok: false, reason: 'its list of records is empty, and coreBOS launched nothing' };
      if (prefix === undefined && ids.some((id) => !id.includes('x'))) {
        return {
          ok: false,
          reason: `its records are numbers, and the module ${module} is not at hand: bring it over and import again`,
        };
      }
      return { ok: true, attributes: {}, ids: ids.map((id) => (id.includes('x') ? id : `${prefix}x${id}`)), notes: [] };
    }
    case 'filterByRecordSetMap': {
      const name = known.nameOf(
        ['record-set', 'rule'],
        propertyText(task, 'recordsetmapid'),
        propertyText(task, 'recordsetmapid_display'),
      );
      if (name === undefined)
        return {
          ok: false,
          reason: `the map that chooses its records (number ${propertyText(task, 'recordsetmapid')}) has no name here: say it with --maps`,
        };
      const text = 'at most 1,000 records are launched at once';
      return { ok: true, attributes: { records: name }, notes: [{ outcome: 'changed', text }] };
    }
    case 'filterByrelModuleAndConditionExpressionMap':
      return {
        ok: false,
        reason:
          'it chooses among related records by a rule: write a condition query that finds them, and <launch records="...">',
      };
    default:
      return {
        ok: false,
        reason: `how it chooses records (${propertyText(task, 'record_filter_opt')}) is not known here: put their ids into the context, and <launch context="...">`,
      };
  }
}

function idsTask(
  ids: readonly string[],
  { start, context }: { readonly start: TaskStart; readonly context: TaskContext },
): { readonly node: WrittenNode; readonly id: string; readonly key: string } {
  const id = freeName(`${start.id}-records`, context.ids);
  const key = `${start.id.replaceAll(/\W/gu, '_')}_records`;
  const set = element('set', { context: key, jsonata: `[${ids.map((one) => `'${one}'`).join(', ')}]`, type: 'array' });
  return { node: element('expression', { id, when: start.attributes['when'] }, [...start.guards, set]), id, key };
}
