import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { until } from '../whole/poll.ts';

const END = '@@ended';

/** What a line that was typed came to. */
export interface Typed {
  readonly output: string;
  readonly exitCode: number;
}

/**
 * A window with a shell in it: one session, so that `cd` counts for the lines that follow. Standard output and errors come
 * in the order in which they were written, as on a screen.
 */
export class Terminal {
  readonly #shell: ChildProcess;
  #output = '';
  #seen = 0;

  constructor(t: TestContext, options: { readonly folder: string; readonly path: string }) {
    const env = { ...process.env, PATH: options.path, MAPWRIGHT_DIR: '', HOME: options.folder, NO_COLOR: '1' };
    // A group of its own: Ctrl+C reaches what runs in it, and nothing else.
    this.#shell = spawn('/bin/sh', [], { cwd: options.folder, env, detached: true });
    for (const stream of [this.#shell.stdout, this.#shell.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk));
    t.after(() => this.#signal('SIGKILL'));
    // The shell itself outlives Ctrl+C.
    this.#write('exec 2>&1; trap : INT');
  }

  /** Types a line and waits for its end. */
  async run(line: string): Promise<Typed> {
    this.#seen = this.#output.length;
    this.#write(`{ ${line}\n} < /dev/null; echo "${END} $?"`);
    const ended = new RegExp(`${END} (\\d+)\\n`, 'u');
    return until(`the end of ${line}\n${this.news()}`, () => {
      const found = ended.exec(this.news());
      if (found === null) return undefined;
      const output = this.news().slice(0, found.index);
      this.#seen = this.#output.length;
      return { output, exitCode: Number(found[1]) };
    });
  }

  /** Types a line that goes on until Ctrl+C. */
  start(line: string): void {
    this.#seen = this.#output.length;
    this.#write(`{ ${line}\n} < /dev/null; echo "${END} $?"`);
  }

  /** Presses Ctrl+C and waits until the shell asks for the next line. */
  async interrupt(): Promise<void> {
    const before = this.#output.length;
    this.#signal('SIGINT');
    await until('the end after Ctrl+C', () => this.#output.includes(END, before) || undefined);
    this.#seen = this.#output.length;
  }

  /** What was written since somebody last looked. */
  news(): string {
    return this.#output.slice(this.#seen);
  }

  /** The next news begin here. */
  look(): void {
    this.#seen = this.#output.length;
  }

  #write(line: string): void {
    this.#shell.stdin?.write(`${line}\n`);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#shell;
    assert.ok(pid !== undefined);
    try {
      process.kill(-pid, signal);
    } catch (thrown) {
      // It has ended already.
      assert.equal((thrown as NodeJS.ErrnoException).code, 'ESRCH');
    }
  }
}
