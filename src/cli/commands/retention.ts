import type { Command } from 'commander';
import { Argument, InvalidArgumentError } from 'commander';
import { KEEP_HINT, KEPT_KINDS, type KeptKind, readKeep } from '../../core/retention.ts';
import type { RetentionChange, RetentionReport } from '../../runtime/retention/retention-administration.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderRemoval, renderRetention } from '../views/retention-report.ts';

interface ChangeOptions extends GlobalOptions {
  readonly atMost?: number | 'none';
}

/** What is asked for on a command line. */
interface AskedChange {
  readonly kind: KeptKind;
  readonly keep: string | undefined;
}

/** `mapwright retention`: how long runs, changes of records and the audit are kept. */
export function registerRetention(program: Command, runner: CommandRunner): void {
  const retention = program
    .command('retention')
    .description('how long runs, changes of records and the audit are kept, and what is removed');
  const show = retention
    .command('show', { isDefault: true })
    .description('how long everything is kept, what would go now, what went')
    .action((_options: unknown, self: Command) => showAll(self.optsWithGlobals(), runner));
  addExamples(show, ['mapwright retention', 'mapwright retention show --json']);
  const set = changing(
    retention.command('set'),
    'set how long one kind is kept; what has been kept long enough goes then',
  );
  set.action((kind: KeptKind, keep: string | undefined, _options: unknown, self: Command) =>
    change({ kind, keep }, self.optsWithGlobals(), runner),
  );
  addExamples(set, [
    'mapwright retention set completed 7d',
    'mapwright retention set completed 90d --at-most 1000000',
    'mapwright retention set failed forever',
    'mapwright retention set failed default        back to what the product comes with',
    'mapwright retention set completed --at-most none',
  ]);
  const preview = changing(retention.command('preview'), 'what would be removed after a change; changes nothing');
  preview.action((kind: KeptKind, keep: string | undefined, _options: unknown, self: Command) =>
    lookAhead({ kind, keep }, self.optsWithGlobals(), runner),
  );
  addExamples(preview, ['mapwright retention preview completed 7d']);
  addExamples(retention, [
    'mapwright retention                           how long, and what would go now',
    'mapwright retention preview completed 7d      before: mapwright retention set completed 7d',
  ]);
}

function changing(command: Command, description: string): Command {
  return command
    .description(description)
    .addArgument(new Argument('<kind>', 'what').choices(KEPT_KINDS))
    .argument('[how-long]', `${KEEP_HINT}; default takes a setting back`, howLong)
    .option('--at-most <number>', 'of runs: keep no more than so many of the newest; none for no limit', mostOrNone);
}

function howLong(written: string): string {
  if (written === 'default' || readKeep(written) !== undefined) return written;
  throw new InvalidArgumentError(`It must be ${KEEP_HINT}.`);
}

function mostOrNone(written: string): number | 'none' {
  return written === 'none' ? written : wholeNumber(written);
}

async function showAll(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const report = await runner.withInstall(options, { create: false }, (one) => one.retention());
  runner.show(options, report, () => renderRetention(report, runner.shell.clock.now()));
}

async function change(asked: AskedChange, options: ChangeOptions, runner: CommandRunner): Promise<void> {
  const report = await runner.withInstall(options, { create: false }, (one) =>
    one.setRetention(changeOf(asked, options)),
  );
  show(report, { ...options, kind: asked.kind, mood: 'are' }, runner);
}

async function lookAhead(asked: AskedChange, options: ChangeOptions, runner: CommandRunner): Promise<void> {
  const report = await runner.withInstall(options, { create: false }, (one) =>
    one.previewRetention(changeOf(asked, options)),
  );
  show(report, { ...options, kind: asked.kind, mood: 'would be' }, runner);
}

function changeOf({ kind, keep }: AskedChange, { atMost }: ChangeOptions): RetentionChange {
  return {
    kind,
    ...(keep === undefined ? {} : { keep }),
    ...(atMost === undefined ? {} : { atMost: atMost === 'none' ? null : atMost }),
  };
}

function show(
  report: RetentionReport,
  options: GlobalOptions & { readonly kind: KeptKind; readonly mood: 'are' | 'would be' },
  runner: CommandRunner,
): void {
  runner.show(options, report, () => [
    renderRemoval(report, options.kind, options.mood),
    '',
    ...renderRetention(report, runner.shell.clock.now()),
  ]);
}
