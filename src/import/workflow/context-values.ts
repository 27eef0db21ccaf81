import { freeName } from '../../core/document-name.ts';
import { element, type WrittenNode } from '../../xml/write.ts';
import { phpText } from '../php/php-value.ts';
import type { ExportedWorkflow } from '../export/exported-workflow.ts';
import type { Known } from './knowledge.ts';
import type { Note } from './report.ts';

/** What coreBOS has in the context of a run that a link started, and where it is here. */
const LINK_VALUES = {
  sourceModule: 'context.source_module',
  destinationModule: 'context.destination_module',
  sourceRecordId: "$substringAfter(context.source_record, 'x')",
  destinationRecordId: "$substringAfter(context.destination_record, 'x')",
} as const;

const PREVIOUS = /\bprevious_(\w+)/gu;

/** A task that fills the context as coreBOS does before the first task; nothing where nobody reads it. */
export function contextValues(
  workflow: ExportedWorkflow,
  { known, maps, ids }: { readonly known: Known; readonly maps: readonly string[]; readonly ids: Set<string> },
): { readonly nodes: readonly WrittenNode[]; readonly notes: readonly Note[] } {
  const isLink = workflow.execution === 'relate' || workflow.execution === 'unrelate';
  const text = [...workflow.tasks.flatMap(textsOf), ...maps.map((map) => known.textOf(map))].join('\n');
  const values: [name: string, jsonata: string][] = isLink
    ? Object.entries(LINK_VALUES).filter(([name]) => text.includes(name))
    : [];
  for (const field of new Set([...text.matchAll(PREVIOUS)].map(([, name = '']) => name))) {
    values.push([`previous_${field}`, `previous.${field}`]);
  }
  if (values.length === 0) return { nodes: [], notes: [] };
  const id = freeName('context-of-corebos', ids);
  const sets = values.map(([name, jsonata]) => element('set', { context: name, jsonata }));
  const names = values.map(([name]) => name).join(', ');
  return {
    nodes: [element('expression', { id }, sets)],
    notes: [{ outcome: 'changed', text: `the context values ${names} are set by a task of their own, ${id}` }],
  };
}

function textsOf(task: ExportedWorkflow['tasks'][number]): string[] {
  return task.className === undefined ? [] : [...task.properties.values()].map((value) => phpText(value) ?? '');
}
