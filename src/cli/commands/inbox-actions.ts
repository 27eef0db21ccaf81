import { type Command, InvalidArgumentError } from 'commander';
import type { InboxFilter, InboxJob } from '../../core/inbox.ts';
import type { Json } from '../../core/json.ts';
import { readExactJson } from '../../core/json-text.ts';
import type { RunCommand } from '../../engine/intervention/run-command.ts';
import type { Administration } from '../../runtime/administration.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { addFilterOptions, filterOf, type FilterOptions, runNumbers } from '../inbox-options.ts';
import { UsageError } from '../usage-error.ts';
import { renderJobBegun, renderPreview } from '../views/inbox-job.ts';

/** What the actions say, each of them some of it. */
interface ActionOptions extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly reason?: string;
  readonly perSecond?: number;
  readonly context?: readonly NamedValue[];
  readonly unset?: readonly string[];
  readonly revision?: number | 'latest';
  readonly to?: string;
  readonly notDone?: boolean;
  readonly output?: readonly NamedValue[];
  readonly note?: string;
}

type NamedValue = readonly [name: string, value: Json];

interface Action {
  readonly name: string;
  readonly description: string;
  /** What it would do, for the preview: `retry`, `leave as they are`. */
  readonly would: string;
  readonly add?: (command: Command) => Command;
  readonly command: (options: ActionOptions) => RunCommand;
  readonly examples: readonly string[];
}

const ACTIONS: readonly Action[] = [
  {
    name: 'retry',
    description: 'try the failed step again',
    would: 'retry',
    add: (command) => changed(command).option('--not-done', 'the other side did not act: send the same again'),
    command: (options) => ({ kind: options.notDone === true ? 'not-done' : 'retry', ...changeOf(options) }),
    examples: [
      'mapwright inbox retry 3',
      'mapwright inbox retry 3 --revision latest             with the corrected documents',
      'mapwright inbox retry 3 --context customer=K-17       with another value in the context',
      'mapwright inbox retry --cause CALL_REFUSED --destination warehouse --yes',
    ],
  },
  {
    name: 'restart',
    description: 'begin anew, as another run with the same trigger; the old one is canceled',
    would: 'start again',
    add: changed,
    command: (options) => ({ kind: 'restart', ...changeOf(options) }),
    examples: ['mapwright inbox restart 3', 'mapwright inbox restart 3 --revision latest --reason "map corrected"'],
  },
  {
    name: 'skip',
    description: 'leave the task out and go on with the next one, or with another one',
    would: 'skip a task of',
    add: (command) => changed(command).option('--to <task>', 'the task to go on with'),
    command: (options) => ({
      kind: 'skip',
      ...(options.to === undefined ? {} : { to: options.to }),
      ...changeOf(options),
    }),
    examples: ['mapwright inbox skip 3', 'mapwright inbox skip 3 --to logout'],
  },
  {
    name: 'done',
    description: 'it was done, here or there: go on as after an answer',
    would: 'take as done',
    add: (command) =>
      command.option('--output <name=value>', 'what the answer would have given; may be repeated', namedValue),
    command: ({ output }) => ({
      kind: 'done',
      ...(output === undefined ? {} : { outputs: Object.fromEntries(output) }),
    }),
    examples: ['mapwright inbox done 3', 'mapwright inbox done 3 --output remote_id=14x7'],
  },
  {
    name: 'cancel',
    description: 'end the run; its closing tasks still run',
    would: 'cancel',
    command: () => ({ kind: 'cancel' }),
    examples: ['mapwright inbox cancel 3 --reason "entered by hand"'],
  },
  {
    name: 'acknowledge',
    description: 'say that you look after it',
    would: 'acknowledge',
    add: noted,
    command: (options) => ({ kind: 'acknowledge', ...noteOf(options) }),
    examples: ['mapwright inbox acknowledge 3 --note "asked the warehouse"'],
  },
  {
    name: 'ignore',
    description: 'say that it may stay as it is',
    would: 'ignore',
    add: noted,
    command: (options) => ({ kind: 'ignore', ...noteOf(options) }),
    examples: ['mapwright inbox ignore 3 --note "test data"'],
  },
  {
    name: 'reopen',
    description: 'say that it needs somebody after all',
    would: 'reopen',
    add: noted,
    command: (options) => ({ kind: 'reopen', ...noteOf(options) }),
    examples: ['mapwright inbox reopen 3', 'mapwright inbox reopen --state ignored --workflow order-out --yes'],
  },
];

/** What can be done about runs: one now, many in the background. */
export function registerInboxActions(inbox: Command, runner: CommandRunner): void {
  for (const action of ACTIONS) {
    const command = inbox
      .command(action.name)
      .description(action.description)
      .argument('[runs...]', 'the numbers of runs; none: those that the options find', runNumbers)
      .action((runs: readonly number[], _options: unknown, self: Command) => {
        const options: ActionOptions = self.optsWithGlobals();
        return act({ action, runs, options, runner, command: action.command(options) });
      });
    action.add?.(command);
    addExamples(selecting(command), action.examples);
  }
  registerAssign(inbox, runner);
}

