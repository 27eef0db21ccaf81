import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { encodedRuns } from '../../src/connector/encoded-runs.ts';

/** The runs as one regular expression finds them. */
function runsOf(text: string, least: number): { start: number; end: number }[] {
  const found = text.matchAll(/(?:[A-Za-z0-9+/_-]|%2[BFbf]|%3[Dd])+={0,2}/g);
  return [...found]
    .map(({ index, 0: run }) => ({ start: index, end: index + run.length }))
    .filter(({ start, end }) => end - start >= least);
}

it('finds the runs that are long enough, wherever in the text they stand', () => {
  const unit = fc.constantFrom(...'aB3+/_-', '=', '%', '%2B', '%3d', '%2', ' ', '"', 'é', ',');
  const property = fc.property(fc.array(unit, { maxLength: 60 }), fc.integer({ min: 1, max: 24 }), (units, least) => {
    assert.deepEqual(encodedRuns(units.join(''), least), runsOf(units.join(''), least));
  });
  fc.assert(property, { numRuns: 5_000 });
});
