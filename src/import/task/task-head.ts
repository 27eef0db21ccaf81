import { documentName, freeName } from '../../core/document-name.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import { convertConditions } from '../workflow/conditions.ts';
import type { Note } from '../workflow/report.ts';
import type { TaskContext, TaskStart } from './task-context.ts';

/**
 * Id, label and conditions of a task. One that was switched off, that waited for a moment of its own, or whose conditions
 * cannot be read gets `when="false"`: it stands there and does nothing.
 */
export function startOf(task: ExportedTask, { ids }: TaskContext, fallback: string): TaskStart {
  const id = freeName(documentName(task.summary, fallback), ids);
  const conditions = convertConditions(task.conditions);
  const notes: Note[] = [];
  if (!task.isActive) notes.push({ outcome: 'kept', text: 'it was switched off and stays so: when="false"' });
  if (!conditions.ok) {
    notes.push({
      outcome: 'dropped',
      text: `its conditions cannot be read (${conditions.reason}): when="false" until they are written anew`,
    });
  }
  if (task.delay !== undefined) {
    const text = `it waits (${task.delay}), which tasks cannot do here: when="false", because it would be done at once; remove that if this is right`;
    notes.push({ outcome: 'dropped', text });
  }
  const isOff = !task.isActive || !conditions.ok || task.delay !== undefined;
  return {
    id,
    attributes: {
      id,
      label: task.summary === '' || task.summary === id ? undefined : task.summary,
      when: isOff ? 'false' : undefined,
    },
    guards: conditions.nodes,
    notes,
  };
}
