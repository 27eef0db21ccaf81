import { type Command, Option } from 'commander';
import { ROLES, type Role, roleOf as nameOfRole } from '../../core/access.ts';
import { MapwrightError } from '../../core/error.ts';
import type { UserDetails, UserEntry } from '../../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { readHidden } from '../hidden-value.ts';
import { renderTable } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { type PreferenceOptions, preferencesOf, withPreferences } from './user-preference.ts';

interface DetailOptions extends GlobalOptions, PreferenceOptions, Omit<UserDetails, 'preferences'> {
  readonly admin?: boolean;
  readonly role?: Role | 'none';
}

/** `mapwright user`: who may use the web service. */
export function registerUser(program: Command, runner: CommandRunner): void {
  const user = program.command('user').description('people and systems that may use the web service');
  withDetails(user.command('add').description('add a user; its access key is shown once').argument('<name>'))
    .option('--admin', 'an administrator: --role administrator')
    .addOption(roleOption('what it may do over the API; left out: the web service alone'))
    .action((name: string, _options: unknown, self: Command) => addUser(name, self.optsWithGlobals(), runner));
  withDetails(user.command('set').description('change what is known of a user').argument('<name>'))
    .option('--admin', 'make it an administrator')
    .option('--no-admin', 'make it an administrator no longer')
    .addOption(roleOption('what it may do over the API'))
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
  registerPassword(user, runner);
  registerActivity(user, runner);
  addExamples(
    user,
    [
      'mapwright user add branch-office           for another system',
      'mapwright user add anna --admin --first-name Anna --last-name Berg --email anna@example.com',
      'mapwright user set anna --no-admin --email ""',
      'mapwright user set anna --date-format dd-mm-yyyy --decimal-separator , --time-zone Europe/Madrid',
      'mapwright user set anna --role operator     sees everything, and keeps runs going',
      'mapwright user password anna               asks for it; lets her log in with a browser',
      'mapwright user key branch-office           when a key was lost or seen',
      'mapwright user deactivate anna             logged out at once; records keep their owner',
    ],
    'group',
  );
}

function registerPassword(user: Command, runner: CommandRunner): void {
  user
    .command('password')
    .description('set a password, piped in or asked for without showing it; the user is logged out')
    .argument('<name>')
    .addOption(new Option('--password [value]').hideHelp())
    .action((name: string, _options: unknown, self: Command) => setPassword(name, self.optsWithGlobals(), runner));
}

async function setPassword(
  name: string,
  options: GlobalOptions & { readonly password?: string | true },
  runner: CommandRunner,
): Promise<void> {
  if (options.password !== undefined) {
    throw new UsageError(
      "a password is not taken from the command line: the shell's history and the process list keep it",
      `leave --password away to be asked for it, or pipe it in: ... | mapwright user password ${name}`,
    );
  }
  const password = await readHidden(runner.shell, `password of ${name} (not shown): `);
  if (password === '') {
    throw new MapwrightError('CLI_SECRET_EMPTY', `no password came for ${name}`, { hint: 'nothing was changed' });
  }
  await runner.withInstall(options, { create: false }, (administration) =>
    administration.setPassword({ name, password }),
  );
  runner.show(options, { name, set: true }, () => [`user ${name} has a new password, and is logged out everywhere`]);
}

function roleOption(description: string): Option {
  return new Option('--role <role>', description).choices([...ROLES, 'none']);
}

/** `--role administrator` and `--admin` are one; any other role is that of no administrator. */
function roleOf({ admin, role }: DetailOptions): {
  readonly admin?: boolean;
  readonly role?: 'operator' | 'viewer' | 'none';
} {
  if (role === undefined) return admin === undefined ? {} : { admin };
  if (admin === true && role !== 'administrator') {
    throw new UsageError(`--admin and --role ${role} contradict each other`, 'give one of them');
  }
  return role === 'administrator' ? { admin: true, role: 'none' } : { admin: false, role };
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
  const { admin = false, ...role } = roleOf(options);
  const kept = role.role === undefined || role.role === 'none' ? {} : { role: role.role };
  const added = await runner.withInstall(options, { create: true }, (administration) =>
    administration.addUser({ name, admin, ...kept, ...detailsOf(options) }),
  );
  runner.show(options, added, ({ user, accessKey }) => [
    `user ${user.name} (${user.id}) is added`,
    ...renderAccessKey(accessKey),
  ]);
}

async function setUser(name: string, options: DetailOptions, runner: CommandRunner): Promise<void> {
  const changes = { ...detailsOf(options), ...roleOf(options) };
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
  const told = user.active
    ? 'is active'
    : 'is inactive: its sessions are ended, what it connected is forgotten, and it cannot log in';
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
  return [user.id, user.name, called, nameOfRole(user) ?? '', user.active ? '' : 'inactive', user.email];
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
