import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import type { RecordIdentity } from '../../runtime/import/import-administration.ts';
import type { TransferReport } from '../../runtime/import/transfer-in.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { FailureFile } from '../import-failures.ts';
import { type SourceOptions, withRemote, withSource } from '../import-source.ts';
import { UsageError } from '../usage-error.ts';
import { TransferMeter, renderTransfer } from '../views/transfer.ts';

interface RecordOptions extends SourceOptions {
  readonly module?: string;
  readonly direction: 'in' | 'out';
  readonly where: string;
  readonly key?: string;
  readonly link?: string;
  readonly batch: number;
  readonly fires?: boolean;
  readonly restart?: boolean;
  readonly failures?: string;
}

const DEFAULT_BATCH = 100;
const GREATEST_BATCH = 1_000;

/** `mapwright import-records`: records from another install, or to it. */
export function registerImportRecords(program: Command, runner: CommandRunner): void {
  const command = withSource(
    program
      .command('import-records')
      .description('bring over the records of a module; goes on where it was left, and does nothing twice'),
  )
    .option('--module <name>', 'the module, called alike there and here')
    .addOption(new Option('--direction <way>', 'from there, or to there').choices(['in', 'out']).default('in'))
    .option('--where <condition>', 'only some: "modifiedtime > \'2026-01-01\'" (a condition of the query language)', '')
    .option('--key <field>', 'records are the same when this field is, instead of their ids')
    .option('--link <field>', 'a field here that holds the id there, instead of equal ids')
    .option('--batch <number>', 'records at a time', wholeNumber, DEFAULT_BATCH)
    .option('--fires', 'start workflows, as every save does (they do not start otherwise)')
    .option('--restart', 'from the first record, although an earlier transfer was left in the middle')
    .option('--failures <file>', 'where refused records are listed (default: import-MODULE-failures.jsonl)')
    .action((url: string, _options: unknown, self: Command) => run(url, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright import-records https://crm.example.com --user admin --module Accounts',
    'mapwright import-records https://crm.example.com --user admin --module Products --key productcode',
    'mapwright import-records https://crm.example.com --user admin --module Vendors --direction out --key name',
  ]);
}

async function run(url: string, options: RecordOptions, runner: CommandRunner): Promise<void> {
  const { module, direction, where, batch, fires = false, restart = false } = options;
  if (module === undefined) throw new UsageError('which module is not said', '--module Accounts');
  if (batch > GREATEST_BATCH) throw new UsageError(`a batch has at most ${GREATEST_BATCH} records`, '--batch 500');
  if (direction === 'out' && fires)
    throw new UsageError('what is given away starts workflows there', 'leave --fires away');
  const { shell } = runner;
  const path = options.failures ?? `import-${module.replaceAll(/[^\w.-]/gu, '_')}-failures.jsonl`;
  const failures = new FailureFile(resolve(shell.workingFolder, path));
  const { transferIn } = await import('../../runtime/import/transfer-in.ts');
  const { transferOut } = await import('../../runtime/import/transfer-out.ts');
  const meter = new TransferMeter(shell.clock, (line) => options.json !== true && shell.printError(line));
  let isBegun = false;
  const report = await withRemote({ url, options, runner, install: 'required' }, async (source) => {
    const { client, administration, signal } = source;
    if (administration === undefined) throw new MapwrightError('CLI_NO_INSTALL', 'there is no install here');
    const request = { module, identity: identityOf(options), where, batch, fires, by: shell.operator, restart };
    const parts = {
      administration,
      client,
      signal,
      onProgress: async (told: Parameters<TransferMeter['tell']>[0]) => {
        if (!isBegun && told.progress.after === undefined) await failures.begin();
        isBegun = true;
        meter.tell(told);
      },
      onFailures: failures.add.bind(failures),
    };
    return direction === 'in' ? transferIn(parts, request) : transferOut(parts, request);
  });
  await show(report, { options, runner, failures, path });
}

async function show(
  report: TransferReport,
  params: {
    readonly options: RecordOptions;
    readonly runner: CommandRunner;
    readonly failures: FailureFile;
    readonly path: string;
  },
): Promise<void> {
  const { options, runner, failures, path } = params;
  const refused = await failures.finish();
  const file = refused.length === 0 ? undefined : path;
  const { progress, total, leftOut, settled, waiting, waitingFor } = report;
  const { asked: _, ...counts } = progress;
  const facts = { module: options.module, total, ...counts, leftOut, settled, waiting, waitingFor, failures: file };
  runner.show(options, facts, () => renderTransfer(report, { refused, file }));
  if (refused.length > 0) runner.fail();
}

function identityOf({ key, link, direction }: RecordOptions): RecordIdentity {
  if (key !== undefined && link !== undefined) {
    throw new UsageError('records are known by --key or by --link, not by both', 'leave one away');
  }
  if (key !== undefined) return { by: 'key', field: key };
  if (link !== undefined) return { by: 'link', field: link };
  if (direction === 'in') return { by: 'id' };
  throw new UsageError(
    'how a record is known there is not said',
    '--link FIELD that holds the id there, or --key FIELD that is the same at both',
  );
}
