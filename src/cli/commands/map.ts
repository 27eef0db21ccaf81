import type { Command } from 'commander';
import { addExamples, type CommandRunner } from '../command-runner.ts';
import { addKindActions, addListAction } from '../document-actions.ts';

/** `mapwright map`: the calls that are described. */
export function registerMap(program: Command, runner: CommandRunner): void {
  const group = program.command('map').description('the maps in force: list, show, copy, delete');
  addListAction(group, runner, 'map');
  addKindActions(group, runner, 'map');
  addExamples(
    group,
    [
      'mapwright map list --service warehouse',
      'mapwright map list --search "order soap"    every word stands somewhere',
      'mapwright map copy order-send order-send-test',
    ],
    'group',
  );
}
