import type { Command } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';

interface DemoOptions extends GlobalOptions {
  readonly keep?: boolean;
  readonly published?: boolean;
}

/** `mapwright demo`: two installs on this machine keep a product in step, before your eyes. */
export function registerDemo(program: Command, runner: CommandRunner): void {
  const command = program
    .command('demo')
    .description('two installs on this machine keep a product in step, while one is down too')
    .option('--keep', 'leave both running, to look at them with --at A and --at B')
    .option('--published', 'with the five published maps instead of the native ones')
    .action((_options: unknown, self: Command) => demo(self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright demo', 'mapwright demo --published', 'mapwright demo --keep']);
}

async function demo(options: DemoOptions, runner: CommandRunner): Promise<void> {
  const { runDemo } = await import('../demo.ts');
  const passed = await runDemo({
    keep: options.keep ?? false,
    published: options.published ?? false,
    json: options.json ?? false,
    print: (text) => runner.shell.print(text),
    untilSignal: () => runner.shell.untilSignal(),
  });
  if (!passed) runner.fail();
}
