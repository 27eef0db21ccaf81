import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nextSlots, slotsOf } from '../../../src/engine/schedule/slots.ts';
import { type MinutePattern, wallMinutes, walkedSlots } from './minute-walker.ts';

const BERLIN = 'Europe/Berlin';

const times = (pattern: string, from: string, count: number, zone = BERLIN): string[] =>
  nextSlots(slotsOf({ kind: 'cron', pattern }, zone), Date.parse(from), count).map(shown);

const shown = (slot: number): string => new Date(slot).toISOString().replace('.000Z', 'Z');

describe('slots', () => {
  it('of a time that clocks jump over come once, when the clocks have jumped', () => {
    assert.deepEqual(times('0 30 2 * * *', '2026-03-28T00:00:00Z', 3), [
      '2026-03-28T01:30:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
    ]);
    assert.deepEqual(times('0 15,45 2 * * *', '2026-03-29T00:00:00Z', 2), [
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:15:00Z',
    ]);
  });

  it('of a time that clocks show twice come once, the first time', () => {
    assert.deepEqual(times('0 30 2 * * *', '2026-10-24T22:00:00Z', 2), [
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
  });

  it('of a step follow what clocks show: nothing in a gap, twice in an hour that comes twice', () => {
    assert.deepEqual(times('0 */30 * * * *', '2026-03-29T00:15:00Z', 3), [
      '2026-03-29T00:30:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T01:30:00Z',
    ]);
    assert.equal(
      times('0 */30 2 * * *', '2026-10-24T22:00:00Z', 5).filter((slot) => slot < '2026-10-25T02:00:00Z').length,
      4,
    );
  });

  it('know leap days, the last of a month, and the second Monday', () => {
    assert.deepEqual(times('0 0 0 29 2 *', '2026-01-01T00:00:00Z', 2, 'UTC'), [
      '2028-02-29T00:00:00Z',
      '2032-02-29T00:00:00Z',
    ]);
    assert.deepEqual(times('0 0 0 29 2 *', '2097-01-01T00:00:00Z', 1, 'UTC'), ['2104-02-29T00:00:00Z']);
    assert.deepEqual(times('0 0 0 L * *', '2028-01-31T01:00:00Z', 2, 'UTC'), [
      '2028-02-29T00:00:00Z',
      '2028-03-31T00:00:00Z',
    ]);
    assert.deepEqual(times('0 0 8 * * MON#2', '2026-11-01T00:00:00Z', 2, 'UTC'), [
      '2026-11-09T08:00:00Z',
      '2026-12-14T08:00:00Z',
    ]);
    assert.deepEqual(times('0 0 8 * * FRIL', '2026-11-01T00:00:00Z', 1, 'UTC'), ['2026-11-27T08:00:00Z']);
  });

  it('of a duration are counted alike everywhere, and of times of day follow the clock', () => {
    const every = slotsOf({ kind: 'every', everyMs: 600_000 }, BERLIN);
    const at = Date.parse('2026-11-22T10:10:00Z');
    assert.deepEqual(nextSlots(every, at, 2).map(shown), ['2026-11-22T10:20:00Z', '2026-11-22T10:30:00Z']);
    assert.equal(every.before(at), at - 600_000);
    const daily = slotsOf(
      {
        kind: 'at',
        times: [
          { hour: 6, minute: 30 },
          { hour: 18, minute: 0 },
        ],
        days: [1],
        dates: undefined,
      },
      BERLIN,
    );
    assert.deepEqual(nextSlots(daily, at, 3).map(shown), [
      '2026-11-23T05:30:00Z',
      '2026-11-23T17:00:00Z',
      '2026-11-30T05:30:00Z',
    ]);
    assert.equal(daily.before(at), Date.parse('2026-11-16T17:00:00Z'));
  });

  it('of dates come once, and then never more', () => {
    const timing = { kind: 'at' as const, times: [{ hour: 9, minute: 0 }], days: undefined, dates: ['2026-12-24'] };
    const slots = slotsOf(timing, 'UTC');
    assert.deepEqual(nextSlots(slots, Date.parse('2026-11-22T00:00:00Z'), 5).map(shown), ['2026-12-24T09:00:00Z']);
    assert.equal(slots.after(Date.parse('2026-12-24T09:00:00Z')), undefined);
    assert.equal(slots.before(Date.parse('2026-12-24T09:00:00Z')), undefined);
  });
});

/** Around the days on which clocks change, and around a leap day. */
const STRETCHES = [
  ['Europe/Berlin', '2028-02-26', '2028-03-29'],
  ['Europe/Berlin', '2028-10-26', '2028-11-02'],
  ['America/New_York', '2028-03-08', '2028-03-16'],
  ['America/New_York', '2028-11-01', '2028-11-08'],
  ['America/Havana', '2028-03-08', '2028-03-16'],
  ['Australia/Lord_Howe', '2028-09-27', '2028-10-04'],
  ['Australia/Lord_Howe', '2028-03-29', '2028-04-05'],
  ['Asia/Kathmandu', '2028-02-27', '2028-03-02'],
  ['UTC', '2027-12-30', '2028-01-03'],
] as const;

const walks = STRETCHES.map(([zone, from, to]) => ({
  zone,
  walk: wallMinutes(zone, Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)),
}));

interface Field {
  readonly text: string;
  readonly numbers: ReadonlySet<number>;
  readonly isPlain: boolean;
}

function field(from: number, to: number): fc.Arbitrary<Field> {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => index + from);
  const any = fc.constant({ text: '*', numbers: new Set(numbers), isPlain: false });
  const list = fc
    .uniqueArray(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: 4 })
    .map((chosen) => ({ text: chosen.join(','), numbers: new Set(chosen), isPlain: true }));
  const range = fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to })).map(([a, b]) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    return {
      text: `${low}-${high}`,
      numbers: new Set(numbers.filter((one) => one >= low && one <= high)),
      isPlain: true,
    };
  });
  const step = fc.integer({ min: 1, max: to - from + 1 }).map((width) => ({
    text: `*/${width}`,
    numbers: new Set(numbers.filter((one) => (one - from) % width === 0)),
    isPlain: false,
  }));
  return fc.oneof(any, list, range, step);
}

