import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FoundFailure } from '../../tools/fuzz/area.ts';
import { loadAreaFrom } from '../../tools/fuzz/areas.ts';
import { readFailure } from '../../tools/fuzz/failure-file.ts';
import { runFuzz } from '../../tools/fuzz/fuzz-run.ts';
import { renderFailure, renderVerdicts } from '../../tools/fuzz/report.ts';
import { inputOf } from '../../tools/fuzz/supervisor.ts';
import { MISCHIEF } from './broken-area.ts';
import { temporaryFolder } from './command-line.ts';

const BROKEN = await loadAreaFrom(new URL('./broken-area.ts', import.meta.url));
/** With this seed every mischief is among the rounds, and few are there twice. */
const SEED = 9;
const ROUNDS = 40;
const HEAP_MIB = 64;

const does = (round: number): string => (inputOf(BROKEN.area, SEED, round) as { readonly does: string }).does;
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

test('what hangs, dies, eats memory or breaks its word is found, saved, and the rounds go on', async (t) => {
  const save = await temporaryFolder(t);
  const found: FoundFailure[] = [];
  const [verdict] = await runFuzz({
    sources: [BROKEN],
    seed: SEED,
    from: 0,
    to: ROUNDS,
    save,
    heapMib: HEAP_MIB,
    onFailure: (failure) => found.push(failure),
  });
  const expected = rounds.flatMap((round) => {
    const kind = MISCHIEF[does(round)];
    return kind === undefined ? [] : [[round, kind] as const];
  });
  assert.deepEqual(new Set(expected.map(([, kind]) => kind)), new Set(['broken', 'hang', 'crash', 'memory']));
  assert.deepEqual(
    found.map(({ round, kind }) => [round, kind] as const).toSorted(([a], [b]) => a - b),
    expected,
  );
  assert.ok(verdict !== undefined);
  assert.deepEqual([verdict.rounds, verdict.failures, verdict.complete], [ROUNDS, expected.length, true]);
  assert.equal(verdict.refused, rounds.filter((round) => does(round) === 'is refused').length);
  assert.ok(verdict.peakMemoryKib > 0);
  assert.match(renderVerdicts([verdict]), new RegExp(`^broken +${ROUNDS} .* ${expected.length} `, 'mu'));
  await replaysAll(save, found);
});

/** Every saved failure holds its input, and gives the same failure from its file and from its seed and round. */
async function replaysAll(save: string, found: readonly FoundFailure[]): Promise<void> {
  assert.equal((await readdir(save)).length, found.length);
  for (const { kind, round } of found.filter((failure) => failure.kind === 'broken' || failure.kind === 'crash')) {
    const failure = await readFailure(join(save, `broken-${SEED}-${round}.json`));
    assert.deepEqual(failure.input, inputOf(BROKEN.area, SEED, round));
    for (const given of [{}, { input: failure.input }]) {
      const again: FoundFailure[] = [];
      const onFailure = (one: FoundFailure): void => void again.push(one);
      const range = { from: round, to: round + 1, save, heapMib: HEAP_MIB };
      await runFuzz({ sources: [BROKEN], seed: SEED, ...range, ...given, onFailure });
      assert.deepEqual(
        again.map((one) => [one.kind, one.round]),
        [[kind, round]],
      );
    }
    assert.match(renderFailure(failure, 'here'), new RegExp(`--seed ${SEED} --only broken --at ${round}$`, 'mu'));
  }
}

test('a round of an area is made from seed, area and round alone', () => {
  const inputs = rounds.map((round) => JSON.stringify(inputOf(BROKEN.area, SEED, round)));
  assert.deepEqual(
    rounds.toReversed().map((round) => JSON.stringify(inputOf(BROKEN.area, SEED, round))),
    inputs.toReversed(),
  );
  const other = rounds.map((round) => JSON.stringify(inputOf(BROKEN.area, SEED + 1, round)));
  assert.notDeepEqual(other, inputs);
});

test('a run that is stopped ends, and says that it is not complete', async (t) => {
  const stop = new AbortController();
  const [verdict] = await runFuzz({
    sources: [BROKEN],
    seed: SEED,
    from: 0,
    to: 1_000_000,
    save: await temporaryFolder(t),
    heapMib: HEAP_MIB,
    signal: stop.signal,
    onFailure: () => stop.abort(),
  });
  assert.equal(verdict?.complete, false);
});
