import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { StartReport } from '../../src/core/awaited-run.ts';
import { fakeAdministration } from './fake-administration.ts';
import { runCommand } from './fake-shell.ts';

describe('start', () => {
  it('passes on records, context, key and wait', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'mapwright-start-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = join(folder, 'context.json');
    await writeFile(file, '{"day": "2026-01-31"}');
    const administration = fakeAdministration();
    const all = ['--record', '60x1', '60x2', '--context', '{"a": 1}', '--key', 'k', '--wait', '5s'];
    const { output, exitCode } = await runCommand(['start', 'resend', ...all], { administration });
    assert.equal(exitCode, 0);
    assert.match(output, /^run 10 resend pending +see it: mapwright runs show 10\nrun 11 [^]*no server runs/u);
    await runCommand(['start', 'nightly', '--context', file], { administration });
    const [first, second] = administration.calls.filter(({ method }) => method === 'start');
    const { by, ...given } = (first?.params ?? assert.fail('not started')) as { by: string };
    assert.ok(by.length > 0);
    assert.deepEqual(given, {
      workflow: 'resend',
      records: ['60x1', '60x2'],
      context: { a: 1 },
      key: 'k',
      waitMs: 5000,
    });
    assert.deepEqual(second?.params, { workflow: 'nightly', by, context: { day: '2026-01-31' } });
  });

  it('tells what became of it, and fails when a run that it waited for has failed', async () => {
    const report: StartReport = {
      runs: [
        { id: 1, workflow: 'resend', status: 'completed' },
        { id: 2, workflow: 'resend', status: 'failed', code: 'CALL_STATUS' },
      ],
      skipped: ['60x3'],
      repeated: true,
    };
    const administration = { ...fakeAdministration(), start: async () => report };
    const { output, exitCode } = await runCommand(['start', 'resend', '--record', '60x1'], { administration });
    assert.equal(exitCode, 1);
    assert.match(
      output,
      /^started before with the same key[^]*run 1 resend completed[^]*run 2 resend failed CALL_STATUS/u,
    );
    assert.match(output, /60x3: the condition of the trigger does not hold/u);
    const json = await runCommand(['start', 'resend', '--json'], { administration });
    assert.deepEqual(JSON.parse(json.output), { ...report, served: false });
  });

  it('refuses a wrong duration, a wrong context, and no workflow', async () => {
    const administration = fakeAdministration();
    for (const [given, exit, code] of [
      [['x', '--wait', '5'], 2, 'CLI_USAGE'],
      [[], 2, 'CLI_USAGE'],
      [['x', '--context', '[1]'], 1, 'CLI_JSON_INVALID'],
      [['x', '--context', '{'], 1, 'CLI_JSON_INVALID'],
      [['x', '--context', 'nowhere.json'], 1, 'CLI_FILE_MISSING'],
    ] as const) {
      const { exitCode, errors } = await runCommand(['start', ...given], { administration });
      assert.equal(exitCode, exit, given.join(' '));
      assert.ok(errors.startsWith(`error ${code} `), errors);
    }
    assert.equal(administration.calls.filter(({ method }) => method === 'start').length, 0);
  });
});
