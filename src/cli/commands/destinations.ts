import type { Command } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { destinationState, renderDestinations } from '../views/destination-list.ts';

interface HoldOptions extends GlobalOptions {
  readonly reason?: string;
}

const NAME = ['<name>', 'the service, or the origin (https://host) of maps without one'] as const;

/** `mapwright destinations`: whom runs call, who is down, and how many runs wait. */
export function registerDestinations(program: Command, runner: CommandRunner): void {
  const destinations = program
    .command('destinations')
    .description('whom runs call, who does not answer, how many runs wait; hold calls back and release them');
  const all = destinations
    .command('list', { isDefault: true })
    .description('all of them: state, runs that wait, calls under way')
    .action((_options: unknown, self: Command) => list(self.optsWithGlobals(), runner));
  addExamples(all, ['mapwright destinations list', 'mapwright destinations list --json']);
  const hold = destinations
    .command('hold')
    .description('call it no more until it is released: runs wait, and use no tries of their error plans')
    .argument(...NAME)
    .option('--reason <text>', 'shown with the runs that wait')
    .action((name: string, _options: unknown, self: Command) => holdBack(name, self.optsWithGlobals(), runner));
  addExamples(hold, ['mapwright destinations hold warehouse --reason "moves until noon"']);
  const release = destinations
    .command('release')
    .description('call it again, few at once at first; one that does not answer is tried now')
    .argument(...NAME)
    .action((name: string, _options: unknown, self: Command) => letGo(name, self.optsWithGlobals(), runner));
  addExamples(release, ['mapwright destinations release warehouse']);
  addExamples(destinations, [
    'mapwright destinations                  who is called, who is down',
    'mapwright destinations hold warehouse   until: mapwright destinations release warehouse',
  ]);
}

async function list(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const destinations = await runner.withInstall(options, { create: false }, (one) => one.destinations());
  runner.show(options, { destinations }, () => renderDestinations(destinations, runner.shell.clock.now()));
}

async function holdBack(name: string, options: HoldOptions, runner: CommandRunner): Promise<void> {
  const { reason = '' } = options;
  const by = runner.shell.operator;
  const destination = await runner.withInstall(options, { create: false }, (one) =>
    one.holdDestination({ name, reason, by }),
  );
  runner.show(options, { destination }, () => [`${name}: ${destinationState(destination, runner.shell.clock.now())}`]);
}

async function letGo(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const by = runner.shell.operator;
  const destination = await runner.withInstall(options, { create: false }, (one) =>
    one.releaseDestination({ name, by }),
  );
  runner.show(options, { destination }, () => [`${name}: ${destinationState(destination, runner.shell.clock.now())}`]);
}
