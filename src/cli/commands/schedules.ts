import type { Command } from 'commander';
import type { ScheduleEntry } from '../../runtime/schedule/schedule-administration.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderSchedules, scheduleState } from '../views/schedule-list.ts';
import { renderSlot } from '../views/schedule-times.ts';

interface NextOptions extends GlobalOptions {
  readonly count: number;
}

const DEFAULT_COUNT = 10;
const NAME = ['<name>', 'its name: the workflow, with the name of the trigger behind a slash'] as const;

/** `mapwright schedules`: what the clock starts, and when. */
export function registerSchedules(program: Command, runner: CommandRunner): void {
  const schedules = program.command('schedules').description('what the clock starts, and when; pause, resume, run now');
  registerList(schedules, runner);
  registerNext(schedules, runner);
  registerPause(schedules, runner);
  registerResume(schedules, runner);
  registerRunNow(schedules, runner);
  addExamples(schedules, [
    'mapwright schedules                          all of them: next and last slot, what was missed',
    'mapwright schedules next nightly --count 3   when it fires',
    'mapwright schedules pause nightly            until: mapwright schedules resume nightly',
  ]);
}

function registerList(schedules: Command, runner: CommandRunner): void {
  const command = schedules
    .command('list', { isDefault: true })
    .description('all schedules: next slot, last slot and what became of it')
    .action((_options: unknown, self: Command) => list(self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright schedules list', 'mapwright schedules list --json']);
}

function registerNext(schedules: Command, runner: CommandRunner): void {
  const command = schedules
    .command('next')
    .description('the next slots of a schedule, as clocks of its zone show them')
    .argument(...NAME)
    .option('--count <number>', 'how many', wholeNumber, DEFAULT_COUNT)
    .action((name: string, _options: unknown, self: Command) => next(name, self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright schedules next nightly', 'mapwright schedules next cleanup/weekly --count 52']);
}

function registerPause(schedules: Command, runner: CommandRunner): void {
  const command = schedules
    .command('pause')
    .description('fire no more until it is resumed')
    .argument(...NAME)
    .action((name: string, _options: unknown, self: Command) =>
      change('pauseSchedule', name, { options: self.optsWithGlobals(), runner }),
    );
  addExamples(command, ['mapwright schedules pause nightly']);
}

function registerResume(schedules: Command, runner: CommandRunner): void {
  const command = schedules
    .command('resume')
    .description('go on with the next slot from now')
    .argument(...NAME)
    .action((name: string, _options: unknown, self: Command) =>
      change('resumeSchedule', name, { options: self.optsWithGlobals(), runner }),
    );
  addExamples(command, ['mapwright schedules resume nightly']);
}

function registerRunNow(schedules: Command, runner: CommandRunner): void {
  const command = schedules
    .command('run-now')
    .description('fire once more, now')
    .argument(...NAME)
    .action((name: string, _options: unknown, self: Command) =>
      change('runScheduleNow', name, { options: self.optsWithGlobals(), runner }),
    );
  addExamples(command, ['mapwright schedules run-now nightly']);
}

async function list(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const schedules = await runner.withInstall(options, { create: false }, (one) => one.schedules());
  runner.show(options, { schedules }, () => renderSchedules(schedules, runner.shell.clock.now()));
}

async function next(name: string, options: NextOptions, runner: CommandRunner): Promise<void> {
  const { count } = options;
  const { zone, slots } = await runner.withInstall(options, { create: false }, (one) => one.nextSlots({ name, count }));
  const facts = { schedule: name, zone, next: slots.map((slot) => new Date(slot).toISOString()) };
  runner.show(options, facts, () =>
    slots.length === 0 ? [`${name} fires no more`] : slots.map((slot) => `${renderSlot(slot, zone)}   ${zone}`),
  );
}

async function change(
  method: 'pauseSchedule' | 'resumeSchedule' | 'runScheduleNow',
  name: string,
  { options, runner }: { readonly options: GlobalOptions; readonly runner: CommandRunner },
): Promise<void> {
  const by = runner.shell.operator;
  const schedule: ScheduleEntry = await runner.withInstall(options, { create: false }, (one) =>
    one[method]({ name, by }),
  );
  runner.show(options, { schedule }, () => [`${name}: ${scheduleState(schedule, runner.shell.clock.now())}`]);
}
