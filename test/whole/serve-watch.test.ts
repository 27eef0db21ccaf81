import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { BIN, assertClean, mapwright, refused, temporaryFolder } from './command-line.ts';
import { until } from './poll.ts';

/** A served install that watches the documents of a folder made by `init`. */
class Watching {
  readonly folder: string;
  readonly child: ChildProcess;
  #output = '';
  /** Up to where the output was waited for. */
  #read = 0;

  private constructor(t: TestContext, folder: string, words: readonly string[]) {
    this.folder = folder;
    const line = [BIN, 'serve', '--port', '0', '--watch', 'documents', ...words];
    this.child = spawn(process.execPath, line, { cwd: folder, env: { ...process.env, MAPWRIGHT_DIR: '' } });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk) => (this.#output += String(chunk)));
    }
    t.after(() => this.child.kill('SIGKILL'));
  }

  static async start(t: TestContext, ...words: string[]): Promise<Watching> {
    const folder = await temporaryFolder(t);
    assert.equal((await mapwright(['init'], { cwd: folder })).exitCode, 0);
    return new Watching(t, folder, words);
  }

  /** Waits for a line after those that were waited for before. */
  async tells(line: RegExp): Promise<string> {
    return until(`${line} in ${this.#output}`, () => {
      assert.equal(this.child.exitCode, null, this.#output);
      const found = line.exec(this.#output.slice(this.#read));
      if (found === null) return undefined;
      this.#read += found.index + found[0].length;
      return found[0];
    });
  }

  path(file: string): string {
    return join(this.folder, 'documents', file);
  }

  async edited(file: string, from: string, to: string): Promise<string> {
    const text = await readFile(this.path(file), 'utf8');
    assert.ok(text.includes(from));
    return text.replace(from, to);
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assertClean({ exitCode: 0, output: this.#output, errors: '' });
  }
}

describe('serve --watch', () => {
  it('applies the documents at the start and on every save, however an editor writes', async (t) => {
    const watching = await Watching.start(t);
    await watching.tells(/^applied revision 1: 4 added \(/mu);
    await writeFile(watching.path('hello-create.xml'), await watching.edited('hello-create.xml', 'Hello', 'Hi'));
    await watching.tells(/^applied revision 2: 1 changed \(map hello-create\)$/mu);
    await writeFile(watching.path('hello-create.xml~'), await watching.edited('hello-create.xml', 'Hi', 'Hey'));
    await rename(watching.path('hello-create.xml~'), watching.path('hello-create.xml'));
    await watching.tells(/^applied revision 3: 1 changed \(map hello-create\)$/mu);
    await mkdir(watching.path('more/deep'), { recursive: true });
    const again = await watching.edited('customer-created.xml', 'customer-created', 'customer-again');
    await writeFile(watching.path('more/deep/again.xml'), again);
    await watching.tells(/^applied revision 4: 1 added \(workflow customer-again\)$/mu);
    await writeFile(watching.path('more/deep/again.xml'), again.replace('on="create"', 'on="save"'));
    await watching.tells(/^applied revision 5: 1 changed \(workflow customer-again\)$/mu);
    await rm(watching.path('more'), { recursive: true });
    await watching.tells(/^in no file, and still in force: workflow customer-again; --prune/mu);
    await watching.end();
  });

  it('shows what check shows, keeps the revision in force, and goes on when it is mended', async (t) => {
    const watching = await Watching.start(t);
    await watching.tells(/^applied revision 1/mu);
    const good = await readFile(watching.path('hello-create.xml'));
    await writeFile(watching.path('hello-create.xml'), good.subarray(0, 400));
    const half = await watching.tells(/^documents\/hello-create\.xml:\d+:\d+ error XML_[A-Z_]+ .*$/mu);
    await watching.tells(/^not applied: \d+ errors?, \d+ warnings?; revision 1 stays in force$/mu);
    assert.ok((await mapwright(['check', 'documents'], { cwd: watching.folder })).output.includes(half));
    await writeFile(watching.path('hello-create.xml'), Buffer.from([0xff, 0x00, 0xfe]));
    await watching.tells(/ error XML_ENCODING [^]*^not applied: not every file could be read$/mu);
    await writeFile(watching.path('hello-create.xml'), good);
    await watching.tells(/^nothing differs: revision 1 stays in force$/mu);
    await rename(watching.path(''), join(watching.folder, 'away'));
    await watching.tells(/^error CLI_[A-Z_]+ /mu);
    await rename(join(watching.folder, 'away'), watching.path(''));
    await watching.tells(/^nothing differs: revision 1 stays in force$/mu);
    await writeFile(watching.path('hello-create.xml'), await watching.edited('hello-create.xml', 'Hello', 'Hi'));
    await watching.tells(/^applied revision 2: 1 changed/mu);
    await watching.end();
  });

  it('removes what was deleted with --prune, but not when the folder is empty', async (t) => {
    const watching = await Watching.start(t, '--prune');
    await watching.tells(/^applied revision 1/mu);
    await rm(watching.path('customer-created.xml'));
    await watching.tells(/^applied revision 2: 1 removed \(workflow customer-created\)$/mu);
    for (const file of ['customers.xml', 'practice.xml', 'hello-create.xml']) {
      await rename(watching.path(file), join(watching.folder, file));
    }
    await watching.tells(/^error CLI_NO_DOCUMENTS /mu);
    await watching.end();
    const revisions = await mapwright(['export', '--list', '--json'], { cwd: watching.folder });
    const [newest] = (JSON.parse(revisions.output) as { readonly revisions: readonly { readonly documents: number }[] })
      .revisions;
    assert.ok((newest?.documents ?? 0) > 0);
  });

  it('refuses a folder that is not there, and --prune without it, before anything is made', async (t) => {
    const folder = await temporaryFolder(t);
    await refused('CLI_FILE_MISSING', ['serve', '--watch', 'documents'], { cwd: folder });
    await refused('CLI_USAGE', ['serve', '--prune'], { cwd: folder });
  });
});
