import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RemovalPace } from '../../src/runtime/retention/removal-pace.ts';

/** A pace of transactions that take as long as is said. */
function paceOf(signal = new AbortController().signal) {
  let now = 0;
  const pace = new RemovalPace(signal, () => now);
  const step = (tookMs: number): Promise<number> =>
    pace.step(async (rows) => {
      now += tookMs;
      return rows;
    });
  return { pace, step };
}

describe('the pace of removal', () => {
  it('takes more rows at once while transactions are short, and never 500', async () => {
    const { pace, step } = paceOf();
    const first = await step(1);
    const second = await step(1);
    assert.ok(second > first);
    for (let one = 0; one < 10; one++) await step(0);
    assert.ok(pace.rows < 500);
  });

  it('takes fewer where they are long, and never none', async () => {
    const { pace, step } = paceOf();
    const before = pace.rows;
    await step(13);
    assert.ok(pace.rows < before);
    for (let one = 0; one < 5; one++) await step(13);
    assert.ok(pace.rows >= 20);
  });

  it('ends with its signal, also while it rests', async () => {
    const stopping = new AbortController();
    const { step } = paceOf(stopping.signal);
    const resting = step(400);
    stopping.abort();
    await assert.rejects(resting, { name: 'AbortError' });
    await assert.rejects(step(1), { name: 'AbortError' });
  });
});
