import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { BIN, temporaryFolder } from '../whole/command-line.ts';
import { until } from '../whole/poll.ts';
import type { Block } from './page.ts';
import { withoutVarying } from './same-output.ts';
import { Terminal } from './terminal.ts';

/** Commands that only look: a reader who looks too early looks again. */
const LOOKS = /^npx mapwright (?:runs (?:list|show)|record show)(?: |$)/u;

/** A port of this machine that was free just now. */
export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? String(address.port) : assert.fail();
}

/** Scripts in place of npm's, and this Node, before everything else in the path. */
export async function commandPath(t: TestContext): Promise<string> {
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

/** Where a page is followed, and how this machine differs from the reader's. */
export interface ReaderParts {
  /** The folder in which the first window opens. */
  readonly home: string;
  /** The folder below it that the page makes; the other windows open there. */
  readonly folder: string;
  readonly path: string;
  /** What is typed in place of a line of the page. */
  readonly typed: (line: string) => string;
  /** Texts of this machine, and what the page has instead. */
  readonly written: Readonly<Record<string, string>>;
  /** Done after each block. */
  readonly afterwards?: () => Promise<void>;
}

/**
 * Somebody who does what a page says:
 * - `sh`: lines typed into the first window, one after another. `fails`: the last one ends with 1.
 * - `sh second stays`: typed into another window, and goes on. `sh second keys`: the keys pressed there.
 * - `text`: what the lines before it write. `text third`: what has been written in that window since the last look.
 * - `diff FILE`: an editor; every line with `-` gives way to those with `+`.
 * - `xml FILE`: what a file holds.
 */
export class Reader {
  readonly #t: TestContext;
  readonly #parts: ReaderParts;
  readonly #terminals = new Map<string, Terminal>();
  #last: { readonly block: Block; readonly output: string } | undefined;

  constructor(t: TestContext, parts: ReaderParts) {
    [this.#t, this.#parts] = [t, parts];
  }

  async follow(block: Block): Promise<void> {
    if (block.language === 'sh') await this.#type(block);
    else if (block.language === 'text') await this.#compare(block);
    else if (block.language === 'diff') await this.#edit(block);
    else if (block.language === 'xml') await this.#show(block);
    else assert.fail(`${block.at}: nobody knows what to do with "${block.language}"`);
    await this.#parts.afterwards?.();
  }

  async #type(block: Block): Promise<void> {
    const terminal = this.#terminal(block.words[0] ?? 'first');
    const lines = block.text.split('\n');
    if (block.words.includes('keys')) return terminal.interrupt();
    if (block.words.includes('stays')) {
      this.#last = undefined;
      return terminal.start(this.#parts.typed(lines[0] ?? ''));
    }
    let output = '';
    for (const [index, line] of lines.entries()) {
      const typed = await terminal.run(this.#parts.typed(line));
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
    const lines = block.text.split('\n').map((line) => this.#parts.typed(line));
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
    assert.ok(text.includes(this.#parts.typed(block.text)), `${block.at}: the file does not hold this`);
  }

  #file(block: Block): string {
    return join(this.#parts.home, this.#parts.folder, block.words[0] ?? assert.fail(`${block.at}: no file is named`));
  }

  #terminal(window: string): Terminal {
    const name = window === 'fails' ? 'first' : window;
    const { home, path } = this.#parts;
    const folder = name === 'first' ? home : join(home, this.#parts.folder);
    const terminal = this.#terminals.get(name) ?? new Terminal(this.#t, { folder, path });
    this.#terminals.set(name, terminal);
    return terminal;
  }

  #plain(output: string): string {
    return withoutVarying(output, { [this.#parts.home]: '/home/you', ...this.#parts.written });
  }
}
