import type { JsonObject } from '../../core/json.ts';
import { element, type WrittenNode } from '../../xml/write.ts';
import { textOf } from '../export/row.ts';
import type { Note } from '../workflow/report.ts';
import { type ValuePlace, valueSource } from './field-value.ts';

/** `<set field="...">` elements, and comments for what could not be brought over. */
export interface FieldSettings {
  readonly nodes: readonly WrittenNode[];
  /** The fields that are set. */
  readonly fields: readonly string[];
  readonly notes: readonly Note[];
}

/** The values that a task gives to fields of `target`; of a field that is set twice the last counts, as in coreBOS. */
export function fieldSettings(
  rows: readonly JsonObject[],
  place: Omit<ValuePlace, 'target'> & { readonly target: string },
): FieldSettings {
  const nodes = new Map<string, WrittenNode>();
  const notes: Note[] = [];
  const fields = new Set<string>();
  for (const row of rows) {
    const field = textOf(row, 'fieldname');
    if (field === '') continue;
    const reason = place.known.mayHave(place.target, field) ? undefined : `${place.target} has no field ${field}`;
    const source = valueSource(row, { ...place, target: { module: place.target, field } });
    nodes.delete(field);
    fields.delete(field);
    if (reason !== undefined || !source.ok) {
      const why = reason ?? (source.ok ? '' : source.reason);
      nodes.set(field, { comment: `${field} is not set: ${why}` });
      notes.push({ outcome: 'dropped', text: `${field} is not set: ${why}` });
      continue;
    }
    fields.add(field);
    nodes.set(field, element('set', { field, ...source.attributes }));
    if (source.note !== undefined) notes.push({ outcome: 'changed', text: `${field}: ${source.note}` });
  }
  return { nodes: [...nodes.values()], fields: [...fields], notes };
}
