import type { Command } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderTable } from '../table.ts';

interface AddOptions extends GlobalOptions {
  readonly description?: string;
}

/** `mapwright group`: sets of users that own records and are told things together. */
export function registerGroup(program: Command, runner: CommandRunner): void {
  const group = program.command('group').description('sets of users that own records and are told things together');
  group
    .command('add')
    .description('add a group')
    .argument('<name>')
    .option('--description <text>', 'what it is for')
    .action((name: string, _options: unknown, self: Command) => addGroup(name, self.optsWithGlobals(), runner));
  group
    .command('list')
    .description('all groups and their members')
    .action((_options: unknown, self: Command) => listGroups(self.optsWithGlobals(), runner));
  group
    .command('add-member')
    .description('make a user a member of a group')
    .argument('<group>')
    .argument('<user>')
    .action((name: string, user: string, _options: unknown, self: Command) =>
      addMember({ group: name, user }, self.optsWithGlobals(), runner),
    );
  group
    .command('remove-member')
    .description('make a user a member of a group no longer')
    .argument('<group>')
    .argument('<user>')
    .action((name: string, user: string, _options: unknown, self: Command) =>
      removeMember({ group: name, user }, self.optsWithGlobals(), runner),
    );
  group
    .command('remove')
    .description('remove a group that owns no records')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => removeGroup(name, self.optsWithGlobals(), runner));
  addExamples(
    group,
    [
      'mapwright group add support --description "whoever answers customers"',
      'mapwright group add-member support anna',
      'mapwright group list',
      'mapwright group remove-member support anna',
    ],
    'group',
  );
}

async function addGroup(name: string, options: AddOptions, runner: CommandRunner): Promise<void> {
  const description = options.description ?? '';
  const group = await runner.withInstall(options, { create: true }, (administration) =>
    administration.addGroup({ name, description }),
  );
  runner.show(options, { group }, () => [`group ${group.name} (${group.id}) is added`]);
}

async function listGroups(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const groups = await runner.withInstall(options, { create: false }, (administration) => administration.groups());
  runner.show(options, { groups }, () => {
    if (groups.length === 0) return ['no groups'];
    const rows = groups.map(({ id, name, members, description }) => [id, name, members.join(', '), description]);
    const last = { title: 'description', gives: true };
    return renderTable([{ title: 'id' }, { title: 'name' }, { title: 'members', gives: true }, last], rows);
  });
}

interface Membership {
  readonly group: string;
  readonly user: string;
}

async function addMember(membership: Membership, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const added = await runner.withInstall(options, { create: false }, (administration) =>
    administration.addGroupMember(membership),
  );
  const { group, user } = membership;
  runner.show(options, { ...membership, added }, () => [
    added ? `${user} is a member of ${group}` : `${user} was a member of ${group} already`,
  ]);
}

async function removeMember(membership: Membership, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const removed = await runner.withInstall(options, { create: false }, (administration) =>
    administration.removeGroupMember(membership),
  );
  const { group, user } = membership;
  runner.show(options, { ...membership, removed }, () => [
    removed ? `${user} is a member of ${group} no longer` : `${user} was no member of ${group}`,
  ]);
  if (!removed) runner.fail();
}

async function removeGroup(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  await runner.withInstall(options, { create: false }, (administration) => administration.removeGroup({ name }));
  runner.show(options, { name, removed: true }, () => [`group ${name} is removed`]);
}
