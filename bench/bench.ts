/**
 * `npm run bench`: how fast Mapwright is, told as ratios to what somebody would have written by hand for the same job.
 *
 * - `chains`       the product sync, four calls and an id written back, against loops and a handler written by hand
 * - `calls`        one call with credential, egress guard, redaction and history, against undici by hand
 * - `saves`        what a save costs while the other side is up, down or hanging, and with workflows that match or do not
 * - `creates`      creates over webservice.php, against a bare handler that inserts one row
 * - `check`        reading and checking a thousand documents, against libxml2 validating them
 * - `expressions`  JSONata, templates, legacy expressions and paths, against functions
 * - `query`        the query language on a million records, against prepared SQL
 * - `history`      pages, counts and new runs with a million finished runs, against a thousand or none
 * - `journal`      runs of four steps on PostgreSQL by two processes, against one transaction for each commit
 * - `idle`         what nodes on PostgreSQL cost that have nothing to do
 * - `waiting`      runs beside thousands that were asked to wait for an hour, against runs alone
 * - `hostile`      runs beside others whose destinations hang, flood, lie or break off, against runs alone
 * - `memory`       what a process holds after a hundred thousand runs, against what it held after a thousand
 * - `files`        a large file sent and taken in by runs: how fast, and how much memory it takes
 *
 * Both sides of a ratio are measured in one run on one machine, in processes of their own, taking turns round by round;
 * every figure is the median of the rounds or a percentile of all samples. So ratios can be compared between machines,
 * and figures between two runs on one idle machine. Every answer is checked: a ratio of two things that do not give the
 * same stops the run. Progress goes to stderr, tables to stdout. What each figure means: docs/benchmarks.md.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from './command-line.ts';
import { UsageError } from './suite.ts';

const commandLine = readCommand();
if (commandLine !== undefined) await runSuites(commandLine);

type CommandLine = Exclude<ReturnType<typeof readCommandLine>, { readonly help: string }>;

function readCommand(): CommandLine | undefined {
  try {
    const read = readCommandLine(process.argv.slice(2));
    if (!('help' in read)) return read;
    process.stdout.write(read.help);
  } catch (thrown) {
    fail(thrown, 2);
  }
  return undefined;
}

async function runSuites({ suites, option, json }: CommandLine): Promise<void> {
  const facts: Record<string, unknown> = {};
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  for (const suite of suites) {
    const folder = await mkdtemp(join(tmpdir(), 'mapwright-bench-'));
    const forgetFolder = removeWhenStopped(folder);
    try {
      const result = await suite.run({ option, folder, progress });
      facts[suite.name] = result.facts;
      if (!json) process.stdout.write(`${result.text}\n\n`);
    } catch (thrown) {
      fail(thrown, thrown instanceof UsageError ? 2 : 1);
      return;
    } finally {
      forgetFolder();
      await rm(folder, { recursive: true, force: true });
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
}

/** A run that is broken off leaves nothing behind either; its processes end with the channel to this one. */
function removeWhenStopped(folder: string): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return () => void process.off('SIGINT', stop).off('SIGTERM', stop);
}

function fail(thrown: unknown, exitCode: number): void {
  const told = thrown instanceof UsageError ? `${thrown.message}; see --help` : thrown;
  process.stderr.write(`${told instanceof Error ? (told.stack ?? told.message) : String(told)}\n`);
  process.exitCode = exitCode;
}
