import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { Dispatcher } from '../../src/core/dispatcher.ts';
import type { RunId } from '../../src/core/run.ts';

/** Makes a dispatcher that sweeps this often. */
export type DispatcherFactory = (params: { readonly sweepMs: number }) => Promise<Dispatcher>;

const NEVER_MS = 1_000_000;

/** What every dispatcher does. Nothing here says how soon, only that and in which order. */
export function dispatcherContract(name: string, factory: DispatcherFactory): void {
  describe(`dispatcher: ${name}`, () => {
    it('wakes with the runs it was told of', async (context) => {
      const { dispatcher, until } = await started(context, factory, NEVER_MS);
      await dispatcher.kick([{ run: 1 }, { run: 2 }]);
      await dispatcher.kick([{ run: 3, at: Date.now() - 5 }]);
      await until((woken) => [1, 2, 3].every((run) => woken.includes(run)));
    });

    it('wakes for a run when its time has come', async (context) => {
      const { dispatcher, until } = await started(context, factory, NEVER_MS);
      const at = Date.now() + 30;
      await dispatcher.kick([{ run: 1, at }, { run: 2 }]);
      await until((runs) => runs.includes(1));
      assert.ok(Date.now() >= at);
      await until((runs) => runs.includes(2));
    });

    it('wakes without a hint, to sweep', async (context) => {
      const { sweeps } = await started(context, factory, 5);
      await sweeps(2);
    });

    it('wakes nobody once it has stopped', async (context) => {
      const { dispatcher, calls } = await started(context, factory, 1);
      await dispatcher.kick([{ run: 1 }, { run: 2, at: Date.now() + 1 }]);
      await dispatcher.stop();
      const before = calls();
      await dispatcher.kick([{ run: 3 }]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(calls(), before);
    });

    it('starts again after a stop', async (context) => {
      const { dispatcher } = await started(context, factory, NEVER_MS);
      await dispatcher.stop();
      const woken = Promise.withResolvers<readonly RunId[]>();
      await dispatcher.start((runs) => woken.resolve(runs));
      await dispatcher.kick([{ run: 9 }]);
      assert.deepEqual(await woken.promise, [9]);
    });
  });
}

/** A started dispatcher, and ways to wait for its wake-ups. The test's own time limit is the only one. */
async function started(context: TestContext, factory: DispatcherFactory, sweepMs: number) {
  const dispatcher = await factory({ sweepMs });
  const woken: RunId[] = [];
  const listeners = new Set<() => void>();
  let sweepCount = 0;
  let callCount = 0;
  await dispatcher.start((runs) => {
    callCount++;
    if (runs.length === 0) sweepCount++;
    woken.push(...runs);
    for (const listener of listeners) listener();
  });
  // The dispatcher's own timers keep no process alive.
  const alive = setInterval(() => undefined, 1000);
  context.after(async () => {
    clearInterval(alive);
    await dispatcher.stop();
  });
  const holds = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const listener = () => {
        if (condition()) resolve();
      };
      listeners.add(listener);
      listener();
    });
  return {
    dispatcher,
    until: async (condition: (woken: readonly RunId[]) => boolean): Promise<readonly RunId[]> => {
      await holds(() => condition(woken));
      return [...woken];
    },
    sweeps: (count: number) => holds(() => sweepCount >= count),
    calls: () => callCount,
  };
}
