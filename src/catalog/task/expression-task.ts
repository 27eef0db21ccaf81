import type { ExpressionTask } from '../../document/task.ts';
import { type CompiledContextSetting, compileContextSettings } from './context-setting.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledExpressionTask extends CompiledTaskHead {
  readonly kind: 'expression';
  readonly sets: readonly CompiledContextSetting[];
}

export function compileExpression(place: TaskPlace, task: ExpressionTask): CompiledExpressionTask {
  return { ...compileTaskHead(place, task), kind: 'expression', sets: compileContextSettings(place, task.sets) };
}
