import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MapwrightError } from '../../src/core/error.ts';
import { createClockWatch } from '../../src/runtime/clock-watch.ts';

/** A node whose clock can be set, beside a database whose clock is right, as far as it can be reached. */
function node() {
  const state = { ahead: 0, database: 0, isThere: true, wrong: [] as MapwrightError[] };
  const watch = createClockWatch({
    clock: { now: () => Date.now() + state.ahead },
    nodes: {
      async clockLead() {
        if (!state.isThere) throw new Error('the network is gone');
        return state.ahead - state.database;
      },
    },
    onWrong: (error) => void state.wrong.push(error),
  });
  return { state, watch };
}

describe('the clock of a node', () => {
  it('is not set off by more than a third of a lease at the start', async () => {
    const { state, watch } = node();
    for (const ahead of [3_100, -3_100]) {
      state.ahead = ahead;
      await assert.rejects(watch.start(), { code: 'NODE_CLOCK_WRONG' });
    }
    state.ahead = 2_900;
    await watch.start();
    watch.stop();
    assert.equal(await watch.isRight(), true);
  });

  it('is wrong as soon as it is set wrong, and right again when it is put right', async () => {
    const { state, watch } = node();
    for (const ahead of [20_000, -20_000]) {
      state.ahead = ahead;
      assert.equal(await watch.isRight(), false);
      assert.equal(await watch.isRight(), false);
      state.ahead = 0;
      assert.equal(await watch.isRight(), true);
    }
    assert.deepEqual(
      state.wrong.map(({ code }) => code),
      ['NODE_CLOCK_WRONG', 'NODE_CLOCK_WRONG'],
    );
  });

  it('is right when it was set right together with the others', async () => {
    const { state, watch } = node();
    state.ahead = state.database = -20_000;
    assert.equal(await watch.isRight(), true);
    assert.deepEqual(state.wrong, []);
  });

  it('is wrong when the one of the database was set, once somebody looks', async () => {
    const { state, watch } = node();
    state.database = 20_000;
    assert.equal(await watch.isRight(), true);
    await watch.look();
    assert.equal(await watch.isRight(), false);
  });

  it('is not trusted when it was set and nobody can be asked', async () => {
    const { state, watch } = node();
    state.isThere = false;
    assert.equal(await watch.isRight(), true);
    state.ahead = 20_000;
    assert.equal(await watch.isRight(), false);
  });
});
