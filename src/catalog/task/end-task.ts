import type { EndTask } from '../../document/task.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledEndTask extends CompiledTaskHead {
  readonly kind: 'end';
  readonly as: 'completed' | 'failed';
}

export function compileEnd(place: TaskPlace, task: EndTask): CompiledEndTask {
  return { ...compileTaskHead(place, task), kind: 'end', as: task.as };
}
