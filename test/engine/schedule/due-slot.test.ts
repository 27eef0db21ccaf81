import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dueSlot, LATE_MS } from '../../../src/engine/schedule/due-slot.ts';
import { slotsOf } from '../../../src/engine/schedule/slots.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const T = Date.parse('2026-11-22T10:00:00Z');

const fiveMinutes = slotsOf({ kind: 'every', everyMs: 5 * MINUTE }, 'UTC');
const due = (missed: 'once' | 'all' | 'skip', settledUntil: number, now: number, slots = fiveMinutes) =>
  dueSlot({ slots, settledUntil, now, missed });

describe('what to do about slots', () => {
  it('that have not come: wait for the next', () => {
    assert.deepEqual(due('once', T, T + 5 * MINUTE - 1), { kind: 'none', next: T + 5 * MINUTE });
  });

  it('that have just come, or are a little late: fire', () => {
    for (const missed of ['once', 'all', 'skip'] as const) {
      for (const late of [0, 1, LATE_MS]) {
        const slot = T + 5 * MINUTE;
        assert.deepEqual(due(missed, T, slot + late), { kind: 'fire', slot, missed: 0 });
      }
    }
  });

  it('missed: the latest fires, all do one after another, or none does', () => {
    const now = T + 2 * HOUR + 3 * MINUTE;
    assert.deepEqual(due('once', T, now), { kind: 'fire', slot: T + 2 * HOUR, missed: 23 });
    assert.deepEqual(due('all', T, now), { kind: 'fire', slot: T + 5 * MINUTE, missed: 0 });
    assert.deepEqual(due('skip', T, now), { kind: 'missed', settledUntil: now - LATE_MS - 1, missed: 24 });
  });

  it('missed, with one that is only late: that one alone makes up for them', () => {
    const now = T + HOUR + 1;
    assert.deepEqual(due('once', T, now), { kind: 'missed', settledUntil: now - LATE_MS - 1, missed: 11 });
    assert.deepEqual(due('once', now - LATE_MS - 1, now), { kind: 'fire', slot: T + HOUR, missed: 0 });
  });

  it('of every second over a year: not counted one by one', () => {
    const seconds = slotsOf({ kind: 'cron', pattern: '* * * * * *' }, 'UTC');
    const year = T + 365 * 24 * HOUR;
    assert.deepEqual(due('skip', T, year, seconds), {
      kind: 'missed',
      settledUntil: year - LATE_MS - 1,
      missed: 1_000,
    });
  });

  it('settled in a future that a wrong clock showed: begin again from now, a small difference of clocks aside', () => {
    assert.equal(due('once', T + 30 * MINUTE, T).kind, 'none');
    assert.deepEqual(due('once', T + 2 * HOUR, T), { kind: 'clock-set-back', settledUntil: T });
  });

  it('never fires one twice, and with all loses none, however the clock is looked at', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3 * HOUR }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.constantFrom('once' as const, 'all' as const, 'skip' as const), (passing, missed) => {
        const fired: number[] = [];
        let [now, settledUntil, left] = [T, T, 0];
        for (const ms of passing) {
          now += ms;
          for (let turn = due(missed, settledUntil, now); turn.kind !== 'none'; turn = due(missed, settledUntil, now)) {
            assert.notEqual(turn.kind, 'clock-set-back');
            if (turn.kind === 'fire') fired.push(turn.slot);
            if (turn.kind !== 'clock-set-back') left += turn.missed;
            settledUntil = turn.kind === 'fire' ? turn.slot : turn.settledUntil;
          }
        }
        assert.equal(new Set(fired).size, fired.length);
        assert.equal(fired.length + left, Math.floor((now - T) / (5 * MINUTE)));
        if (missed === 'all') assert.equal(left, 0);
      }),
    );
  });
});
