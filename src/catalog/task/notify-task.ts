import type { NotifyTask } from '../../document/task.ts';
import { compileNotice } from '../compile-plan.ts';
import { compileSource } from '../compile-source.ts';
import type { CompiledNotice } from '../compiled-plan.ts';
import type { CompiledSource } from '../compiled-source.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledNotifyTask extends CompiledTaskHead, CompiledNotice {
  readonly kind: 'notify';
  readonly text: CompiledSource;
}

/** Undefined after a problem of its text was reported. */
export function compileNotify(place: TaskPlace, task: NotifyTask): CompiledNotifyTask | undefined {
  const notice = compileNotice(place.context, place, task);
  const text = compileSource(place.context, place, task.text);
  if (text === undefined) return undefined;
  return { ...compileTaskHead(place, task), kind: 'notify', ...notice, text };
}
