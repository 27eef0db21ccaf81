import assert from 'node:assert/strict';
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { until } from './poll.ts';

export const BIN = join(import.meta.dirname, '../../bin/mapwright.js');

/** What a command came to. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface CommandOptions {
  /** The working folder. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The program instead of this Node with the command: gets the words as its arguments. */
  readonly program?: readonly [file: string, ...first: string[]];
}

/** Runs the real command in a process of its own. */
export async function mapwright(words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const child = start(words, options);
  child.stdin?.end(options.input ?? '');
  const [output, errors, [exitCode]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode: exitCode as number | null, output, errors };
}

/** Runs a command that must fail with this code: one error line, a hint below it, and no stack. */
export async function refused(code: string, words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return assertRefused(code, await mapwright(words, options));
}

/** That it failed with this code, as `refused` says. */
export function assertRefused(code: string, ended: Ended): Ended {
  assert.match(ended.errors, new RegExp(`^error ${code} .+\n  hint: .+\n$`, 'mu'), ended.output);
  assertClean(ended);
  assert.equal(ended.exitCode, code === 'CLI_USAGE' ? 2 : 1);
  return ended;
}

/** No stack trace, and no line wider than the page. */
export function assertClean({ output, errors }: Ended): void {
  assert.doesNotMatch(output + errors, /^\s+at .+:\d+:\d+\)?$|node:internal/mu);
}

/** A served install in a process of its own. */
export interface ServedProcess {
  readonly url: string;
  readonly accessKey: string | undefined;
  readonly child: ChildProcess;
  /** What it has written to standard error so far. */
  log(): string;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<readonly unknown[]>;
}

/** Starts `mapwright serve` on a free port; it is killed after the test. */
export async function serve(t: TestContext, folder: string, options: CommandOptions = {}): Promise<ServedProcess> {
  const child = start(['serve', '--dir', folder, '--port', '0', '--json'], options);
  let [output, errors] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  t.after(() => child.kill('SIGKILL'));
  await until(`the server tells its address (${folder})`, () => {
    if (child.exitCode !== null) assert.fail(`the server ended: ${errors}`);
    return output.includes('\n}') ? output : undefined;
  });
  const facts = JSON.parse(output) as { readonly url: string; readonly firstUser?: { readonly accessKey: string } };
  return {
    url: facts.url,
    accessKey: facts.firstUser?.accessKey,
    child,
    log: () => errors,
    async end(signal) {
      const ended = once(child, 'exit');
      child.kill(signal);
      return ended;
    },
  };
}

/** A folder of the test's own, removed after it. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-command-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function start(words: readonly string[], options: CommandOptions): ChildProcess {
  const [file, ...first] = options.program ?? [process.execPath, BIN];
  const spawned: SpawnOptions = { env: { ...process.env, MAPWRIGHT_DIR: '', ...options.env } };
  if (options.cwd !== undefined) spawned.cwd = options.cwd;
  return spawn(file, [...first, ...words], spawned);
}

function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? Promise.resolve('') : text(stream);
}
