import type { Command } from 'commander';
import { fileIn } from '../../core/file-store.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordImage, RecordValue } from '../../core/record.ts';
import type { Administration } from '../../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderMoment } from '../duration.ts';
import { sendFile } from '../sent-file.ts';
import { registerRecordFile } from './record-file.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { foldHanging } from '../views/exchange.ts';

/** Runs of one record that are looked through for those that a save started. */
const MAX_RUNS = 50;

/** `mapwright record`: a record by hand, as a client of the web service would save it. */
export function registerRecord(program: Command, runner: CommandRunner): void {
  const record = program
    .command('record')
    .description('save and see a record by hand: workflows start as for any save');
  record
    .command('create')
    .description('create a record')
    .argument('<module>')
    .argument('[values...]', 'field=value, one argument each')
    .option('--file <field=path>', FILE_OPTION, collect, [])
    .action((module: string, values: string[], _options: unknown, self: Command) =>
      save(self.optsWithGlobals(), runner, async (administration) => {
        const files = await sentFiles(administration, runner, self.opts());
        return administration.createRecord({ module, values: { ...valuesOf(values), ...files } });
      }),
    );
  record
    .command('change')
    .description('change fields of a record; the others stay')
    .argument('<id>', 'such as 30x1')
    .argument('[values...]', 'field=value, one argument each; field= empties it')
    .option('--file <field=path>', FILE_OPTION, collect, [])
    .action((id: string, values: string[], _options: unknown, self: Command) => {
      requireSome(values, self.opts());
      return save(self.optsWithGlobals(), runner, async (administration) => {
        const files = await sentFiles(administration, runner, self.opts());
        return administration.changeRecord({ id, values: { ...valuesOf(values), ...files } });
      });
    });
  record
    .command('show')
    .description('the fields of a record')
    .argument('<id>', 'such as 30x1')
    .action((id: string, _options: unknown, self: Command) => show(id, self.optsWithGlobals(), runner));
  registerRecordFile(record, runner);
  addExamples(
    record,
    [
      'mapwright record create Customers name="Anna Berg" email=anna@example.com',
      'mapwright record change 30x1 email=anna.berg@example.com',
      'mapwright record change 30x1 --file contract=./contract.pdf',
      'mapwright record show 30x1',
      'mapwright record file get 30x1 contract',
    ],
    'group',
  );
}

const FILE_OPTION = 'a file of this machine for a field of type file; may be given several times';

interface FileOptions {
  readonly file: readonly string[];
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function requireSome(values: readonly string[], { file }: FileOptions): void {
  if (values.length > 0 || file.length > 0) return;
  throw new UsageError('nothing to change was given', 'name="Anna Berg", or --file contract=./contract.pdf');
}

/** The ids of the files that the options name, by field. */
async function sentFiles(
  administration: Administration,
  { shell }: CommandRunner,
  { file }: FileOptions,
): Promise<JsonObject> {
  const ids: Record<string, string> = {};
  for (const [field, path] of Object.entries(valuesOf(file))) {
    ids[field] = (await sendFile(administration, shell.workingFolder, String(path))).id;
  }
  return ids;
}

function valuesOf(written: readonly string[]): JsonObject {
  const values: [string, string][] = written.map((one) => {
    const at = one.indexOf('=');
    if (at > 0) return [one.slice(0, at), one.slice(at + 1)];
    throw new UsageError(`"${one}" is no field=value`, 'write the field, =, and the value: name="Anna Berg"');
  });
  return Object.fromEntries(values);
}

async function save(
  options: GlobalOptions,
  runner: CommandRunner,
  work: (administration: Administration) => Promise<RecordImage>,
): Promise<void> {
  const saved = await runner.withInstall(options, { create: false }, async (administration) => {
    const [newest] = await administration.runs({ limit: 1 });
    const record = await work(administration);
    const runs = await administration.runs({ recordId: record.id, limit: MAX_RUNS });
    const started = runs.filter(({ id }) => id > (newest?.id ?? 0)).toReversed();
    const { url } = await administration.status();
    return { record, runs: started.map(({ id, workflow }) => ({ id, workflow })), served: url !== undefined };
  });
  runner.show(options, saved, ({ record, runs, served }) => [
    `saved ${record.module} ${record.id}, version ${record.version}`,
    ...runs.map(({ id, workflow }) => `run ${id} ${workflow}   see it: ${runner.command} runs show ${id}`),
    ...(runs.length > 0 && !served ? [`no server runs: the runs begin when one does: ${runner.command} serve`] : []),
  ]);
}

async function show(id: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const record = await runner.withInstall(options, { create: false }, (administration) =>
    administration.record({ id }),
  );
  runner.show(options, { record }, () => renderRecord(record));
}

function shownValue(value: RecordValue): string {
  const file = typeof value === 'string' ? fileIn(value) : undefined;
  if (file !== undefined) return `${file.name} (${file.type}, ${file.size} bytes)   ${file.id}`;
  return value === null ? '' : String(value);
}

function renderRecord(record: RecordImage): string[] {
  const rows = Object.entries(record.values).map(([name, value]) => [name, shownValue(value)]);
  const changed = `${record.module} ${record.id}   version ${record.version}   changed ${renderMoment(record.modifiedAt)}`;
  return [
    ...foldHanging(changed, PAGE_WIDTH),
    ...renderTable([{ title: 'field' }, { title: 'value', gives: true }], rows),
  ];
}
