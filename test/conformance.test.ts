import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { renderVerdicts } from '../tools/conformance/report.ts';
import { runVectors } from '../tools/conformance/run.ts';
import { sameValue } from '../tools/conformance/same-value.ts';
import { AREAS, readVectors, type Vector } from '../tools/conformance/vector.ts';

const VECTORS = await readVectors(join(import.meta.dirname, 'vectors'));

describe('the facts of the original', () => {
  for (const area of AREAS) {
    it(`are kept: ${area}`, async () => {
      const verdicts = await runVectors(VECTORS, { area });
      assert.ok(verdicts.length > 20);
      const open = verdicts.filter(({ result }) => result !== 'passed');
      assert.equal(open.length, 0, renderVerdicts(open));
    });
  }

  it('have an id each', () => {
    assert.equal(new Set(VECTORS.map(({ id }) => id)).size, VECTORS.length);
  });
});

describe('the rule of a fact', () => {
  const rule: readonly [title: string, vector: Partial<Vector>, passes: boolean][] = [
    ['without a quirk it is kept', { expected: 'A' }, true],
    ['without a quirk another value fails', { expected: 'B' }, false],
    ['what documents depend on is kept', { expected: 'A', quirk: 'depend', recommended: 'B' }, true],
    ['what is mended gives the recommendation', { expected: 'B', quirk: 'fix', recommended: 'A' }, true],
    ['what is mended gives nothing else', { expected: 'C', quirk: 'fix', recommended: 'B' }, false],
    ['what is mended without advice gives anything else', { expected: 'B', quirk: 'fix' }, true],
    ['what is mended without advice is no more as it was', { expected: 'A', quirk: 'fix' }, false],
    ['advice in words asks for anything else', { expected: 'B', quirk: 'fix', recommended: '(a value)' }, true],
    ['advice in words is not heeded by what was', { expected: 'A', quirk: 'fix', recommended: '(a value)' }, false],
    ['a failure is none when a value is wanted', { expected: { error: true } }, false],
  ];
  for (const [title, parts, passes] of rule) {
    it(title, async () => {
      const vector: Vector = { area: 'expression', id: 'x', input: { expression: "'A'" }, expected: null, ...parts };
      const [verdict] = await runVectors([vector]);
      assert.equal(verdict?.result, passes ? 'passed' : 'failed');
    });
  }

  it('compares numbers closely and members in any order', () => {
    assert.equal(sameValue({ a: 0.1 + 0.2, b: [1] }, { b: [1], a: 0.3 }), true);
    assert.equal(sameValue([], {}), true);
    assert.equal(sameValue(['x'], { 0: 'x' }), false);
    assert.equal(sameValue(1, 1.001), false);
    assert.equal(sameValue(1, '1'), false);
  });
});

describe('the command', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  });
  after(() => rm(folder, { recursive: true }));

  const run = (...words: string[]): Promise<{ code: unknown; out: string }> =>
    new Promise((resolve) => {
      const tool = join(import.meta.dirname, '..', 'tools', 'conformance.ts');
      execFile(process.execPath, [tool, ...words], (thrown, out) => resolve({ code: thrown?.code ?? 0, out }));
    });

  it('tells failures with input, expected and got, and exits with 1', async () => {
    const facts = [
      { area: 'expression', id: 'right', input: { expression: '1+1' }, expected: 2 },
      { area: 'expression', id: 'wrong', input: { expression: '1+1' }, expected: 3 },
    ];
    await writeFile(join(folder, 'facts.json'), JSON.stringify(facts));
    const failed = await run(folder);
    assert.equal(failed.code, 1);
    for (const text of ['wrong', '{"expression":"1+1"}', 'expected 3', 'got      2'])
      assert.ok(failed.out.includes(text), text);
    const chosen = await run(folder, '--id', 'right', '--json');
    assert.equal(chosen.code, 0);
    assert.deepEqual(JSON.parse(chosen.out), [{ area: 'expression', id: 'right', result: 'passed' }]);
  });

  it('exits with 2 when there is nothing to run', async () => {
    await writeFile(join(folder, 'broken.json'), '{');
    assert.equal((await run(folder)).code, 2);
    assert.equal((await run(join(folder, 'nowhere'))).code, 2);
    assert.equal((await run('--nonsense')).code, 2);
  });
});
