import type { ExportedTask, UnreadableTask } from '../export/exported-workflow.ts';
import type { TaskReport } from '../workflow/report.ts';
import { outcomeOf } from '../workflow/report.ts';
import { convertCreate } from './create-record-task.ts';
import { convertEmail } from './email-task.ts';
import { convertExpressions } from './expression-task.ts';
import { convertLaunch } from './launch-task.ts';
import { leaveOut } from './left-out.ts';
import { convertNotification } from './notify-task.ts';
import { convertSetFields } from './set-fields-task.ts';
import type { Converted, TaskContext, TaskConverter } from './task-context.ts';
import { convertUpsert } from './upsert-task.ts';
import { convertWebservice } from './webservice-task.ts';

/** By the name of the class; coreBOS gave some of them other names at times. */
const CONVERTERS: Readonly<Record<string, TaskConverter>> = {
  RunWebserviceWorkflowTask: convertWebservice,
  VTUpdateFieldsTask: convertSetFields,
  VTCreateEntityTask: convertCreate,
  CBUpsertTask: convertUpsert,
  wfExecExpression: convertExpressions,
  CBLaunchWorkFlowTask: convertLaunch,
  LaunchWorkflowTask: convertLaunch,
  CBAddNotification: convertNotification,
  AddNotification: convertNotification,
  CBNotification: convertNotification,
  VTEmailTask: convertEmail,
};

/** One task as elements of the new workflow, and what became of it. */
export function convertTask(
  task: ExportedTask | UnreadableTask,
  context: TaskContext,
): { readonly converted: Converted; readonly report: TaskReport } {
  const converted = task.className === undefined ? unreadable(task) : convert(task, context);
  const { ids, notes } = converted;
  const outcome = outcomeOf(notes.map((note) => note.outcome));
  return {
    converted,
    report: {
      summary: task.summary,
      className: task.className,
      ids,
      outcome: ids.length === 0 && outcome === 'partly' ? 'dropped' : outcome,
      notes: notes.map(({ text }) => text),
    },
  };
}

function convert(task: ExportedTask, context: TaskContext): Converted {
  const converter = Object.hasOwn(CONVERTERS, task.className) ? CONVERTERS[task.className] : undefined;
  return converter === undefined ? leaveOut(task) : converter(task, context);
}

function unreadable({ summary, code, reason }: UnreadableTask): Converted {
  const text = `it cannot be read (${code}): ${reason}`;
  return {
    nodes: [{ comment: `${summary || 'a task'} is left out: ${text}` }],
    ids: [],
    notes: [{ outcome: 'dropped', text }],
  };
}
