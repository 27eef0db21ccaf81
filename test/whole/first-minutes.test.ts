import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { delimiter, dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { displayWidth } from '../../src/cli/text-layout.ts';
import { BIN, assertClean, mapwright, refused, temporaryFolder } from './command-line.ts';
import { until } from './poll.ts';

interface Step {
  readonly command: string;
  readonly stays?: boolean;
}

/** A folder with `mapwright` and this Node in it, for lines that are typed as they are printed. */
async function pathWithCommand(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await symlink(process.execPath, join(folder, 'node'));
  await writeFile(join(folder, 'mapwright'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  await chmod(join(folder, 'mapwright'), 0o755);
  return [folder, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : assert.fail();
}

/** A terminal: lines go to a shell one after another, in one working folder. */
class Terminal {
  readonly #path: string;
  readonly #t: TestContext;
  folder: string;

  constructor(t: TestContext, path: string, folder: string) {
    [this.#t, this.#path, this.folder] = [t, path, folder];
  }

  type(line: string): { readonly child: ChildProcess; output(): string } {
    const env = { ...process.env, PATH: this.#path, MAPWRIGHT_DIR: '', npm_command: '' };
    const child = spawn('/bin/sh', ['-c', `exec ${line}`], { cwd: this.folder, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    this.#t.after(() => child.kill('SIGKILL'));
    return { child, output: () => output };
  }

  /** Types a line and waits for its end, which must be a good one. */
  async run(line: string): Promise<string> {
    const { child, output } = this.type(line);
    child.stdin?.end('a value\n');
    const [code] = await once(child, 'close');
    assert.equal(code, 0, `${line}\n${output()}`);
    return output();
  }
}

describe('init', () => {
  it('prints commands that work as they are printed, from the first file to the finished run', async (t) => {
    const folder = await temporaryFolder(t);
    const terminal = new Terminal(t, await pathWithCommand(t), folder);
    const facts = JSON.parse(await terminal.run('mapwright init my-maps --json')) as { readonly next: readonly Step[] };
    const [enter, ...steps] = facts.next;
    assert.equal(enter?.command, 'cd my-maps');
    terminal.folder = join(folder, 'my-maps');
    // Another program may listen where the practice service does by default.
    const port = String(await freePort());
    const service = join(terminal.folder, 'documents/practice.xml');
    await writeFile(service, (await readFile(service, 'utf8')).replace('8090', port));
    await terminal.run('mapwright check --strict documents tests');
    await terminal.run('mapwright test documents tests');
    const outputs: string[] = [];
    for (const { command, stays } of steps) {
      const line = command.replace('8090', port);
      if (stays !== true) {
        outputs.push(await until(line, () => terminal.run(line)));
        continue;
      }
      const free = line.endsWith('practice') ? ` --port ${port}` : ' --port 0';
      const { child, output } = terminal.type(line + free);
      await until(`${line} is ready`, () => {
        assert.equal(child.exitCode, null, output());
        return /Each request|applied revision 1: 4 added/u.test(output()) || undefined;
      });
    }
    await until(
      'the run ends',
      async () => (await terminal.run('mapwright runs show 1')).includes('completed') || undefined,
    );
    assert.match(await terminal.run('mapwright record show 30x1'), /^practice_id +c2$/mu);
    assert.ok(outputs.some((output) => output.includes('201')));
  });

  it('makes documents and tests that pass, and commands for the other example that work', async (t) => {
    const terminal = new Terminal(t, await pathWithCommand(t), await temporaryFolder(t));
    const facts = JSON.parse(await terminal.run('mapwright init --example product-sync --json')) as {
      readonly next: readonly Step[];
      readonly made: readonly string[];
    };
    assert.ok(facts.made.includes('documents/product-create.xml') && facts.made.includes('schema/mapwright-1.xsd'));
    await terminal.run('mapwright check --strict documents tests');
    await terminal.run('mapwright test documents tests');
    const [serve, ...set] = facts.next.toReversed();
    for (const { command } of set.toReversed()) await terminal.run(command);
    const { child, output } = terminal.type(`${serve?.command} --port 0`);
    await until('the documents are applied', () => {
      assert.equal(child.exitCode, null, output());
      return output().includes('applied revision 1: 9 added') || undefined;
    });
  });

  it('refuses a folder that holds other things by name, and with --force overwrites nothing', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'letter.txt'), 'mine');
    await writeFile(join(folder, 'README.md'), 'mine');
    const { errors } = await refused('CLI_FOLDER_NOT_EMPTY', ['init', folder]);
    assert.match(errors, /letter\.txt, README\.md/u);
    assert.deepEqual((await readdir(folder)).toSorted(), ['README.md', 'letter.txt']);
    const forced = await mapwright(['init', folder, '--force', '--json']);
    assert.deepEqual((JSON.parse(forced.output) as { readonly kept: unknown }).kept, ['README.md']);
    assert.equal(await readFile(join(folder, 'README.md'), 'utf8'), 'mine');
  });

  it('makes what is missing when it was broken off, and nothing when all is there', async (t) => {
    const folder = join(await temporaryFolder(t), 'it is "mine"');
    const first = await mapwright(['init', folder]);
    assert.equal(first.exitCode, 0);
    assertClean(first);
    for (const line of first.output.split('\n')) assert.ok(displayWidth(line) <= 110, line);
    const made = async (): Promise<readonly string[]> => {
      const { output } = await mapwright(['init', folder, '--json']);
      return (JSON.parse(output) as { readonly made: readonly string[] }).made;
    };
    assert.deepEqual(await made(), []);
    await writeFile(join(folder, 'customer.json'), '{}');
    await refused('CLI_FOLDER_NOT_EMPTY', ['init', folder]);
  });

  it('says so when the folder cannot be made', async (t) => {
    const file = join(await temporaryFolder(t), 'file');
    await writeFile(file, '');
    await refused('CLI_FILE_UNWRITABLE', ['init', join(file, 'below')]);
  });
});
