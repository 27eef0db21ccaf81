import type { Command } from 'commander';
import { addExamples, type CommandRunner } from '../command-runner.ts';
import { addKindActions, addListAction } from '../document-actions.ts';

/** `mapwright service`: the products that maps talk to. */
export function registerService(program: Command, runner: CommandRunner): void {
  const group = program.command('service').description('the products that maps talk to: list, show, copy, delete');
  addListAction(group, runner, 'service');
  addKindActions(group, runner, 'service');
  addExamples(
    group,
    [
      'mapwright service list --search warehouse',
      'mapwright service show warehouse        product, credential, limits, error plan, its maps',
      'mapwright service copy warehouse warehouse-test',
    ],
    'group',
  );
}
