import type { Command } from 'commander';
import { Option } from 'commander';
import type { RunFilter } from '../../core/journal.ts';
import type { RunStatus } from '../../core/run.ts';
import type { Step } from '../../core/step.ts';
import type { Administration, RunDetails } from '../../runtime/administration.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type MomentOption, momentAt, momentOption } from '../moment-option.ts';
import { addPageOptions, pageBounds, type PageOptions } from '../page-options.ts';
import { showCurl } from '../views/curl-command.ts';
import { UsageError } from '../usage-error.ts';
import { renderRunDetails } from '../views/run-details.ts';
import type { ListedRun } from '../views/run-list.ts';
import { renderRunList } from '../views/run-list.ts';

interface ListOptions extends GlobalOptions, PageOptions {
  readonly status?: readonly RunStatus[];
  readonly waiting?: boolean;
  readonly handled?: boolean;
  readonly workflow?: string;
  readonly record?: string;
  readonly key?: NonNullable<RunFilter['key']>;
  readonly since?: MomentOption;
  readonly until?: MomentOption;
}

interface ShowOptions extends GlobalOptions {
  readonly brief?: boolean;
  readonly full?: boolean;
  readonly step?: string;
  readonly as?: 'curl';
}

interface CancelOptions extends GlobalOptions {
  readonly reason?: string;
}

const STATUSES: readonly RunStatus[] = ['pending', 'running', 'completed', 'failed', 'canceled'];

/** `mapwright runs`: what happened and happens; retry and cancel by hand. */
export function registerRuns(program: Command, runner: CommandRunner): void {
  const runs = program.command('runs').description('see what ran and runs, step by step; retry and cancel');
  registerList(runs, runner);
  registerShow(runs, runner);
  registerRetry(runs, runner);
  registerCancel(runs, runner);
  addExamples(runs, [
    'mapwright runs list --waiting             what needs a look',
    'mapwright runs show 3                     what was sent, answered and changed',
    'mapwright runs retry 3                    after the cause is mended',
  ]);
}

function registerList(runs: Command, runner: CommandRunner): void {
  const command = runs
    .command('list')
    .description('the newest runs first')
    .addOption(new Option('--status <status...>', 'only these').choices(STATUSES))
    .option('--waiting', 'only runs that wait for something')
    .option('--handled', 'only runs that ended after an error plan led them on')
    .option('--workflow <name>', 'only runs of this workflow')
    .option('--record <id>', 'only runs of this record')
    .option('--key <name=value>', 'only runs with this business key; a value alone is looked for in all keys', keyOf)
    .option('--since <moment>', 'only runs accepted since then: 2h, or 2026-01-31T09:00Z', momentOption)
    .option('--until <moment>', 'only runs accepted before then', momentOption)
    .action((_options: unknown, self: Command) => list(self.optsWithGlobals(), runner));
  addPageOptions(command, 'runs');
  addExamples(command, [
    'mapwright runs list --status failed --workflow product-changed',
    'mapwright runs list --handled             errors that a plan has dealt with',
    'mapwright runs list --key order=SO-17',
    'mapwright runs list --status failed --since 1d',
    'mapwright runs list --limit 50 --before 1200      the page of older ones',
    'mapwright runs list --workflow nightly --oldest   the last page',
    'mapwright runs list --waiting --json',
  ]);
}

function registerShow(runs: Command, runner: CommandRunner): void {
  const command = runs
    .command('show')
    .description('one run: what each step sent, got and changed')
    .argument('<id>', "the run's number", wholeNumber)
    .option('--brief', 'without requests and answers')
    .option('--full', 'with headers and whole bodies')
    .option('--step <task>', 'only the steps of this task')
    .addOption(
      new Option('--as <form>', 'with --step: its request as a command, secrets as variables').choices(['curl']),
    )
    .action((id: number, _options: unknown, self: Command) => show(id, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright runs show 3',
    'mapwright runs show 3 --brief',
    'mapwright runs show 3 --at A',
    'mapwright runs show 3 --step create --as curl      what it sent, to be sent by hand',
  ]);
}

