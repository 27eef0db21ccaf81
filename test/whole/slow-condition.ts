import assert from 'node:assert/strict';
import { compileJsonata } from '../../src/expression/jsonata.ts';

const LONG_ENOUGH_MS = 100;

/**
 * A true condition that takes longer than the budget of a save (20 ms) and shorter than that of a run (1 s), as fast as
 * this machine is just now.
 */
export async function slowCondition(): Promise<string> {
  for (let members = 500; ; members *= 2) {
    const text = `$count([1..${members}][$ % 7 = 0]) = ${Math.floor(members / 7)}`;
    if ((await timeOf(text)) > LONG_ENOUGH_MS) return text;
  }
}

/** Milliseconds that it takes at least. */
async function timeOf(text: string): Promise<number> {
  const compiled = compileJsonata(text);
  assert.ok(compiled.ok);
  const nothing = { record: {}, previous: {}, changed: [], context: {}, input: {}, user: {}, run: {}, setting: {} };
  const ambience = { now: 0, timeZone: 'UTC', seed: '' };
  let shortestMs = Number.POSITIVE_INFINITY;
  // The first is slower than those that follow, and any may be slow because the machine was busy.
  for (let time = 0; time < 3; time++) {
    const startedAt = performance.now();
    assert.equal(await compiled.value.evaluate(nothing, ambience, { timeoutMs: 10_000 }), true);
    shortestMs = Math.min(shortestMs, performance.now() - startedAt);
  }
  return shortestMs;
}
