import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunId } from '../../src/core/run.ts';
import { createLocalDispatcher } from '../../src/dispatch/local-dispatcher.ts';
import { dispatcherContract } from '../contract/dispatcher-contract.ts';

const clock = { now: () => Date.now() };

dispatcherContract('in process', async ({ sweepMs }) => createLocalDispatcher({ clock, sweepMs }));

describe('local dispatcher', () => {
  it('gives the hints of one turn together, each run once', async () => {
    const dispatcher = createLocalDispatcher({ clock });
    const woken = Promise.withResolvers<readonly RunId[]>();
    await dispatcher.start(woken.resolve);
    await dispatcher.kick([{ run: 1 }, { run: 2 }]);
    await dispatcher.kick([{ run: 2 }, { run: 3 }]);
    assert.deepEqual(await woken.promise, [1, 2, 3]);
    await dispatcher.stop();
  });

  it('goes by the clock it was given', async () => {
    const dispatcher = createLocalDispatcher({ clock: { now: () => 5000 } });
    const woken = Promise.withResolvers<readonly RunId[]>();
    await dispatcher.start(woken.resolve);
    await dispatcher.kick([
      { run: 1, at: 5000 },
      { run: 2, at: 9_000_000_000 },
    ]);
    assert.deepEqual(await woken.promise, [1]);
    await dispatcher.stop();
  });

  it('leaves what it was told before the start to the sweep', async () => {
    const dispatcher = createLocalDispatcher({ clock });
    await dispatcher.kick([{ run: 1 }]);
    const woken = Promise.withResolvers<readonly RunId[]>();
    await dispatcher.start(woken.resolve);
    await dispatcher.kick([{ run: 2 }]);
    assert.deepEqual(await woken.promise, [2]);
    await dispatcher.stop();
  });
});
