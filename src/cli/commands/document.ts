import { Argument, type Command } from 'commander';
import { wholeNumber } from '../argument-value.ts';
import { addExamples, type CommandRunner, type GlobalOptions } from '../command-runner.ts';
import {
  addListAction,
  addRemovalOptions,
  copyDocument,
  deleteDocuments,
  showDocument,
  STORED_KINDS,
} from '../document-actions.ts';

function kindArgument(): Argument {
  return new Argument('<kind>', 'what kind of document').choices(STORED_KINDS);
}

/** `mapwright document`: any document in force, whatever its kind. */
export function registerDocument(program: Command, runner: CommandRunner): void {
  const group = program
    .command('document')
    .description('documents in force, of every kind: look, copy, delete, undelete');
  addListAction(group, runner);
  group
    .command('show')
    .description('all about it: facts, error plan, what it uses and what uses it')
    .addArgument(kindArgument())
    .argument('<document>')
    .action((kind: string, name: string, _options: unknown, self: Command) =>
      showDocument({ kind, name }, self.optsWithGlobals(), runner),
    );
  group
    .command('copy')
    .description('put a copy under another name into force')
    .addArgument(kindArgument())
    .argument('<document>')
    .argument('<new-name>')
    .action((kind: string, name: string, to: string, _options: unknown, self: Command) =>
      copyDocument({ kind, name, to }, self.optsWithGlobals(), runner),
    );
  addRemovalOptions(
    group
      .command('delete')
      .description('take documents out of force; what would break is told first')
      .addArgument(kindArgument())
      .argument('<documents...>'),
  ).action((kind: string, names: string[], _options: unknown, self: Command) =>
    deleteDocuments(
      names.map((name) => ({ kind, name })),
      self.optsWithGlobals(),
      runner,
    ),
  );
  group
    .command('undelete')
    .description('put back what a revision took away, as it was before')
    .argument('<revision>', 'the revision that took it away: mapwright export --list', wholeNumber)
    .action((revision: number, _options: unknown, self: Command) => undelete(revision, self.optsWithGlobals(), runner));
  addExamples(
    group,
    [
      'mapwright document list --search invoice',
      'mapwright document show rule vat-rate',
      'mapwright document delete workflow old-sync --dry-run',
      'mapwright document undelete 7               puts back what revision 7 took away',
    ],
    'group',
  );
}

async function undelete(revision: number, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const by = runner.shell.operator;
  const restored = await runner.withInstall(options, { create: false }, (administration) =>
    administration.undeleteDocuments({ revision, by }),
  );
  runner.show(options, restored, () => [
    ...restored.documents.map(({ kind, name }) => `+ ${kind} ${name}`),
    `revision ${restored.revision} is in force`,
  ]);
}
