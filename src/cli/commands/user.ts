import type { Command } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderTable } from '../table.ts';

interface AddOptions extends GlobalOptions {
  readonly admin?: boolean;
}

/** `mapwright user`: who may use the web service. */
export function registerUser(program: Command, runner: CommandRunner): void {
  const user = program.command('user').description('people and systems that may use the web service');
  user
    .command('add')
    .description('add a user; its access key is shown once')
    .argument('<name>')
    .option('--admin', 'an administrator')
    .action((name: string, _options: unknown, self: Command) => addUser(name, self.optsWithGlobals(), runner));
  user
    .command('list')
    .description('all users')
    .action((_options: unknown, self: Command) => listUsers(self.optsWithGlobals(), runner));
  user
    .command('key')
    .description('give a user a new access key; the old one stops working')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => renewKey(name, self.optsWithGlobals(), runner));
  addExamples(
    user,
    [
      'mapwright user add branch-office           for another system',
      'mapwright user add anna --admin',
      'mapwright user key branch-office           when a key was lost or seen',
    ],
    'group',
  );
}

async function addUser(name: string, options: AddOptions, runner: CommandRunner): Promise<void> {
  const admin = options.admin ?? false;
  const added = await runner.withInstall(options, { create: true }, (administration) =>
    administration.addUser({ name, admin }),
  );
  runner.show(options, added, ({ user, accessKey }) => [
    `user ${user.name} (${user.id}) is added`,
    ...renderAccessKey(accessKey),
  ]);
}

async function listUsers(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const users = await runner.withInstall(options, { create: false }, (administration) => administration.users());
  runner.show(options, { users }, () => {
    const rows = users.map((user) => [
      user.id,
      user.name,
      user.admin ? 'administrator' : '',
      user.active ? '' : 'inactive',
    ]);
    return renderTable([{ title: 'id' }, { title: 'name', gives: true }, { title: 'role' }, { title: '' }], rows);
  });
}

async function renewKey(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const renewed = await runner.withInstall(options, { create: false }, (administration) =>
    administration.renewAccessKey({ name }),
  );
  runner.show(options, { name, ...renewed }, ({ accessKey }) => [
    `user ${name} has a new access key; the old one is void`,
    ...renderAccessKey(accessKey),
  ]);
}

function renderAccessKey(accessKey: string): string[] {
  return [`  access key  ${accessKey}`, '  It is shown only now: put it where the other system keeps its secrets.'];
}
