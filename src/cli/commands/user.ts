import type { Command } from 'commander';
import type { UserDetails, UserEntry } from '../../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderTable } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { type PreferenceOptions, preferencesOf, withPreferences } from './user-preference.ts';

interface DetailOptions extends GlobalOptions, PreferenceOptions, Omit<UserDetails, 'preferences'> {
  readonly admin?: boolean;
}

/** `mapwright user`: who may use the web service. */
export function registerUser(program: Command, runner: CommandRunner): void {
  const user = program.command('user').description('people and systems that may use the web service');
  withDetails(user.command('add').description('add a user; its access key is shown once').argument('<name>'))
    .option('--admin', 'an administrator')
    .action((name: string, _options: unknown, self: Command) => addUser(name, self.optsWithGlobals(), runner));
  withDetails(user.command('set').description('change what is known of a user').argument('<name>'))
    .option('--admin', 'make it an administrator')
    .option('--no-admin', 'make it an administrator no longer')
    .action((name: string, _options: unknown, self: Command) => setUser(name, self.optsWithGlobals(), runner));
  user
    .command('list')
    .description('all users')
    .action((_options: unknown, self: Command) => listUsers(self.optsWithGlobals(), runner));
  user
    .command('key')
    .description('give a user a new access key; the old one stops working')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => renewKey(name, self.optsWithGlobals(), runner));
  registerActivity(user, runner);
  addExamples(
    user,
    [
      'mapwright user add branch-office           for another system',
      'mapwright user add anna --admin --first-name Anna --last-name Berg --email anna@example.com',
      'mapwright user set anna --no-admin --email ""',
      'mapwright user set anna --date-format dd-mm-yyyy --decimal-separator , --time-zone Europe/Madrid',
      'mapwright user key branch-office           when a key was lost or seen',
      'mapwright user deactivate anna             logged out at once; records keep their owner',
    ],
    'group',
  );
}

function registerActivity(user: Command, runner: CommandRunner): void {
  user
    .command('deactivate')
    .description('log a user out at once, and let it log in no longer')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) =>
      setActive({ name, active: false }, self.optsWithGlobals(), runner),
    );
  user
    .command('activate')
    .description('let a user log in again')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) =>
      setActive({ name, active: true }, self.optsWithGlobals(), runner),
    );
}

function withDetails(command: Command): Command {
  const named = command
    .option('--first-name <text>', 'first name; an empty one takes it away')
    .option('--last-name <text>', 'last name')
    .option('--email <address>', 'where the user is written to');
  return withPreferences(named);
}

function detailsOf(options: DetailOptions): UserDetails {
  const { firstName, lastName, email } = options;
  return {
    ...preferencesOf(options),
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(email === undefined ? {} : { email }),
  };
}

async function addUser(name: string, options: DetailOptions, runner: CommandRunner): Promise<void> {
  const admin = options.admin ?? false;
  const added = await runner.withInstall(options, { create: true }, (administration) =>
    administration.addUser({ name, admin, ...detailsOf(options) }),
  );
  runner.show(options, added, ({ user, accessKey }) => [
    `user ${user.name} (${user.id}) is added`,
    ...renderAccessKey(accessKey),
  ]);
}

async function setUser(name: string, options: DetailOptions, runner: CommandRunner): Promise<void> {
  const changes = { ...detailsOf(options), ...(options.admin === undefined ? {} : { admin: options.admin }) };
  if (Object.keys(changes).length === 0) {
    throw new UsageError('nothing to change was given', `mapwright user set ${name} --email anna@example.com`);
  }
  const user = await runner.withInstall(options, { create: false }, (administration) =>
    administration.changeUser({ name, ...changes }),
  );
  runner.show(options, { user }, () => [`user ${user.name} (${user.id}) is changed`]);
}

async function setActive(
  change: { readonly name: string; readonly active: boolean },
  options: GlobalOptions,
  runner: CommandRunner,
): Promise<void> {
  const user = await runner.withInstall(options, { create: false }, (administration) =>
    administration.changeUser(change),
  );
  const told = user.active ? 'is active' : 'is inactive: its sessions are ended, and it cannot log in';
  runner.show(options, { user }, () => [`user ${user.name} (${user.id}) ${told}`]);
}

async function listUsers(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const users = await runner.withInstall(options, { create: false }, (administration) => administration.users());
  const columns = [
    { title: 'id' },
    { title: 'name', gives: true },
    { title: 'called', gives: true },
    { title: 'role' },
  ];
  runner.show(options, { users }, () =>
    renderTable([...columns, { title: '' }, { title: 'e-mail' }], users.map(rowOf)),
  );
}

function rowOf(user: UserEntry): string[] {
  const called = `${user.firstName} ${user.lastName}`.trim();
  return [user.id, user.name, called, user.admin ? 'administrator' : '', user.active ? '' : 'inactive', user.email];
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
