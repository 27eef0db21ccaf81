import { element, type WrittenNode } from '../../xml/write.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import { textOf } from '../export/row.ts';
import type { Note } from '../workflow/report.ts';
import { expressionSource, type ValueSource } from './field-value.ts';
import { leaveOut } from './left-out.ts';
import { propertyRows } from './property.ts';
import type { Converted, TaskContext } from './task-context.ts';
import { startOf } from './task-head.ts';

/** Execute Expression: context values. An expression without a name is there for what it does. */
export function convertExpressions(task: ExportedTask, context: TaskContext): Converted {
  const rows = propertyRows(task, 'wfexeexps');
  if (rows === undefined) return leaveOut(task, 'its list of expressions is no JSON');
  const nodes: WrittenNode[] = [];
  const notes: Note[] = [];
  for (const [index, row] of rows.entries()) {
    const name = textOf(row, 'var');
    const text = textOf(row, 'exp');
    const source: ValueSource =
      textOf(row, 'typ') === 'rawtext' ? { ok: true, attributes: { value: text } } : expressionSource(text);
    const problem = source.ok ? nameProblem(name) : source.reason;
    if (problem !== undefined || !source.ok) {
      nodes.push({ comment: `${name || 'an expression'} is left out: ${problem}` });
      notes.push({ outcome: 'dropped', text: `${name || `expression ${index + 1}`}: ${problem}` });
    } else
      nodes.push(element('set', { context: name === '' ? `expression_${index + 1}` : name, ...source.attributes }));
  }
  if (!nodes.some((node) => 'name' in node)) return leaveOut(task, notes[0]?.text ?? 'it has no expressions');
  const start = startOf(task, context, 'expression');
  return {
    nodes: [element('expression', start.attributes, [...start.guards, ...nodes])],
    ids: [start.id],
    notes: [...start.notes, ...notes],
  };
}

function nameProblem(name: string): string | undefined {
  return name === '' || /^[A-Za-z_]\w*$/u.test(name) ? undefined : 'a context name has letters, digits and "_" only';
}
