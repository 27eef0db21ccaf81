import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClockWatch } from '../../src/runtime/clock-watch.ts';

describe('the clock of a node', () => {
  it('is told once each time it comes to be wrong', async () => {
    let lead = 0;
    const told: string[] = [];
    const watch = createClockWatch({
      clock: { now: () => 0, lead: () => lead, look: async () => undefined, isSure: async () => true },
      onWrong: ({ code }) => void told.push(code),
    });
    for (lead of [2_900, -3_100, 20_000, 0, 3_100]) await watch.look();
    assert.deepEqual(told, ['NODE_CLOCK_WRONG', 'NODE_CLOCK_WRONG']);
  });

  it('is the only one of an install in a folder, and right', async () => {
    const watch = createClockWatch({ clock: undefined, onWrong: () => assert.fail('there is nothing to compare') });
    await watch.start();
    watch.stop();
    assert.equal(await watch.isSure(), true);
  });
});
