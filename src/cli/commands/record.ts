import type { Command } from 'commander';
import type { JsonObject } from '../../core/json.ts';
import type { RecordImage } from '../../core/record.ts';
import type { Administration } from '../../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderMoment } from '../duration.ts';
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
    .action((module: string, values: string[], _options: unknown, self: Command) =>
      save(self.optsWithGlobals(), runner, (administration) =>
        administration.createRecord({ module, values: valuesOf(values) }),
      ),
    );
  record
    .command('change')
    .description('change fields of a record; the others stay')
    .argument('<id>', 'such as 30x1')
    .argument('<values...>', 'field=value, one argument each; field= empties it')
    .action((id: string, values: string[], _options: unknown, self: Command) =>
      save(self.optsWithGlobals(), runner, (administration) =>
        administration.changeRecord({ id, values: valuesOf(values) }),
      ),
    );
  record
    .command('show')
    .description('the fields of a record')
    .argument('<id>', 'such as 30x1')
    .action((id: string, _options: unknown, self: Command) => show(id, self.optsWithGlobals(), runner));
  addExamples(
    record,
    [
      'mapwright record create Customers name="Anna Berg" email=anna@example.com',
      'mapwright record change 30x1 email=anna.berg@example.com',
      'mapwright record show 30x1',
    ],
    'group',
  );
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

function renderRecord(record: RecordImage): string[] {
  const rows = Object.entries(record.values).map(([name, value]) => [name, value === null ? '' : String(value)]);
  const changed = `${record.module} ${record.id}   version ${record.version}   changed ${renderMoment(record.modifiedAt)}`;
  return [
    ...foldHanging(changed, PAGE_WIDTH),
    ...renderTable([{ title: 'field' }, { title: 'value', gives: true }], rows),
  ];
}
