import type { CompiledNotifyTask } from '../../catalog/task/notify-task.ts';
import { advance } from '../flow.ts';
import { addressNotice } from '../notice/address-notice.ts';
import type { RunState } from '../run-state.ts';
import { scopeOf } from '../scope.ts';
import { done } from './done.ts';

/** Tells people something; it is delivered in the commit that ends the step. */
export async function notify(state: RunState, task: CompiledNotifyTask): Promise<void> {
  const scope = await scopeOf(state, { sources: [task.text], frozen: undefined, task: task.id });
  const text = String((await task.text.evaluate(scope)) ?? '');
  const { notices, deliveries, effects } = await addressNotice(state, { task: task.id, notice: task, text });
  state.pending.notices = [...state.pending.notices, ...notices];
  state.pending.deliveries = [...state.pending.deliveries, ...deliveries];
  done(state, task.id, effects);
  advance(state, task.id);
}