function registerAssign(inbox: Command, runner: CommandRunner): void {
  const command = inbox
    .command('assign')
    .description('say who looks after it')
    .argument('<user>', 'name of a user; nobody takes the owner away')
    .argument('[runs...]', 'the numbers of runs; none: those that the options find', runNumbers)
    .action((user: string, runs: readonly number[], _options: unknown, self: Command) => {
      const options: ActionOptions = self.optsWithGlobals();
      const owner = user === 'nobody' ? null : user;
      const action = { name: 'assign', would: `give ${user}` };
      return act({ action, runs, options, runner, command: { kind: 'assign', owner, ...noteOf(options) } });
    });
  addExamples(selecting(noted(command)), [
    'mapwright inbox assign anna 3 4',
    'mapwright inbox assign nobody 3',
    'mapwright inbox assign anna --destination warehouse --yes',
  ]);
}

function selecting(command: Command): Command {
  return addFilterOptions(command)
    .option('--all', 'all that need somebody')
    .option('--dry-run', 'only tell what would be done')
    .option('--yes', 'do it to many without being asked')
    .option('--reason <text>', 'kept with the command')
    .option('--per-second <number>', 'of many, so many go on in a second at most (100 when left out)', wholeNumber);
}

function changed(command: Command): Command {
  return command
    .option('--context <name=value>', 'set a variable of the context; may be repeated', namedValue)
    .option('--unset <name...>', 'take variables out of the context')
    .option('--revision <number>', 'go on with this revision of the documents; latest for the newest', revisionOf);
}

function noted(command: Command): Command {
  return command.option('--note <text>', 'shown with it');
}

/** Reads `name=value`; what reads as JSON is a value of that type, all else a text. */
function namedValue(written: string, before: readonly NamedValue[] | undefined): readonly NamedValue[] {
  const [, name, text = ''] = /^([^=]+)=(.*)$/su.exec(written) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It must be name=value.');
  return [...(before ?? []), [name, readExactJson(text) ?? text]];
}

function revisionOf(written: string): number | 'latest' {
  return written === 'latest' ? written : wholeNumber(written);
}

function changeOf({ context, unset, revision }: ActionOptions) {
  const edit = {
    ...(context === undefined ? {} : { set: Object.fromEntries(context) }),
    ...(unset === undefined ? {} : { unset }),
  };
  return {
    ...(Object.keys(edit).length === 0 ? {} : { context: edit }),
    ...(revision === undefined ? {} : { revision }),
  };
}

function noteOf({ note }: ActionOptions) {
  return note === undefined ? {} : { note };
}

interface Act {
  readonly action: Pick<Action, 'name' | 'would'>;
  readonly runs: readonly number[];
  readonly options: ActionOptions;
  readonly runner: CommandRunner;
  readonly command: RunCommand;
}

async function act(params: Act): Promise<void> {
  const { runs, options, runner, action } = params;
  const filter = filterOf(options, runner.shell.clock.now());
  const isFiltered = Object.keys(filter).length > 0 || options.all === true;
  if (runs.length === 0 && !isFiltered) {
    throw new UsageError(
      `which runs? inbox ${action.name} needs numbers, or options that find some`,
      'mapwright inbox list shows them; --all is all of them',
    );
  }
  if (runs.length > 0 && isFiltered) {
    throw new UsageError('numbers of runs and options that find runs do not go together', 'leave one of them out');
  }
  const [only] = runs;
  if (runs.length === 1 && only !== undefined && options.dryRun !== true) return actOnOne(params, only);
  return actOnMany(params, runs.length > 0 ? { runs } : filter);
}

async function actOnOne({ action, options, runner, command }: Act, run: number): Promise<void> {
  const { successor, isServed } = await runner.withInstall(options, { create: false }, async (administration) => {
    const done = await administration.commandRun({ ...giverOf(runner, options), run, command });
    return { ...done, isServed: await hasServer(administration) };
  });
  runner.show(options, { run, command: command.kind, successor: successor ?? null }, () => [
    successor === undefined ? `run ${run}: ${action.name}` : `run ${run} starts again as run ${successor}`,
    ...laterLines(command, isServed),
  ]);
}

async function actOnMany({ action, runs, options, runner, command }: Act, filter: InboxFilter): Promise<void> {
  const { dryRun = false, yes = false, perSecond } = options;
  const { would } = action;
  await runner.withInstall(options, { create: false }, async (administration) => {
    const preview = await administration.previewInbox({ filter });
    if (dryRun) return runner.show(options, preview, () => renderPreview(preview, { would, isAsked: false }));
    // Whoever names runs one by one knows which they are.
    if (!yes && runs.length === 0 && preview.count > 0) {
      const lines = renderPreview(preview, { would, isAsked: true });
      throw new UsageError(lines.join('\n'), 'add --yes to do it, or --dry-run to look only');
    }
    const limit = perSecond === undefined ? {} : { perSecond };
    const job: InboxJob = await administration.commandInbox({ ...giverOf(runner, options), filter, command, ...limit });
    const isServed = await hasServer(administration);
    runner.show(options, { job }, () => [...renderJobBegun(job, would), ...laterLines(command, isServed)]);
  });
}

function giverOf(runner: CommandRunner, { reason }: ActionOptions) {
  return { by: runner.shell.operator, origin: 'command line', ...(reason === undefined ? {} : { reason }) };
}

const MARKS: ReadonlySet<RunCommand['kind']> = new Set(['acknowledge', 'ignore', 'reopen', 'assign']);

function laterLines({ kind }: RunCommand, isServed: boolean): string[] {
  return isServed || MARKS.has(kind) ? [] : ['it goes on as soon as a server runs: mapwright serve'];
}

async function hasServer(administration: Administration): Promise<boolean> {
  return (await administration.status()).url !== undefined;
}
