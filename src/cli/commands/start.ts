import type { Command } from 'commander';
import type { StartReport } from '../../core/awaited-run.ts';
import type { JsonObject } from '../../core/json.ts';
import { durationMs } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { parseJsonObject, readJsonFile } from '../json-file.ts';

interface StartOptions extends GlobalOptions {
  readonly record?: readonly string[];
  readonly context?: string;
  readonly key?: string;
  readonly wait?: number;
}

/** `mapwright start`: a workflow by hand. */
export function registerStart(program: Command, runner: CommandRunner): void {
  const command = program
    .command('start')
    .description('start a workflow that has <trigger on="manual"/>')
    .argument('<workflow>', "the workflow's name")
    .option('--record <id...>', 'a run for each of these records')
    .option('--context <json>', 'what the context starts with: a JSON object, or a file that holds one')
    .option('--key <text>', 'makes a repeated start harmless: the same key starts nothing more, for 30 days')
    .option('--wait <duration>', 'wait for the end of the runs, 5s for example', durationMs)
    .action((workflow: string, _options: unknown, self: Command) => start(workflow, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright start order-resend --record 60x17',
    'mapwright start order-resend --record 60x17 60x18 --wait 10s',
    `mapwright start nightly-report --context '{"day": "2026-01-31"}' --key report-2026-01-31`,
  ]);
}

async function start(workflow: string, options: StartOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const context = await contextOf(options.context, shell.workingFolder);
  const started = await runner.withInstall(options, { create: false }, async (administration) => {
    const { url } = await administration.status();
    const served = url !== undefined;
    const report = await administration.start({
      workflow,
      by: shell.operator,
      ...(context === undefined ? {} : { context }),
      ...(options.record === undefined ? {} : { records: options.record }),
      ...(options.key === undefined ? {} : { key: options.key }),
      ...(options.wait === undefined ? {} : { waitMs: options.wait }),
    });
    return { ...report, served };
  });
  runner.show(options, started, () => renderStart(started, started.served, runner.command));
  if (started.runs.some(({ status }) => status === 'failed')) runner.fail();
}

async function contextOf(written: string | undefined, workingFolder: string): Promise<JsonObject | undefined> {
  if (written === undefined) return undefined;
  return /^\s*[{[]/u.test(written) ? parseJsonObject(written, '--context') : readJsonFile(written, workingFolder);
}

function renderStart({ runs, skipped, repeated }: StartReport, served: boolean, command: string): string[] {
  return [
    ...(repeated ? ['started before with the same key; nothing was started now'] : []),
    ...runs.map(({ id, workflow, status, code }) => {
      const why = code === undefined ? '' : ` ${code}`;
      return `run ${id} ${workflow} ${status}${why}   see it: ${command} runs show ${id}`;
    }),
    ...skipped.map((id) => `${id}: the condition of the trigger does not hold; nothing was started`),
    ...(runs.length > 0 && !served ? [`no server runs: the runs begin when one does: ${command} serve`] : []),
    ...(runs.length === 0 && skipped.length === 0 && !repeated ? ['nothing was started'] : []),
  ];
}
