import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';

// node tools/run-tests.ts [FILE OR PATTERN...] [--at-once N]
// Runs test files, all of them without names, each in a process of its own. Exit 1 when a test failed, 2 when there is none.

const ROOT = join(import.meta.dirname, '..');

/** Files that take far longer than others: begun first, so that none of them is still running when all else is done. */
const LONG: readonly string[] = [
  'kill-minus-nine.test.ts',
  'crash-points.test.ts',
  'package.test.ts',
  'fuzz.test.ts',
  'program.test.ts',
  'migrating.test.ts',
  'kill-command.test.ts',
  'import-round-trip.test.ts',
];

/** Many tests wait, for a disk, a process, a time: with as many files as processors, these would stand still. */
const FILES_AT_ONCE = Math.min(8, availableParallelism() + 2);
const SLOWEST_SHOWN = 10;

const USAGE = 'usage: node tools/run-tests.ts [FILE OR PATTERN...] [--at-once N]';

const choice = readChoice();
process.exitCode = choice === undefined ? 2 : await runTests(choice);

interface Choice {
  readonly files: string[];
  readonly concurrency: number;
}

/** Undefined, and told, when the words name nothing that could be run. */
function readChoice(): Choice | undefined {
  try {
    return chosen();
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    console.error(`${thrown.message}\n${USAGE}`);
    return undefined;
  }
}

/** Throws a TypeError, as `parseArgs` does. */
function chosen(): Choice {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'at-once': { type: 'string', default: String(FILES_AT_ONCE) } },
  });
  const files = testFiles(positionals.length === 0 ? [join(ROOT, 'test/**/*.test.ts')] : positionals);
  const concurrency = Number(values['at-once']);
  if (files.length === 0) throw new TypeError(`no file is called like ${positionals.join(' ')}`);
  if (!Number.isInteger(concurrency) || concurrency < 1) throw new TypeError('--at-once takes a number from 1 on');
  return { files, concurrency };
}

/** Gives the exit code. */
async function runTests({ files, concurrency }: Choice): Promise<number> {
  keepCompiled();
  const database = await shareDatabase(files);
  const tests = run({ files, concurrency });
  const durations = new Map<string, number>();
  let isPassed = false;
  tests.on('test:summary', ({ file, duration_ms: durationMs, success }) => {
    if (file === undefined) isPassed = success;
    else durations.set(file, durationMs);
  });
  const report = tests.compose(spec());
  report.pipe(process.stdout);
  await finished(report);
  database?.stdin.end();
  if (files.length > SLOWEST_SHOWN) console.log(slowest(durations));
  return isPassed ? 0 : 1;
}

function testFiles(patterns: readonly string[]): string[] {
  const found = patterns.flatMap((pattern) => globSync(pattern)).map((file) => resolve(file));
  return [...new Set(found)].toSorted((one, other) => rankOf(one) - rankOf(other) || one.localeCompare(other));
}

function rankOf(file: string): number {
  const place = LONG.indexOf(basename(file));
  return place === -1 ? LONG.length : place;
}

/** Every test file and every command that a test starts compiles the same sources: they share what one of them compiled. */
function keepCompiled(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/mapwright');
}

/**
 * One PostgreSQL server for all files that work on databases of their own in one: to make one takes seconds of both
 * processors. Undefined where each may as well start its own.
 */
async function shareDatabase(
  files: readonly string[],
): Promise<ChildProcessByStdio<Writable, Readable, null> | undefined> {
  const users = files.filter((file) => /postgres-(?:cluster|install)/u.test(readFileSync(file, 'utf8')));
  if (users.length < 2 || process.env['MAPWRIGHT_TEST_POSTGRES'] !== undefined) return undefined;
  const program = join(ROOT, 'test/store/postgres-server.ts');
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [])]);
  // Without one each file starts its own, and says what is wrong.
  if (said === undefined) return undefined;
  process.env['MAPWRIGHT_TEST_POSTGRES'] = String(Number(String(said)));
  return child;
}

function slowest(durations: ReadonlyMap<string, number>): string {
  const rows = [...durations].toSorted(([, one], [, other]) => other - one).slice(0, SLOWEST_SHOWN);
  const lines = rows.map(([file, ms]) => `${(ms / 1_000).toFixed(1).padStart(7)} s  ${relative(ROOT, file)}`);
  return ['the slowest files', ...lines].join('\n');
}