const patterns = fc.record({
  minute: field(0, 59),
  hour: field(0, 23),
  day: field(1, 31),
  month: fc.constantFrom('*', '1-6', '2,3,10,11'),
  weekday: field(0, 6),
});

describe('slots of any pattern', () => {
  it('are those that are found by looking at every minute', () => {
    fc.assert(
      fc.property(patterns, fc.constantFrom(...walks), ({ minute, hour, day, month, weekday }, { zone, walk }) => {
        const months = month === '*' ? undefined : month === '1-6' ? [1, 2, 3, 4, 5, 6] : [2, 3, 10, 11];
        const pattern: MinutePattern = {
          minutes: minute.numbers,
          hours: hour.numbers,
          days: day.text === '*' ? undefined : day.numbers,
          months: months && new Set(months),
          weekdays: weekday.text === '*' ? undefined : weekday.numbers,
          isFixed: minute.isPlain && hour.isPlain,
        };
        const text = ['0', minute.text, hour.text, day.text, month, weekday.text].join(' ');
        const slots = slotsOf({ kind: 'cron', pattern: text }, zone);
        const [first, last] = [walk[0]?.at ?? 0, walk.at(-1)?.at ?? 0];
        const expected = walkedSlots(pattern, walk).slice(0, 80);
        const found = nextSlots(slots, first - 1, expected.length + 1).filter((slot) => slot <= last);
        assert.deepEqual(found.slice(0, expected.length).map(shown), expected.map(shown), `${text} in ${zone}`);
        // Backwards they are the same.
        for (const slot of expected.slice(-3)) assert.equal(slots.before(slot + 1000), slot, `${text} in ${zone}`);
      }),
      { numRuns: 120 },
    );
  });
});
