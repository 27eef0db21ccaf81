import type { Command } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderTable } from '../table.ts';

/** `mapwright setting`: plain values that documents use as `{setting.NAME}`. */
export function registerSetting(program: Command, runner: CommandRunner): void {
  const setting = program.command('setting').description('plain values that documents use: {setting.NAME}');
  setting
    .command('set')
    .description('set a value; it holds from the next call on')
    .argument('<name>')
    .argument('<value>')
    .action((name: string, value: string, _options: unknown, self: Command) =>
      setSetting({ name, value }, self.optsWithGlobals(), runner),
    );
  setting
    .command('list')
    .description('all settings')
    .action((_options: unknown, self: Command) => listSettings(self.optsWithGlobals(), runner));
  setting
    .command('remove')
    .description('remove a setting')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => removeSetting(name, self.optsWithGlobals(), runner));
  addExamples(
    setting,
    [
      'mapwright setting set head_office_url https://crm.example.com',
      'mapwright setting set egress.allow "127.0.0.1:8080 10.1.0.0/16:443"   private addresses that may be called',
      'mapwright setting list',
      'mapwright setting remove head_office_url',
    ],
    'group',
  );
}

async function setSetting(
  setting: { readonly name: string; readonly value: string },
  options: GlobalOptions,
  runner: CommandRunner,
): Promise<void> {
  await runner.withInstall(options, { create: true }, (administration) => administration.setSetting(setting));
  runner.show(options, setting, ({ name, value }) => [`${name} = ${value}`]);
}

async function listSettings(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const settings = await runner.withInstall(options, { create: false }, (administration) => administration.settings());
  runner.show(options, { settings }, () => {
    const rows = Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return rows.length === 0
      ? ['no settings']
      : renderTable([{ title: 'name' }, { title: 'value', gives: true }], rows);
  });
}

async function removeSetting(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const removed = await runner.withInstall(options, { create: false }, (administration) =>
    administration.removeSetting({ name }),
  );
  runner.show(options, { name, removed }, () => [removed ? `${name} is removed` : `there was no setting ${name}`]);
  if (!removed) runner.fail();
}
