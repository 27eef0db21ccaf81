import { Option } from 'commander';
import type { Command } from 'commander';
import { durationMs } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { connect, type ConnectOptions, disconnect } from '../credential-connection.ts';
import { addDeleteAction } from '../document-actions.ts';
import { testCredential, type TestOptions } from '../credential-test.ts';
import { renderCredential, renderCredentials } from '../views/credential-list.ts';

const NAME = ['<name>', "the credential's name"] as const;

/** `mapwright credential`: who is connected, connecting, and whether credentials work. */
export function registerCredential(program: Command, runner: CommandRunner): void {
  const credential = program
    .command('credential')
    .description('how calls prove who makes them: who is connected, sign in, see whether it works');
  const all = credential
    .command('list', { isDefault: true })
    .description('all credentials in force: kind, services, who is connected, what is missing')
    .action((_options: unknown, self: Command) => list(self.optsWithGlobals(), runner));
  addExamples(all, ['mapwright credential list', 'mapwright credential list --json']);
  const one = credential
    .command('show')
    .description('one of them: who is connected since when and until when, who is not, the last problem')
    .argument(...NAME)
    .action((name: string, _options: unknown, self: Command) => show(name, self.optsWithGlobals(), runner));
  addExamples(one, ['mapwright credential show calendar']);
  registerConnect(credential, runner);
  registerDisconnect(credential, runner);
  registerTest(credential, runner);
  addDeleteAction(credential, runner, 'credential');
  addExamples(credential, [
    'mapwright credential                          what there is, and who is connected',
    'mapwright credential test warehouse           does it work',
    'mapwright credential connect calendar         sign in at the provider',
  ]);
}

function registerConnect(credential: Command, runner: CommandRunner): void {
  const command = credential
    .command('connect')
    .description('begin a sign-in: prints the address to open in a browser, and waits until it is done')
    .argument(...NAME)
    .option('--user <name>', 'whose account it will be, where everybody has their own')
    .addOption(new Option('--wait <duration>', 'wait so long at most').argParser(durationMs).default(600_000, '10m'))
    .option('--no-wait', 'only print the address; credential show tells later what came of it')
    .action((name: string, _options: unknown, self: Command) =>
      connect(name, self.optsWithGlobals<ConnectOptions>(), runner),
    );
  addExamples(command, [
    'mapwright credential connect calendar',
    'mapwright credential connect mailbox --user anna --no-wait     send Anna the address',
  ]);
}

function registerDisconnect(credential: Command, runner: CommandRunner): void {
  const command = credential
    .command('disconnect')
    .description('forget the token, and tell the provider where it takes that')
    .argument(...NAME)
    .option('--user <name>', 'whose, where everybody has their own')
    .action((name: string, _options: unknown, self: Command) => disconnect(name, self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright credential disconnect mailbox --user anna']);
}

function registerTest(credential: Command, runner: CommandRunner): void {
  const command = credential
    .command('test')
    .description('make the call that tells whether it works: its <test>, or the address of the service')
    .argument('[name]', "the credential's name; the only one of the file when left out")
    .option('--service <name>', 'whose call is made')
    .option('--address <url>', 'what is called, in the place of a service')
    .option('--user <name>', 'whose token, where everybody has their own')
    .option('--file <path...>', 'documents that are not applied yet, - for standard input')
    .action((name: string | undefined, _options: unknown, self: Command) =>
      testCredential(name, self.optsWithGlobals<TestOptions>(), runner),
    );
  addExamples(command, [
    'mapwright credential test warehouse',
    'mapwright credential test warehouse --address https://api.example.com/me',
    'mapwright credential test --file warehouse.xml                 before it is applied',
  ]);
}

async function list(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const credentials = await runner.withInstall(options, { create: false }, (install) => install.credentials());
  runner.show(options, { credentials }, () => renderCredentials(credentials));
}

async function show(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const credential = await runner.withInstall(options, { create: false }, (install) => install.credential({ name }));
  runner.show(options, { credential }, () => renderCredential(credential));
}
