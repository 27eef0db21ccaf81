import { setTimeout as pause } from 'node:timers/promises';
import type { Install } from '../../../src/runtime/install.ts';

const POLL_MS = 10;
const LONGEST_WAIT_MS = 180_000;

/** Makes an order of each number, and works on their runs until all of them wait for a person. */
export async function parkOrders(install: Install, numbers: readonly string[]): Promise<void> {
  const { administration } = install;
  await install.startWorker();
  for (const no of numbers) await administration.createRecord({ module: 'Orders', values: { no } });
  const isParked = async (): Promise<boolean> =>
    (await administration.inboxItems({ limit: 1_000 })).length === numbers.length;
  const end = performance.now() + LONGEST_WAIT_MS;
  while (!(await isParked())) {
    if (performance.now() > end) throw new Error('the orders never came into the inbox');
    await pause(POLL_MS);
  }
}
