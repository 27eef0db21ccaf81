import type { JsonObject } from '../../core/json.ts';
import { element } from '../../xml/write.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import { textOf } from '../export/row.ts';
import type { Note } from '../workflow/report.ts';
import { fieldSettings } from './field-settings.ts';
import { leaveOut } from './left-out.ts';
import { propertyRows, propertyText } from './property.ts';
import type { Converted, TaskContext } from './task-context.ts';
import { startOf } from './task-head.ts';

/**
 * Create Entity: a new record, whose creation starts workflows as there. A mapping `<From>2<To>` that is at hand fills it,
 * as coreBOS looks for one of that name by itself.
 */
export function convertCreate(task: ExportedTask, context: TaskContext): Converted {
  const rows = propertyRows(task, 'field_value_mapping');
  const target = propertyText(task, 'entity_type');
  if (rows === undefined) return leaveOut(task, 'its list of fields is no JSON');
  if (target === '' || rows.length === 0)
    return leaveOut(task, 'it says not what to create, and coreBOS created nothing');
  const { known, workflow } = context;
  const { module } = workflow;
  const settled = settleOwnValues(rows, { target, module });
  const settings = fieldSettings(settled.rows, { known, module, target });
  const reference = propertyText(task, 'reference_field');
  const link = reference === '' || !known.mayHave(target, reference) ? undefined : reference;
  const mapping = `${module}2${target}`;
  const start = startOf(task, context, 'create');
  const sets = settings.nodes.filter((node) => !('name' in node && node.attributes['field'] === link));
  const node = element(
    'create-record',
    {
      ...start.attributes,
      module: target,
      fires: 'true',
      mapping: known.has('mapping', mapping) ? mapping : undefined,
    },
    [...start.guards, ...sets, ...(link === undefined ? [] : [element('set', { field: link, jsonata: 'record.id' })])],
  );
  const notes = [
    ...start.notes,
    ...settled.notes,
    ...settings.notes,
    ...notesOf({ target, context, mapping, link, reference }),
  ];
  return { nodes: [node], ids: [start.id], notes };
}

/** Values that are read from the new record itself become those that it was given before. */
function settleOwnValues(
  rows: readonly JsonObject[],
  { target, module }: { readonly target: string; readonly module: string },
): { readonly rows: readonly JsonObject[]; readonly notes: readonly Note[] } {
  const given = new Map<string, JsonObject>();
  const notes: Note[] = [];
  const settled = rows.flatMap((row) => {
    const readsNew =
      target !== module && textOf(row, 'modulename') === target && textOf(row, 'valuetype') === 'fieldname';
    const earlier = readsNew ? given.get(textOf(row, 'value')) : undefined;
    if (readsNew && earlier === undefined) {
      const field = textOf(row, 'fieldname');
      const text = `${field} is not set: it was to get the value of ${textOf(row, 'value')} of the new record, which has none yet`;
      notes.push({ outcome: 'dropped', text });
      return [];
    }
    const one = earlier === undefined ? row : { ...earlier, fieldname: textOf(row, 'fieldname') };
    given.set(textOf(row, 'fieldname'), one);
    return [one];
  });
  return { rows: settled, notes };
}

function notesOf(params: {
  readonly target: string;
  readonly context: TaskContext;
  readonly mapping: string;
  readonly link: string | undefined;
  readonly reference: string;
}): Note[] {
  const { target, context, mapping, link, reference } = params;
  const notes: Note[] = [];
  if (target === context.workflow.module) {
    const text = `coreBOS copied the other fields of the record too: add <set> for those that the new ${target} needs`;
    notes.push({ outcome: 'changed', text });
  }
  if (reference !== '' && link === undefined) {
    notes.push({ outcome: 'dropped', text: `${target} has no field ${reference} to refer to the record with` });
  }
  if (context.known.has('mapping', mapping)) {
    const text = `the mapping ${mapping} fills it, and what the task sets stands over it (in coreBOS the mapping stood over it)`;
    notes.push({ outcome: 'changed', text });
  }
  return notes;
}
