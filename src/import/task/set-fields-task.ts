import type { JsonObject } from '../../core/json.ts';
import { element, writeXml, type WrittenNode } from '../../xml/write.ts';
import { NATIVE_NAMESPACE } from '../../document/place.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import { textOf } from '../export/row.ts';
import type { Note } from '../workflow/report.ts';
import { fieldSettings } from './field-settings.ts';
import { valueSource } from './field-value.ts';
import { leaveOut } from './left-out.ts';
import { propertyRows, propertyText } from './property.ts';
import type { Converted, ExtraFile, TaskContext, TaskStart } from './task-context.ts';
import { startOf } from './task-head.ts';

/**
 * Update Fields: values for the run's record. Values for a record that a reference leads to go to a workflow of that
 * module, made for it, which the task launches there.
 */
export function convertSetFields(task: ExportedTask, context: TaskContext): Converted {
  const rows = propertyRows(task, 'field_value_mapping');
  if (rows === undefined) return leaveOut(task, 'its list of fields is no JSON');
  const { known, workflow } = context;
  const own = rows.filter((row) => !isBehindReference(row));
  const module = workflow.module;
  const settings = fieldSettings(own, { known, module, target: module });
  const behind = Map.groupBy(
    rows.filter(isBehindReference),
    (row) => `${textOf(row, 'fieldname')} ${textOf(row, 'fldmodule')}`,
  );
  const groups = [...behind.values()].map((group) => valuesBehind(group, context));
  const dropped = [...settings.notes, ...groups.flatMap(({ notes }) => notes)];
  const isEmpty = settings.fields.length === 0 && groups.every(({ sets }) => sets.length === 0);
  if (isEmpty) return leaveOut(task, dropped[0]?.text ?? 'it sets no field');
  const first = startOf(task, context, 'set-fields');
  const nodes: WrittenNode[] = [];
  const notes: Note[] = [...first.notes, ...dropped, ...launchNotes(task)];
  const ids: string[] = [];
  const files: ExtraFile[] = [];
  const nextStart = (): TaskStart => {
    const start = ids.length === 0 ? first : startOf(task, context, 'set-fields');
    ids.push(start.id);
    return start;
  };
  if (settings.fields.length > 0) {
    const start = nextStart();
    nodes.push(element('set-fields', start.attributes, [...start.guards, ...settings.nodes]));
  } else nodes.push(...settings.nodes);
  for (const group of groups) {
    if (group.sets.length === 0) {
      nodes.push(...group.values);
      continue;
    }
    const launched = launchBehind(group, { task, context, start: nextStart() });
    nodes.push(launched.node);
    notes.push(launched.note);
    files.push(launched.file);
  }
  return { nodes, ids, notes, files };
}

function isBehindReference(row: JsonObject): boolean {
  return textOf(row, 'fldrelname') !== '' && textOf(row, 'fldmodule') !== '';
}

function launchNotes(task: ExportedTask): Note[] {
  const asked = ['launchwf', 'launchrelwf'].some((name) => !['', '0', 'false'].includes(propertyText(task, name)));
  if (!asked) return [];
  return [
    { outcome: 'changed', text: 'it started the workflows of the record it changed; here <set-fields> starts none' },
  ];
}

/** What is set in the record behind one reference. */
interface ValuesBehind {
  readonly reference: string;
  readonly module: string;
  /** The values to hand over, and comments for those that cannot be. */
  readonly values: readonly WrittenNode[];
  /** The fields that take them; none when nothing can be set. */
  readonly sets: readonly WrittenNode[];
  readonly notes: readonly Note[];
}

function valuesBehind(rows: readonly JsonObject[], { known, workflow }: TaskContext): ValuesBehind {
  const reference = textOf(rows[0] ?? {}, 'fieldname');
  const module = textOf(rows[0] ?? {}, 'fldmodule');
  const values: WrittenNode[] = [];
  const sets: WrittenNode[] = [];
  const notes: Note[] = [];
  for (const row of rows) {
    const field = textOf(row, 'fldrelname');
    const source = valueSource(row, { known, module: workflow.module, target: { module, field } });
    const key = `new_${field.replaceAll(/\W/gu, '_')}`;
    if (!source.ok || !known.mayHave(module, field)) {
      const why = source.ok ? `${module} has no field ${field}` : source.reason;
      values.push({ comment: `${field} is not set: ${why}` });
      notes.push({ outcome: 'dropped', text: `${field} of ${module} is not set: ${why}` });
      continue;
    }
    values.push(element('context', { name: key, ...source.attributes }));
    sets.push(element('set', { field, context: key }));
  }
  return { reference, module, values, sets, notes };
}

interface Launched {
  readonly node: WrittenNode;
  readonly note: Note;
  readonly file: ExtraFile;
}

/** A workflow of the other module that sets the fields, and the task that starts it there with the values. */
function launchBehind(
  { reference, module, values, sets }: ValuesBehind,
  { task, context, start }: { readonly task: ExportedTask; readonly context: TaskContext; readonly start: TaskStart },
): Launched {
  const name = context.freeName(`${context.name}-${module.toLowerCase()}`);
  const notEmpty = element('condition', { field: reference, is: 'not-empty' });
  const text = `${module} behind ${reference} is changed by the workflow ${name}, which this task launches: soon after, not at once`;
  return {
    node: element('launch', { ...start.attributes, workflow: name, field: reference }, [
      notEmpty,
      ...start.guards,
      ...values,
    ]),
    note: { outcome: 'changed', text },
    file: { name, text: helperWorkflow({ name, module, sets, of: task.summary || context.name }) },
  };
}

function helperWorkflow(params: {
  readonly name: string;
  readonly module: string;
  readonly sets: readonly WrittenNode[];
  readonly of: string;
}): string {
  const { name, module, sets, of } = params;
  return writeXml(
    element('workflow', { xmlns: NATIVE_NAMESPACE, name, label: `${of}: ${module}`, module }, [
      element('trigger', { on: 'manual' }),
      element('tasks', {}, [element('set-fields', { id: 'set' }, sets)]),
    ]),
  );
}
