import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { displayWidth } from '../../src/cli/text-layout.ts';
import { fakeAdministration } from './fake-administration.ts';
import { RETENTION } from './fake-answers.ts';
import { runCommand } from './fake-shell.ts';

describe('retention', () => {
  it('is shown with what would go now, what workflows say, and what went', async () => {
    const { output, exitCode } = await runCommand(['retention'], { administration: fakeAdministration() });
    assert.equal(exitCode, 0);
    const lines = output.split('\n');
    assert.match(lines[0] ?? '', /^KIND +WHAT +KEPT +AT MOST +TO GO NOW$/u);
    assert.match(lines[1] ?? '', /^completed +runs that completed +30d \(default\) +12,000$/u);
    assert.equal(lines.filter((line) => line.startsWith('workflow product-changed: ')).length, 2);
    assert.match(output, /3 runs left over/u);
    assert.match(output, /completed 1,234,567/u);
    for (const line of lines) assert.ok(displayWidth(line) <= 110, line);
  });

  it('is set, taken back and limited by number; a preview changes nothing', async () => {
    const administration = fakeAdministration();
    for (const words of [
      ['set', 'completed', '7d'],
      ['set', 'failed', 'default', '--at-most', '1000'],
      ['set', 'failed', '--at-most', 'none'],
      ['preview', 'history', 'forever'],
    ]) {
      const { exitCode, output } = await runCommand(['retention', ...words], { administration });
      assert.equal(exitCode, 0, output);
    }
    assert.deepEqual(
      administration.calls.map(({ method, params }) => [method, params]),
      [
        ['setRetention', { kind: 'completed', keep: '7d' }],
        ['setRetention', { kind: 'failed', keep: 'default', atMost: 1000 }],
        ['setRetention', { kind: 'failed', atMost: null }],
        ['previewRetention', { kind: 'history', keep: 'forever' }],
      ],
    );
  });

  it('tells of a preview what would be removed', async () => {
    const { output } = await runCommand(['retention', 'preview', 'completed', '30d'], {
      administration: fakeAdministration(),
    });
    assert.match(output.split('\n')[0] ?? '', /^12,000 completed runs would be removed now: .*before 2026-01-01/u);
  });

  it('refuses what is no kind and no length of time', async () => {
    for (const words of [
      ['set', 'completd', '7d'],
      ['set', 'completed', '5m'],
      ['set', 'completed', '7'],
      ['set', 'completed', '--at-most', '0'],
    ]) {
      const { exitCode } = await runCommand(['retention', ...words], { administration: fakeAdministration() });
      assert.equal(exitCode, 2, words.join(' '));
    }
  });

  it('is given as facts', async () => {
    const { output } = await runCommand(['retention', '--json'], { administration: fakeAdministration() });
    assert.deepEqual(JSON.parse(output), RETENTION);
  });
});
