import { type Command, Option } from 'commander';
import { PACKED_KINDS } from '../document/pack.ts';
import type { LibraryFilter } from '../runtime/library/library-administration.ts';
import { wholeNumber } from './argument-value.ts';
import { addExamples, type CommandRunner, type GlobalOptions } from './command-runner.ts';
import { renderLibraryDetails, renderLibraryPage } from './views/library.ts';
import { renderRemoval } from './views/removal.ts';

interface ListOptions extends GlobalOptions {
  readonly kind?: string;
  readonly service?: string;
  readonly search?: string;
  readonly after?: string;
  readonly limit: number;
}

interface DeleteOptions extends GlobalOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** The kinds of documents that are in force. */
export const STORED_KINDS: readonly string[] = [...PACKED_KINDS, 'pack', 'wsdl'];

const DEFAULT_LIMIT = 50;
/** What one call is answered with at most. */
const MOST = 500;

/** Adds `list`, which shows documents of one kind, or of all kinds with an option to choose. */
export function addListAction(group: Command, runner: CommandRunner, kind?: string): void {
  const list = group
    .command('list', { isDefault: true })
    .description(`the ${kind ?? 'document'}s in force, with what they are and who changed them last`)
    .option('--search <word>', 'in name, label, description, service and type; case and accents make no difference')
    .option('--limit <number>', 'how many at most', wholeNumber, DEFAULT_LIMIT)
    .option('--after <name>', 'the page behind this one, as the page before tells')
    .action((_options: unknown, self: Command) => listDocuments(self.optsWithGlobals(), runner, kind));
  if (kind === undefined) list.addOption(new Option('--kind <kind>', 'only these').choices(STORED_KINDS));
  if (kind === undefined || kind === 'map') list.option('--service <name>', 'only maps that call it');
}

/** Adds `show`, `copy` and `delete` for documents of one kind. */
export function addKindActions(group: Command, runner: CommandRunner, kind: string): void {
  group
    .command('show')
    .description('all about it: facts, error plan, what it uses and what uses it')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) =>
      showDocument({ kind, name }, self.optsWithGlobals(), runner),
    );
  group
    .command('copy')
    .description('put a copy under another name into force')
    .argument('<name>')
    .argument('<new-name>')
    .action((name: string, to: string, _options: unknown, self: Command) =>
      copyDocument({ kind, name, to }, self.optsWithGlobals(), runner),
    );
  addDeleteAction(group, runner, kind);
}

/** Adds `delete` for documents of one kind. */
export function addDeleteAction(group: Command, runner: CommandRunner, kind: string): void {
  const remove = addRemovalOptions(
    group
      .command('delete')
      .description(`take ${kind}s out of force; what would break is told first`)
      .argument('<name...>'),
  ).action((names: string[], _options: unknown, self: Command) =>
    deleteDocuments(
      names.map((name) => ({ kind, name })),
      self.optsWithGlobals(),
      runner,
    ),
  );
  addExamples(remove, [
    `mapwright ${group.name()} delete old --dry-run   what it would break`,
    `mapwright ${group.name()} delete old             refused where something needs it`,
    'mapwright document undelete 7           puts back what revision 7 took away',
  ]);
}

/** What all removals can be told. */
export function addRemovalOptions(command: Command): Command {
  return command
    .option('--force', 'also when something needs it: what cannot be without it goes as well')
    .option('--dry-run', 'show what would go and change nothing');
}

async function listDocuments(options: ListOptions, runner: CommandRunner, kind = options.kind): Promise<void> {
  const { service, search, limit } = options;
  const filter: LibraryFilter = {
    ...(kind === undefined ? {} : { kind }),
    ...(service === undefined ? {} : { service }),
    ...(search === undefined ? {} : { search }),
  };
  // A name alone is enough where there is one kind; keys of pages are kind and name.
  const after = options.after === undefined || kind === undefined ? options.after : `${kind} ${options.after}`;
  const page = await runner.withInstall(options, { create: false }, (administration) =>
    administration.library({ ...filter, after, limit: Math.min(limit, MOST) }),
  );
  runner.show(options, page, () => renderLibraryPage(page, filter));
}

/** Shows one document. */
export async function showDocument(
  wanted: { readonly kind: string; readonly name: string },
  options: GlobalOptions,
  runner: CommandRunner,
): Promise<void> {
  const details = await runner.withInstall(options, { create: false }, (administration) =>
    administration.libraryDocument(wanted),
  );
  runner.show(options, details, () => renderLibraryDetails(details));
}

/** Copies one document. */
export async function copyDocument(
  { kind, name, to }: { readonly kind: string; readonly name: string; readonly to: string },
  options: GlobalOptions,
  runner: CommandRunner,
): Promise<void> {
  const by = runner.shell.operator;
  const { revision } = await runner.withInstall(options, { create: false }, (administration) =>
    administration.copyDocument({ kind, name, to, by }),
  );
  runner.show(options, { kind, name, to, revision }, () => [
    `+ ${kind} ${to}`,
    `revision ${revision} is in force`,
    'change it in a file:',
    `  mapwright export documents`,
  ]);
}

/** Removes documents, or tells why not. */
export async function deleteDocuments(
  documents: readonly { readonly kind: string; readonly name: string }[],
  options: DeleteOptions,
  runner: CommandRunner,
): Promise<void> {
  const { force = false, dryRun = false } = options;
  const by = runner.shell.operator;
  const report = await runner.withInstall(options, { create: false }, (administration) =>
    administration.removeDocuments({ documents, force, dryRun, by }),
  );
  runner.show(options, report, () => renderRemoval(report, dryRun));
  if (report.needsForce && !dryRun) runner.fail();
}
