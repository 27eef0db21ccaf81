import type { Command } from 'commander';
import type { NodeEntry } from '../../core/node.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderAge } from '../duration.ts';
import { renderTable } from '../table.ts';

/** `mapwright nodes`: which processes work on the install. */
export function registerNodes(program: Command, runner: CommandRunner): void {
  const command = program
    .command('nodes')
    .description('the processes that work on an install in PostgreSQL, and how many runs each holds')
    .action((_options: unknown, self: Command) => nodes(self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright nodes',
    'mapwright nodes --json         for scripts: a node that is gone is listed for a day',
  ]);
}

async function nodes(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const found = await runner.withInstall(options, { create: false }, (administration) => administration.nodes());
  const now = runner.shell.clock.now();
  runner.show(options, { nodes: found }, () => renderNodes(found, now));
}

function renderNodes(found: readonly NodeEntry[], now: number): string[] {
  if (found.length === 0) {
    return ['no nodes: nobody works on this install, or it is in its folder and has a single process'];
  }
  return renderTable(
    [
      { title: 'node', gives: true },
      { title: 'version' },
      { title: 'state' },
      { title: 'runs', align: 'right' },
      { title: 'started', align: 'right' },
      { title: 'seen', align: 'right' },
    ],
    found.map(({ name, version, state, runs, startedAt, seenAt }) => [
      name,
      version,
      state,
      String(runs),
      renderAge(now - startedAt),
      renderAge(now - seenAt),
    ]),
  );
}
