import type { Command } from 'commander';
import { Option } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type SecretSource, readSecretValue } from '../secret-value.ts';
import { UsageError } from '../usage-error.ts';
import { renderSecret, renderSecrets } from '../views/secret.ts';
import { registerRotateKey } from './secret-rotate-key.ts';

interface SetOptions extends GlobalOptions, SecretSource {
  readonly value?: string | true;
}

interface RemoveOptions extends GlobalOptions {
  readonly force?: boolean;
}

/** `mapwright secret`: confidential values that documents use as `{secret.NAME}`; they can be set, never read. */
export function registerSecret(program: Command, runner: CommandRunner): void {
  const secret = program.command('secret').description('confidential values that documents use: {secret.NAME}');
  takesValue(
    secret.command('set'),
    'set a secret: its value is asked for without showing it, piped in, or read from a file',
  ).action((name: string, _options: unknown, self: Command) => setSecret(name, self.optsWithGlobals(), runner));
  takesValue(secret.command('rotate'), 'give a secret that is set a new value; the next call uses it').action(
    (name: string, _options: unknown, self: Command) => rotateSecret(name, self.optsWithGlobals(), runner),
  );
  secret
    .command('list')
    .description('names, when and by whom they were set, what uses them, and which are missing; never values')
    .action((_options: unknown, self: Command) => listSecrets(self.optsWithGlobals(), runner));
  secret
    .command('show')
    .description('when a secret was set, and every place that uses it; never its value')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => showSecret(name, self.optsWithGlobals(), runner));
  secret
    .command('remove')
    .description('remove a secret that nothing uses')
    .argument('<name>')
    .option('--force', 'remove it although something uses it: those calls fail')
    .action((name: string, _options: unknown, self: Command) => removeSecret(name, self.optsWithGlobals(), runner));
  registerRotateKey(secret, runner);
  addExamples(
    secret,
    [
      'mapwright secret set head_office_key                  asks for the value',
      'pass show crm | mapwright secret set head_office_key  takes it from a pipe',
      'mapwright secret set client_key --file client.pem',
      'mapwright secret rotate head_office_key               a new value; the next call uses it',
      'mapwright secret list',
      'mapwright secret rotate-key                           seals everything anew under a new encryption key',
    ],
    'group',
  );
}

function takesValue(command: Command, description: string): Command {
  return command
    .description(description)
    .argument('<name>')
    .option('--file <file>', 'take the value from a file: text as it is, .p12 and .pfx as base64')
    .option('--base64', 'with --file: store its bytes as base64')
    .addOption(new Option('--value [value]').hideHelp());
}

async function setSecret(name: string, options: SetOptions, runner: CommandRunner): Promise<void> {
  const value = await valueFor('set', name, options, runner);
  const by = runner.shell.operator;
  await runner.withInstall(options, { create: true }, (administration) =>
    administration.setSecret({ name, value, by }),
  );
  runner.show(options, { name, set: true }, () => [`secret ${name} is set`]);
}

async function rotateSecret(name: string, options: SetOptions, runner: CommandRunner): Promise<void> {
  const value = await valueFor('rotate', name, options, runner);
  const by = runner.shell.operator;
  const entry = await runner.withInstall(options, { create: false }, async (administration) => {
    await administration.setSecret({ name, value, by, replace: true });
    return (await administration.secrets()).find((secret) => secret.name === name);
  });
  const usedBy = entry?.usedBy ?? [];
  runner.show(options, { name, set: true, usedBy }, () => [
    `secret ${name} has a new value: the next call uses it, also one of a run under way`,
    ...(entry === undefined ? [] : renderSecret(entry).slice(1)),
  ]);
}

async function valueFor(word: string, name: string, options: SetOptions, { shell }: CommandRunner): Promise<string> {
  if (options.value !== undefined) {
    throw new UsageError(
      "a secret's value is not taken from the command line: the shell's history and the process list keep it",
      `leave --value away to be asked for it, or pipe it in: ... | mapwright secret ${word} ${name}`,
    );
  }
  if (options.base64 === true && options.file === undefined) {
    throw new UsageError(
      '--base64 is for the bytes of a file',
      `mapwright secret ${word} ${name} --file FILE --base64`,
    );
  }
  return readSecretValue(name, options, shell);
}

async function listSecrets(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const found = await runner.withInstall(options, { create: false }, async (administration) => ({
    secrets: await administration.secrets(),
    missing: await administration.missingSecrets(),
  }));
  runner.show(options, found, ({ secrets, missing }) => renderSecrets(secrets, missing));
}

async function showSecret(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const found = await runner.withInstall(options, { create: false }, async (administration) => [
    ...(await administration.secrets()),
    ...(await administration.missingSecrets()),
  ]);
  const entry = found.find((secret) => secret.name === name);
  if (entry === undefined) {
    const names = found.map((secret) => secret.name);
    throw new MapwrightError('SECRET_UNKNOWN', `there is no secret "${name}", and no document names one`, {
      hint: didYouMean(name, names) ?? 'mapwright secret list shows those there are',
    });
  }
  runner.show(options, entry, renderSecret);
}

async function removeSecret(name: string, options: RemoveOptions, runner: CommandRunner): Promise<void> {
  const { force = false } = options;
  const removed = await runner.withInstall(options, { create: false }, (administration) =>
    administration.removeSecret(force ? { name, force } : { name }),
  );
  runner.show(options, { name, removed }, () => [
    removed ? `secret ${name} is removed` : `there was no secret ${name}`,
  ]);
  if (!removed) runner.fail();
}
