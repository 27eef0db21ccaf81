import type { Task } from '../../document/task.ts';
import { type CompiledCallTask, compileCall } from './call-task.ts';
import { type CompiledChooseTask, compileChoose } from './choose-task.ts';
import { type CompiledCreateTask, compileCreateRecord } from './create-record-task.ts';
import { type CompiledEmailTask, compileEmail } from './email-task.ts';
import { type CompiledEndTask, compileEnd } from './end-task.ts';
import { type CompiledExpressionTask, compileExpression } from './expression-task.ts';
import { type CompiledLaunchTask, compileLaunch } from './launch-task.ts';
import { type CompiledNotifyTask, compileNotify } from './notify-task.ts';
import { type CompiledSetTask, compileSetFields } from './set-fields-task.ts';
import type { TaskPlace } from './task-place.ts';
import { type CompiledUpsertTask, compileUpsert } from './upsert-task.ts';

/** A task that calls nobody. */
export type CompiledLocalTask =
  | CompiledSetTask
  | CompiledCreateTask
  | CompiledUpsertTask
  | CompiledExpressionTask
  | CompiledLaunchTask
  | CompiledNotifyTask
  | CompiledChooseTask
  | CompiledEndTask;

export type CompiledTask = CompiledCallTask | CompiledEmailTask | CompiledLocalTask;

/** The task with its names resolved and its texts compiled; undefined when it cannot run, which has been reported then. */
export function compileTask(place: TaskPlace, task: Task): CompiledTask | undefined {
  switch (task.kind) {
    case 'webservice':
      return compileCall(place, task);
    case 'set-fields':
      return compileSetFields(place, task);
    case 'create-record':
      return compileCreateRecord(place, task);
    case 'upsert':
      return compileUpsert(place, task);
    case 'expression':
      return compileExpression(place, task);
    case 'launch':
      return compileLaunch(place, task);
    case 'notify':
      return compileNotify(place, task);
    case 'email':
      return compileEmail(place, task);
    case 'choose':
      return compileChoose(place, task);
    case 'end':
      return compileEnd(place, task);
  }
}
