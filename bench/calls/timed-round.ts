import { closedLoop } from '../chains/closed-loop.ts';
import type { CallRound, CallRoundParams } from './caller.ts';
import { type Order, ordersOf } from './order.ts';

const STALL_MS = 120_000;

/** Works on the orders of a round; rejects when the round is not over after two minutes, or when one of them fails. */
export async function timedRound(
  { label, calls, atOnce }: CallRoundParams,
  work: (order: Order) => Promise<void>,
): Promise<Omit<CallRound, 'ids'>> {
  const items = ordersOf({ label, count: calls });
  const stalled = Promise.withResolvers<never>();
  const timer = setTimeout(() => stalled.reject(new Error(`a round takes longer than ${STALL_MS} ms`)), STALL_MS);
  const before = process.cpuUsage();
  try {
    const facts = await Promise.race([closedLoop({ items, atOnce, work }), stalled.promise]);
    const { user, system } = process.cpuUsage(before);
    return { ...facts, cpuMs: (user + system) / 1_000 };
  } finally {
    clearTimeout(timer);
  }
}
