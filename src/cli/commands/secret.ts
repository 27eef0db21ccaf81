import type { Command } from 'commander';
import { Option } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderMoment } from '../duration.ts';
import { readHidden } from '../hidden-value.ts';
import { renderTable } from '../table.ts';
import { UsageError } from '../usage-error.ts';

interface SetOptions extends GlobalOptions {
  readonly value?: string | true;
}

/** `mapwright secret`: confidential values that documents use as `{secret.NAME}`; they can be set, never read. */
export function registerSecret(program: Command, runner: CommandRunner): void {
  const secret = program.command('secret').description('confidential values that documents use: {secret.NAME}');
  secret
    .command('set')
    .description('set a secret: its value is piped in, or asked for without showing it')
    .argument('<name>')
    .addOption(new Option('--value [value]').hideHelp())
    .action((name: string, _options: unknown, self: Command) => setSecret(name, self.optsWithGlobals(), runner));
  secret
    .command('list')
    .description('names and when they were set; never values')
    .action((_options: unknown, self: Command) => listSecrets(self.optsWithGlobals(), runner));
  secret
    .command('remove')
    .description('remove a secret')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => removeSecret(name, self.optsWithGlobals(), runner));
  addExamples(
    secret,
    [
      'mapwright secret set head_office_key                  asks for the value',
      'pass show crm | mapwright secret set head_office_key  takes it from a pipe',
      'mapwright secret list',
    ],
    'group',
  );
}

async function setSecret(name: string, options: SetOptions, runner: CommandRunner): Promise<void> {
  if (options.value !== undefined) {
    throw new UsageError(
      "a secret's value is not taken from the command line: the shell's history and the process list keep it",
      `leave --value away to be asked for it, or pipe it in: ... | mapwright secret set ${name}`,
    );
  }
  const value = await readSecret(name, runner);
  const by = runner.shell.operator;
  await runner.withInstall(options, { create: true }, (administration) =>
    administration.setSecret({ name, value, by }),
  );
  runner.show(options, { name, set: true }, () => [`secret ${name} is set`]);
}

async function readSecret(name: string, runner: CommandRunner): Promise<string> {
  const value = await readHidden(runner.shell, `value of ${name} (not shown): `);
  if (value !== '') return value;
  throw new MapwrightError('CLI_SECRET_EMPTY', `no value came for the secret ${name}`, {
    hint: 'nothing was changed; to take a secret away use: mapwright secret remove',
  });
}

async function listSecrets(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const secrets = await runner.withInstall(options, { create: false }, (administration) => administration.secrets());
  runner.show(options, { secrets }, () => {
    if (secrets.length === 0) return ['no secrets'];
    const rows = secrets.map(({ name, setAt, setBy }) => [name, renderMoment(setAt), setBy]);
    return renderTable([{ title: 'name' }, { title: 'set' }, { title: 'by', gives: true }], rows);
  });
}

async function removeSecret(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const removed = await runner.withInstall(options, { create: false }, (administration) =>
    administration.removeSecret({ name }),
  );
  runner.show(options, { name, removed }, () => [
    removed ? `secret ${name} is removed` : `there was no secret ${name}`,
  ]);
  if (!removed) runner.fail();
}
