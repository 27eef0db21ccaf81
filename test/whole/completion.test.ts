import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { openInstall } from '../../src/runtime/install.ts';
import { BIN, mapwright, serve } from './command-line.ts';
import { productSync } from './documents.ts';
import { ADMIN } from './install-fixture.ts';

const run = promisify(execFile);
/** Other shells than bash are tried where they are installed. */
const CHECKED_SHELLS = ['bash', 'zsh', 'fish'] as const;

describe('completion', () => {
  let folder = '';
  let install = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mapwright-completion-'));
    install = join(folder, 'data');
    const opened = await openInstall({ folder: install, env: {} });
    const { administration, crm } = opened;
    await administration.setSetting({ name: 'head_office_url', value: 'http://127.0.0.1:9' });
    await administration.setSecret({ name: 'head_office_key', value: 'a secret value', by: 'test' });
    await administration.apply({ documents: await productSync(), prune: false, dryRun: false, by: 'test' });
    for (const productname of ['Bolt', 'Nut'])
      await crm.create({ actor: ADMIN, module: 'Products', element: { productname } });
    await opened.close();
    await writeFile(join(folder, 'mapwright'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
    await chmod(join(folder, 'mapwright'), 0o755);
    await writeFile(join(folder, 'map.xml'), '');
  });

  after(() => rm(folder, { recursive: true, force: true }));

  /** What bash offers at the end of a line, as after two presses of the Tab key. */
  const offered = async (...line: string[]): Promise<string[]> => {
    const script = [
      'source <(mapwright completion bash)',
      'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mapwright_completion',
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ].join('\n');
    const { stdout, stderr } = await run('bash', ['-c', script, 'bash', 'mapwright', ...line], {
      cwd: folder,
      env: { ...process.env, PATH: [folder, process.env['PATH'] ?? ''].join(delimiter), MAPWRIGHT_DIR: install },
    });
    assert.equal(stderr, '');
    return stdout.split('\n').filter((one) => one !== '');
  };

  const cases: readonly (readonly [line: string, offered: readonly string[]])[] = [
    ['pl', ['plan']],
    ['runs ', ['list', 'show', 'retry', 'cancel', 'help']],
    ['runs show ', ['2', '1']],
    ['runs list --workflow product-ch', ['product-changed']],
    ['runs list --status c', ['completed', 'canceled']],
    ['run product-', ['product-create', 'product-update']],
    ['record create P', ['Products']],
    ['setting set ', ['head_office_url']],
    ['secret remove ', ['head_office_key']],
    ['user key ', ['admin']],
    ['export --rev', ['--revision']],
    ['export --revision ', ['1']],
    ['init --example ', ['hello', 'product-sync']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['user add a', []],
    ['nothing such', []],
  ];
  for (const [line, expected] of cases) {
    it(`of "${line}" offers ${expected.join(' ') || 'nothing'}`, async () => {
      const found = await offered(...line.split(' '));
      assert.deepEqual(found, expected);
    });
  }

  it('is the same beside a running server, and of the install that the line names', async (t) => {
    const server = await serve(t, install);
    assert.deepEqual(await offered('setting', 'remove', ''), ['head_office_url']);
    assert.deepEqual(await offered('--dir', folder, 'setting', 'remove', ''), []);
    assert.deepEqual(await offered(`--dir=${install}`, 'setting', 'remove', ''), ['head_office_url']);
    assert.deepEqual(await offered('--dir', '=', install, 'setting', 'remove', ''), ['head_office_url']);
    assert.deepEqual(await server.end('SIGTERM'), [0, null]);
  });

  it('is silent where there is no install, makes none, and never tells a secret', async () => {
    const env = { MAPWRIGHT_DIR: join(folder, 'nowhere') };
    const nowhere = await mapwright(['complete', '--', 'setting', 'remove', ''], { env });
    assert.deepEqual(nowhere, { exitCode: 0, output: '', errors: '' });
    assert.ok(!(await readdir(folder)).includes('nowhere'));
    const secrets = await mapwright(['complete', '--', 'secret', 'set', ''], { env: { MAPWRIGHT_DIR: install } });
    assert.deepEqual([secrets.output, secrets.errors], ['head_office_key\n', '']);
  });

  for (const shell of CHECKED_SHELLS) {
    it(`prints a script that ${shell} can read`, async () => {
      const { output } = await mapwright(['completion', shell]);
      assert.ok(output.includes('complete -- '));
      const script = join(folder, `script.${shell}`);
      await writeFile(script, output);
      await run(shell, ['-n', script]).catch((error: NodeJS.ErrnoException) => {
        // Not every machine has every shell.
        if (error.code !== 'ENOENT' || shell === 'bash') throw error;
      });
    });
  }
});