function registerRetry(runs: Command, runner: CommandRunner): void {
  const command = runs
    .command('retry')
    .description('try the failed or waiting step of a run again now')
    .argument('<id>', "the run's number", wholeNumber)
    .action((id: number, _options: unknown, self: Command) => retry(id, self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright runs retry 3', 'mapwright runs retry 3 --dir /srv/mapwright']);
}

function registerCancel(runs: Command, runner: CommandRunner): void {
  const command = runs
    .command('cancel')
    .description('end a run; its closing tasks still run')
    .argument('<id>', "the run's number", wholeNumber)
    .option('--reason <text>', 'kept with the run')
    .action((id: number, _options: unknown, self: Command) => cancel(id, self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright runs cancel 3', 'mapwright runs cancel 3 --reason "entered by hand instead"']);
}

/** Reads `order=SO-17`, or `SO-17` alone; `=a=b` is the value `a=b`. */
function keyOf(written: string): NonNullable<RunFilter['key']> {
  const [, name = '', value = written] = /^([^=]*)=(.*)$/su.exec(written) ?? [];
  return name === '' ? { value } : { name, value };
}

async function list(options: ListOptions, runner: CommandRunner): Promise<void> {
  const now = runner.shell.clock.now();
  const page = pageBounds(options);
  const runs = await runner.withInstall(options, { create: false }, (administration) =>
    listRuns(administration, { ...filterOf(options, now), ...page }),
  );
  runner.show(options, { runs }, () => renderRunList({ runs, now, page }));
}

function filterOf(options: ListOptions, now: number): Omit<RunFilter, 'limit'> {
  return {
    ...(options.status === undefined ? {} : { status: options.status }),
    ...(options.waiting === undefined ? {} : { waiting: options.waiting }),
    ...(options.handled === undefined ? {} : { handled: options.handled }),
    ...(options.workflow === undefined ? {} : { workflow: options.workflow }),
    ...(options.record === undefined ? {} : { recordId: options.record }),
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.since === undefined ? {} : { since: momentAt(options.since, now) }),
    ...(options.until === undefined ? {} : { until: momentAt(options.until, now) }),
  };
}

async function listRuns(administration: Administration, filter: RunFilter): Promise<ListedRun[]> {
  const listed: ListedRun[] = [];
  // One after another: the details of a run hold whole requests and answers, and only their number is kept.
  for (const run of await administration.runs(filter)) {
    listed.push({ run, steps: (await administration.run({ id: run.id })).steps.length });
  }
  return listed;
}

async function show(id: number, options: ShowOptions, runner: CommandRunner): Promise<void> {
  const { step, as } = options;
  if (as !== undefined && step === undefined) {
    throw new UsageError('--as needs a step', `such as mapwright runs show ${id} --step create --as curl`);
  }
  const whole = await runner.withInstall(options, { create: false }, (administration) => administration.run({ id }));
  const details = step === undefined ? whole : { ...whole, steps: stepsOf(whole, step) };
  if (as !== undefined) return showAsCurl(details, options, runner);
  const detail = options.brief === true ? 'brief' : options.full === true ? 'full' : 'normal';
  runner.show(options, details, () => renderRunDetails(details, { detail, now: runner.shell.clock.now() }));
}

/** Throws a usage error with the steps that there are. */
function stepsOf({ run, steps }: RunDetails, task: string): readonly Step[] {
  const found = steps.filter((step) => step.task === task);
  if (found.length > 0) return found;
  const tasks = [...new Set(steps.map((step) => step.task))];
  throw new UsageError(`run ${run.id} has no step "${task}"`, `its steps: ${tasks.join(', ') || 'none has begun'}`);
}

/** The request that was sent last. */
async function showAsCurl({ run, steps }: RunDetails, options: ShowOptions, runner: CommandRunner): Promise<void> {
  const attempts = steps.flatMap((step) => step.attempts);
  const request = attempts.findLast((attempt) => attempt.request !== undefined)?.request;
  if (request === undefined) {
    const hint = `what it would send: mapwright try --run ${run.id} --step ${options.step ?? 'TASK'} --no-send`;
    throw new UsageError(`no request of this step is kept`, hint);
  }
  const { curlOfRecorded } = await import('../../runtime/trial/curl-command.ts');
  showCurl(curlOfRecorded(request), options, runner);
}

async function retry(id: number, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const by = runner.shell.operator;
  const isServed = await runner.withInstall(options, { create: false }, async (administration) => {
    await administration.retry({ id, by });
    return hasServer(administration);
  });
  runner.show(options, { run: id, retried: true }, () => [
    isServed ? `run ${id} tries again` : `run ${id} tries again as soon as a server runs: mapwright serve`,
  ]);
}

async function cancel(id: number, options: CancelOptions, runner: CommandRunner): Promise<void> {
  const by = runner.shell.operator;
  const reason = options.reason ?? `canceled by ${by}`;
  const isServed = await runner.withInstall(options, { create: false }, async (administration) => {
    await administration.cancel({ id, by, reason });
    return hasServer(administration);
  });
  runner.show(options, { run: id, canceled: true }, () => [
    isServed ? `run ${id} is being canceled` : `run ${id} ends as soon as a server runs: mapwright serve`,
  ]);
}

/** Commands that open the install themselves only write down what a person wants: a server does it. */
async function hasServer(administration: Administration): Promise<boolean> {
  return (await administration.status()).url !== undefined;
}
