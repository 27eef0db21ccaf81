import { globSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { groupFiles } from './test-run/file-groups.ts';
import { shareDatabase } from './test-run/shared-database.ts';
import { keepFilesTogether, type TemporaryFiles } from './test-run/temporary-files.ts';

// node tools/run-tests.ts [FILE OR PATTERN...] [--at-once N] [--alone]
// Runs test files, all of them without names. Exit 1 when a test failed, 2 when there is none.

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

const USAGE = 'usage: node tools/run-tests.ts [FILE OR PATTERN...] [--at-once N] [--alone]';

const choice = readChoice();
process.exitCode = choice === undefined ? 2 : await runTests(choice);

interface Choice {
  readonly files: string[];
  readonly concurrency: number;
  /** True: each file in a process of its own, whatever it is. */
  readonly alone: boolean;
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
    options: {
      'at-once': { type: 'string', default: String(FILES_AT_ONCE) },
      alone: { type: 'boolean', default: false },
    },
  });
  const files = testFiles(positionals.length === 0 ? [join(ROOT, 'test/**/*.test.ts')] : positionals);
  const concurrency = Number(values['at-once']);
  if (files.length === 0) throw new TypeError(`no file is called like ${positionals.join(' ')}`);
  if (!Number.isInteger(concurrency) || concurrency < 1) throw new TypeError('--at-once takes a number from 1 on');
  return { files, concurrency, alone: values.alone };
}

/** Gives the exit code. */
async function runTests({ files, concurrency, alone }: Choice): Promise<number> {
  keepCompiled();
  const temporary = keepFilesTogether();
  const database = await shareDatabase(files);
  const tests = run({ files: alone ? files : grouped(files, temporary), concurrency });
  const durations = new Map<string, number>();
  let isPassed = false;
  const note = ({ file, nesting, details }: Ended): void => {
    if (nesting === 0 && file !== undefined) durations.set(file, (durations.get(file) ?? 0) + details.duration_ms);
  };
  tests.on('test:pass', note).on('test:fail', note);
  tests.on('test:summary', ({ file, success }) => {
    if (file === undefined) isPassed = success;
  });
  const report = tests.compose(spec());
  report.pipe(process.stdout);
  await finished(report);
  database?.stdin.end();
  if (durations.size > SLOWEST_SHOWN) console.log(slowest(durations));
  if (isPassed) return 0;
  temporary.keep();
  console.log(`what the tests left is in ${temporary.folder}`);
  return 1;
}

/** What is told of a test that has ended. */
interface Ended {
  readonly file?: string;
  readonly nesting: number;
  readonly details: { readonly duration_ms: number };
}

function testFiles(patterns: readonly string[]): string[] {
  const found = patterns.flatMap((pattern) => globSync(pattern)).map((file) => resolve(file));
  return [...new Set(found)].toSorted((one, other) => rankOf(one) - rankOf(other) || one.localeCompare(other));
}

function rankOf(file: string): number {
  const place = LONG.indexOf(basename(file));
  return place === -1 ? LONG.length : place;
}

function grouped(files: readonly string[], temporary: TemporaryFiles): string[] {
  const folder = join(temporary.folder, 'groups');
  mkdirSync(folder);
  return groupFiles(files, { folder, isLong: (file) => rankOf(file) < LONG.length });
}

/** Every test file and every command that a test starts compiles the same sources: they share what one of them compiled. */
function keepCompiled(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/mapwright');
}

/** By where the tests are written: those of a contract, on every database. */
function slowest(durations: ReadonlyMap<string, number>): string {
  const rows = [...durations].toSorted(([, one], [, other]) => other - one).slice(0, SLOWEST_SHOWN);
  const lines = rows.map(([file, ms]) => `${(ms / 1_000).toFixed(1).padStart(7)} s  ${relative(ROOT, file)}`);
  return ['the slowest files', ...lines].join('\n');
}
