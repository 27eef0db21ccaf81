import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatabaseClock } from '../../src/store/postgres/database-clock.ts';

const HOUR = 3_600_000;

/** A machine whose clock can be set and which can sleep, beside a database whose time is right, as far as it can be asked. */
function machine(ownLead = 0) {
  const state = { time: 1_000_000, count: 500, ownLead, isThere: true, asked: 0, onWayMs: 0 };
  const pass = (ms: number): void => {
    state.time += ms;
    state.count += ms;
  };
  const clock = new DatabaseClock({
    own: { now: () => state.time + state.ownLead },
    count: () => state.count,
    async ask() {
      state.asked++;
      if (!state.isThere) throw new Error('the network is gone');
      pass(state.onWayMs);
      const at = state.time;
      pass(state.onWayMs);
      return at;
    },
  });
  return { state, clock, pass };
}

describe('the clock of the database', () => {
  for (const lead of [HOUR, -HOUR]) {
    it(`is right on a machine whose own is ${lead} ms off, and counts on`, async () => {
      const { state, clock, pass } = machine(lead);
      await clock.look();
      assert.deepEqual([clock.now(), clock.lead()], [state.time, lead]);
      pass(4_321);
      assert.equal(clock.now(), state.time);
    });
  }

  it('does not move when the clock of the machine is set, and asks again', async () => {
    const { state, clock, pass } = machine();
    await clock.look();
    state.ownLead = HOUR;
    assert.equal(clock.now(), state.time);
    assert.equal(await clock.isSure(), true);
    assert.deepEqual([clock.now(), clock.lead()], [state.time, HOUR]);
    pass(10);
    const { asked } = state;
    assert.equal(await clock.isSure(), true);
    assert.equal(state.asked, asked, 'it knows');
  });

  it('is right again after the machine has slept, as soon as somebody looks at it', async () => {
    const { state, clock } = machine();
    await clock.look();
    state.time += HOUR;
    assert.equal(clock.now(), state.time - HOUR);
    await clock.isSure();
    assert.equal(clock.now(), state.time);
  });

  it('is not sure while it was set and nobody can be asked', async () => {
    const { state, clock } = machine();
    await clock.look();
    state.isThere = false;
    assert.equal(await clock.isSure(), true);
    state.ownLead = -HOUR;
    assert.equal(await clock.isSure(), false);
    assert.equal(clock.now(), state.time);
    await assert.rejects(clock.look());
    state.isThere = true;
    assert.equal(await clock.isSure(), true);
    await clock.look();
    state.isThere = false;
    await assert.rejects(clock.look());
    assert.equal(clock.now(), state.time);
  });

  it('is not disturbed by the time that a question takes', async () => {
    const { state, clock, pass } = machine();
    await clock.look();
    state.onWayMs = 2_000;
    for (let looks = 0; looks < 5; looks++) {
      await clock.look();
      pass(10_000);
      assert.equal(clock.now(), state.time);
    }
  });

  it('gives whole milliseconds', async () => {
    const { state, clock } = machine();
    state.count = 0.123;
    await clock.look();
    state.count = 7.89;
    assert.equal(Number.isInteger(clock.now()), true);
    assert.equal(Number.isInteger(clock.lead()), true);
  });
});
