import type { NotifyTask } from '../../document/task.ts';
import { checkRecipients } from '../compile-plan.ts';
import { compileSource } from '../compile-source.ts';
import type { CompiledSource } from '../compiled-source.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledNotifyTask extends CompiledTaskHead {
  readonly kind: 'notify';
  readonly to: readonly string[];
  readonly text: CompiledSource;
}

/** Undefined after a problem of its text was reported. */
export function compileNotify(place: TaskPlace, task: NotifyTask): CompiledNotifyTask | undefined {
  checkRecipients(place.context, place, task.to);
  const text = compileSource(place.context, place, task.text);
  if (text === undefined) return undefined;
  return { ...compileTaskHead(place, task), kind: 'notify', to: task.to.map((name) => name.value), text };
}
