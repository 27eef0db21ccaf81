import type { Delivery } from '../../core/delivery.ts';
import { renderDuration, renderMoment } from '../duration.ts';
import { PAGE_WIDTH } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { foldHanging } from './exchange.ts';

/** What became of a notice that leaves the product; one that has not reached anybody is a warning on the run. */
export function renderDelivery(delivery: Delivery, now: number): string[] {
  const { way, to, task } = delivery;
  return foldHanging(oneLine(`${task}: ${way} to ${to} ${stateOf(delivery, now)}`), PAGE_WIDTH);
}

function stateOf({ state, attempts, dueAt = 0, endedAt = 0, problem = '', isHeld }: Delivery, now: number): string {
  const next = dueAt <= now ? 'now' : `in ${renderDuration(dueAt - now)}`;
  if (state === 'sent') return `sent ${renderMoment(endedAt)}`;
  if (isHeld) return `held: too many of the same cause, told together with them ${next}`;
  const tries = `${attempts} ${attempts === 1 ? 'try' : 'tries'}`;
  if (state === 'failed') return `warning: given up after ${tries}: ${problem}`;
  return problem === '' ? `goes out ${next}` : `warning: not sent after ${tries}: ${problem}; next try ${next}`;
}
