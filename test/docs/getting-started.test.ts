import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmod, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { BIN, temporaryFolder } from '../whole/command-line.ts';
import { until } from '../whole/poll.ts';
import { type Block, blocksOf } from './page.ts';
import { withoutVarying } from './same-output.ts';
import { Terminal } from './terminal.ts';

/**
 * The page is followed from top to bottom, as a reader would:
 * - `sh`: lines typed into the first window, one after another. `fails`: the last one ends with 1.
 * - `sh second stays`: typed into another window, and goes on. `sh second keys`: the keys pressed there.
 * - `text`: what the lines before it write. `text third`: what has been written in that window since the last look.
 * - `diff FILE`: an editor; every line with `-` gives way to those with `+`.
 * - `xml FILE`: what a file holds.
 * Only this differs from what the reader does: `npm install` is answered by a script that does nothing, `npx mapwright` runs
 * the checkout's bin/mapwright.js, and both servers listen on ports that are free.
 */
const PAGE = 'getting-started.md';
const PRACTICE_PORT = '8090';
const SERVER_PORT = '8080';

/** Commands that only look: a reader who looks too early looks again. */
const LOOKS = /^npx mapwright (?:runs (?:list|show)|record show)(?: |$)/u;

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? String(address.port) : assert.fail();
}

/** Scripts in place of npm's, and this Node, before everything else in the path. */
async function commandPath(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const scripts = {
    npm: `[ "$*" = "install mapwright" ]`,
    npx: `[ "$1" = mapwright ] || exit 64\nshift\nnpm_command=exec exec "${process.execPath}" "${BIN}" "$@"`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  await symlink(process.execPath, join(folder, 'node'));
  return [folder, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
}

/** Somebody who does what the page says. */
class Reader {
  readonly #t: TestContext;
  readonly #home: string;
  readonly #path: string;
  readonly #ports: Readonly<Record<string, string>>;
  readonly #terminals = new Map<string, Terminal>();
  #last: { readonly block: Block; readonly output: string } | undefined;

  constructor(t: TestContext, given: { readonly home: string; readonly path: string; readonly ports: string[] }) {
    [this.#t, this.#home, this.#path] = [t, given.home, given.path];
    const [practice = '', server = ''] = given.ports;
    this.#ports = { [PRACTICE_PORT]: practice, [SERVER_PORT]: server };
  }

  async follow(block: Block): Promise<void> {
    if (block.language === 'sh') await this.#type(block);
    else if (block.language === 'text') await this.#compare(block);
    else if (block.language === 'diff') await this.#edit(block);
    else if (block.language === 'xml') await this.#show(block);
    else assert.fail(`${block.at}: nobody knows what to do with "${block.language}"`);
    await this.#movePorts();
  }

  async #type(block: Block): Promise<void> {
    const terminal = this.#terminal(block.words[0] ?? 'first');
    const lines = block.text.split('\n');
    if (block.words.includes('keys')) return terminal.interrupt();
    if (block.words.includes('stays')) {
      this.#last = undefined;
      return terminal.start(this.#withPort(lines[0] ?? ''));
    }
    let output = '';
    for (const [index, line] of lines.entries()) {
      const typed = await terminal.run(this.#withPort(line));
      const fails = block.words.includes('fails') && index === lines.length - 1;
      assert.equal(typed.exitCode, fails ? 1 : 0, `${block.at}: ${line}\n${typed.output}`);
      output += typed.output;
    }
    this.#last = { block, output };
  }

  async #compare(block: Block): Promise<void> {
    const expected = withoutVarying(block.text);
    const [window] = block.words;
    const last = this.#last;
    if (window !== undefined) await this.#await(block, expected, window);
    else if (last === undefined) assert.fail(`${block.at}: nothing was typed before`);
    else if (last.block.text.split('\n').every((line) => LOOKS.test(line))) await this.#lookAgain(last, expected);
    else assert.equal(this.#plain(last.output), expected, block.at);
  }

  async #await(block: Block, expected: string, window: string): Promise<void> {
    const terminal = this.#terminal(window);
    await until(block.at, () => this.#plain(terminal.news()) === expected || undefined).catch(() =>
      assert.equal(this.#plain(terminal.news()), expected, block.at),
    );
    terminal.look();
  }

  async #lookAgain(last: { readonly block: Block; readonly output: string }, expected: string): Promise<void> {
    let seen = this.#plain(last.output);
    await until(last.block.at, async () => {
      if (seen === expected) return true;
      let output = '';
      for (const line of last.block.text.split('\n')) output += (await this.#terminal('first').run(line)).output;
      seen = this.#plain(output);
      return undefined;
    }).catch(() => assert.equal(seen, expected, last.block.at));
  }

  async #edit(block: Block): Promise<void> {
    const file = this.#file(block);
    const lines = block.text.split('\n');
    const pick = (sign: string): string =>
      lines
        .filter((line) => line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const text = await readFile(file, 'utf8');
    assert.equal(text.split(pick('-')).length, 2, `${block.at}: the lines do not stand there once`);
    await writeFile(
      file,
      text.replace(pick('-'), () => pick('+')),
    );
  }

  async #show(block: Block): Promise<void> {
    const text = await readFile(this.#file(block), 'utf8');
    assert.ok(text.includes(block.text), `${block.at}: the file does not hold this`);
  }

  #file(block: Block): string {
    return join(this.#home, 'my-maps', block.words[0] ?? assert.fail(`${block.at}: no file is named`));
  }

  #terminal(window: string): Terminal {
    const name = window === 'fails' ? 'first' : window;
    const folder = name === 'first' ? this.#home : join(this.#home, 'my-maps');
    const terminal = this.#terminals.get(name) ?? new Terminal(this.#t, { folder, path: this.#path });
    this.#terminals.set(name, terminal);
    return terminal;
  }

  #withPort(line: string): string {
    if (line.startsWith('npx mapwright practice')) return `${line} --port ${this.#ports[PRACTICE_PORT]}`;
    if (line.startsWith('npx mapwright serve')) return `${line} --port ${this.#ports[SERVER_PORT]}`;
    return line.replaceAll(PRACTICE_PORT, this.#ports[PRACTICE_PORT] ?? '');
  }

  #plain(output: string): string {
    const ports = Object.entries(this.#ports).map(([written, real]) => [real, written]);
    return withoutVarying(output, { [this.#home]: '/home/you', ...Object.fromEntries(ports) });
  }

  /** The service's document names the port that the reader's practice service has. */
  async #movePorts(): Promise<void> {
    const file = join(this.#home, 'my-maps/documents/practice.xml');
    const text = await readFile(file, 'utf8').catch(() => '');
    const moved = text.replaceAll(`:${PRACTICE_PORT}"`, `:${this.#ports[PRACTICE_PORT]}"`);
    if (moved !== text) await writeFile(file, moved);
  }
}

describe('docs/getting-started.md', () => {
  it('works as it is written, from the empty folder to the last line', async (t) => {
    const home = await realpath(await temporaryFolder(t));
    const ports = [await freePort(), await freePort()];
    const reader = new Reader(t, { home, path: await commandPath(t), ports });
    const blocks = blocksOf(PAGE);
    assert.ok(blocks.length > 20);
    for (const block of blocks) await reader.follow(block);
  });
});
