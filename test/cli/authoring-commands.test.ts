import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Administration, PlanReport } from '../../src/runtime/administration.ts';
import { displayWidth } from '../../src/cli/text-layout.ts';
import { fakeAdministration } from './fake-administration.ts';
import { runCommand } from './fake-shell.ts';

const PLAN: PlanReport = {
  revision: 6,
  changes: [
    { kind: 'map', name: 'a', change: 'changed' },
    { kind: 'map', name: 'b', change: 'removed' },
    { kind: 'module', name: 'M', change: 'added' },
    { kind: 'service', name: 's', change: 'unchanged' },
  ],
  texts: [
    {
      file: 'a.xml',
      documents: [{ kind: 'map', name: 'a' }],
      before: `one\n${'x'.repeat(300)}\n`,
      after: 'one\n\u001b[2J\ttwo\n',
    },
    { file: 'long.xml', documents: [{ kind: 'map', name: 'l' }], before: '\n'.repeat(6000), after: 'x\n' },
    { file: 'ends.xml', documents: [{ kind: 'map', name: 'e' }], before: 'a\r\n', after: 'a\n' },
  ],
  plans: [],
  modules: [
    { module: 'M', isNew: true, columns: [], indexes: [], hidden: [] },
    { module: 'N', isNew: false, columns: ['x', 'y'], indexes: ['y'], hidden: ['z'] },
  ],
  unfinished: { 'order-sent': 2, 'order-paid': 1 },
  diagnostics: [],
};

async function planned(context: TestContext, params: { readonly colours: boolean }) {
  const workingFolder = await mkdtemp(join(tmpdir(), 'mapwright-cli-'));
  context.after(() => rm(workingFolder, { recursive: true, force: true }));
  await writeFile(join(workingFolder, 'a.xml'), '<map/>');
  const administration: Administration = { ...fakeAdministration(), plan: () => Promise.resolve(PLAN) };
  return runCommand(['plan', 'a.xml'], { administration, workingFolder, ...params });
}

describe('plan', () => {
  it('shows documents, lines, tables and runs on a page', async (context) => {
    const { output, exitCode } = await planned(context, { colours: false });
    assert.equal(exitCode, 0);
    for (const line of [
      '- map b',
      '+ module M',
      '~ map a   a.xml',
      '    @@ -1,2 +1,2 @@',
      '      one',
      String.raw`    + \x1b[2J    two`,
      '    6000 lines before, 1 line now: too long to compare',
      '    only the ends of lines differ',
      'module M: a table is made for its records',
      'module N: adds columns x, y; adds index on y; no longer shows z (the values are kept)',
      '3 unfinished runs keep to the revision they were accepted with (now 6): order-sent 2, order-paid 1',
      'apply would make revision 7: 1 added, 1 changed, 1 removed, 1 unchanged (0 errors, 0 warnings)',
    ]) {
      assert.ok(output.split('\n').includes(line), `${line}\n---\n${output}`);
    }
    for (const line of output.split('\n')) assert.ok(displayWidth(line) <= 110, line);
  });

  it('has colours on a terminal only, and they end where their line does', async (context) => {
    const { output } = await planned(context, { colours: true });
    const coloured = output.split('\n').filter((line) => line.includes('\u001b'));
    assert.ok(coloured.length >= 4);
    for (const line of coloured) assert.match(line, /^ {4}\u001b\[3[126]m.*\u001b\[0m$/u);
  });
});

describe('record', () => {
  it('passes fields on, and refuses what is no field=value', async () => {
    const administration = fakeAdministration();
    await runCommand(['record', 'create', 'Products', 'productname=Bolt = M8', 'serial_no='], { administration });
    await runCommand(['record', 'change', '14x1', 'productname=Nut'], { administration });
    assert.deepEqual(
      administration.calls.filter(({ method }) => method.endsWith('Record')),
      [
        { method: 'createRecord', params: { module: 'Products', values: { productname: 'Bolt = M8', serial_no: '' } } },
        { method: 'changeRecord', params: { id: '14x1', values: { productname: 'Nut' } } },
      ],
    );
    for (const wrong of ['Bolt', '=Bolt']) {
      const { exitCode, errors } = await runCommand(['record', 'create', 'Products', wrong], { administration });
      assert.equal(exitCode, 2);
      assert.match(errors, /^error CLI_USAGE /u);
    }
  });

  it('shows the fields of one', async () => {
    const { output } = await runCommand(['record', 'show', '14x1'], { administration: fakeAdministration() });
    assert.match(
      output,
      /^Products 14x1 {3}version 1 {3}changed 2026-01-31 09:05:00Z\n.*\nproductname +Bolt\nremote_id$/u,
    );
  });
});

describe('export', () => {
  it('lists revisions on a page, the newest in force', async () => {
    const { output } = await runCommand(['export', '--list'], { administration: fakeAdministration() });
    assert.match(output, /^ +4 {2}2026-01-31 09:05:00Z {2}anna +2 {2}in force$/mu);
  });
});
