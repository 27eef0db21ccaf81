import type { Command } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import type { PersonOutcome } from '../../runtime/import/import-administration.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderNotes } from '../import-files.ts';
import { type SourceOptions, withRemote, withSource } from '../import-source.ts';
import { renderTable } from '../table.ts';
import { printable } from '../text-layout.ts';

interface PeopleOptions extends SourceOptions {
  readonly dryRun?: boolean;
}

/** `mapwright import-users`: users and groups of another install. */
export function registerImportUsers(program: Command, runner: CommandRunner): void {
  const command = withSource(
    program
      .command('import-users')
      .description('add the users and groups of another install, or bring them up to date; known by their names'),
  )
    .option('--dry-run', 'only tell what would be done')
    .action((url: string, _options: unknown, self: Command) => run(url, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright import-users https://crm.example.com --user admin --dry-run',
    'mapwright import-users https://crm.example.com --user admin     again whenever people came or left there',
  ]);
}

async function run(url: string, options: PeopleOptions, runner: CommandRunner): Promise<void> {
  const { readPeople } = await import('../../runtime/import/remote-people.ts');
  const { dryRun = false } = options;
  const { outcomes, notes } = await withRemote(
    { url, options, runner, install: dryRun ? 'required' : 'make' },
    async ({ client, administration }) => {
      if (administration === undefined) throw new MapwrightError('CLI_NO_INSTALL', 'there is no install here');
      const { users, groups, notes: told } = await readPeople(client);
      const mode = dryRun ? 'plan' : 'create';
      const done = await administration.importPeople({ source: client.url, users, groups, mode });
      return { outcomes: done, notes: told };
    },
  );
  runner.show(options, { dryRun, people: outcomes, notes }, () => [
    ...renderPeople(outcomes),
    ...renderNotes(notes),
    ...nextSteps(outcomes, dryRun),
  ]);
  if (outcomes.some(({ outcome }) => outcome === 'refused')) runner.fail();
}

function renderPeople(outcomes: readonly PersonOutcome[]): string[] {
  const rows = outcomes.map(({ kind, name, outcome, reason = '' }) => [
    kind,
    printable(name),
    outcome,
    printable(reason),
  ]);
  return renderTable([{ title: '' }, { title: 'name', gives: true }, { title: '' }, { title: '', gives: true }], rows);
}

function nextSteps(outcomes: readonly PersonOutcome[], dryRun: boolean): string[] {
  const added = outcomes.filter(({ kind, outcome }) => kind === 'user' && outcome === 'created');
  if (dryRun || added.length === 0) return [];
  return [
    '',
    'new users have no access key that anybody knows; whoever needs the web service gets one:',
    `  mapwright user key ${added[0]?.name ?? 'NAME'}`,
  ];
}
