import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RevisionSummary } from '../../core/document-store.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderMoment } from '../duration.ts';
import type { WrittenFile } from '../export-folder.ts';
import { writeExport } from '../export-folder.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { count } from '../views/documents-report.ts';
import { foldHanging } from '../views/exchange.ts';

interface ExportOptions extends GlobalOptions {
  readonly revision?: number;
  readonly force?: boolean;
  readonly list?: boolean;
  readonly limit: number;
}

const DEFAULT_LIMIT = 20;

/** `mapwright export`: the documents in force, or of an older revision, as files. */
export function registerExport(program: Command, runner: CommandRunner): void {
  const command = program
    .command('export')
    .description('write the documents in force back as files; list the revisions')
    .argument('[folder]', 'where to; made when there is none')
    .option('--revision <number>', 'an older revision instead of the one in force', wholeNumber)
    .option('--force', 'replace files that are there and differ')
    .option('--list', 'show the revisions: when, by whom, how many documents')
    .option('--limit <number>', 'with --list: how many at most', wholeNumber, DEFAULT_LIMIT)
    .action((folder: string | undefined, _options: unknown, self: Command) =>
      exportDocuments(folder, self.optsWithGlobals(), runner),
    );
  addExamples(command, [
    'mapwright export documents                 what is in force',
    'mapwright export --list                    which revisions there are',
    'mapwright export before --revision 6       one of them, to compare or to apply again',
  ]);
}

async function exportDocuments(
  folder: string | undefined,
  options: ExportOptions,
  runner: CommandRunner,
): Promise<void> {
  if (options.list === true) return listRevisions(options, runner);
  if (folder === undefined) {
    throw new UsageError('where to is not said', 'mapwright export FOLDER, or --list to see the revisions');
  }
  const revision = await runner.withInstall(options, { create: false }, (administration) =>
    administration.revision({ number: options.revision }),
  );
  const { exportFiles } = await import('../../runtime/document-export.ts');
  const files = await writeExport({
    folder: resolve(runner.shell.workingFolder, folder),
    files: exportFiles(revision.documents),
    force: options.force ?? false,
  });
  runner.show(options, { revision: revision.number, folder, files }, () => [
    ...files.flatMap(renderFile),
    `revision ${revision.number} is in ${folder}: ${count(revision.documents.length, 'document')} in ${count(files.length, 'file')}`,
  ]);
}

const MARKS = { written: '+', replaced: '~', unchanged: ' ' } as const;

function renderFile({ path, documents, leftOut, outcome }: WrittenFile): string[] {
  const without = leftOut.length === 0 ? '' : `   (without ${leftOut.join(', ')}: gone, or in force from another file)`;
  return foldHanging(`${MARKS[outcome]} ${path}   ${documents.join(', ')}${without}`, PAGE_WIDTH);
}

async function listRevisions(options: ExportOptions, runner: CommandRunner): Promise<void> {
  const revisions = await runner.withInstall(options, { create: false }, (administration) =>
    administration.revisions({ limit: options.limit }),
  );
  runner.show(options, { revisions }, () => renderRevisions(revisions));
}

function renderRevisions(revisions: readonly RevisionSummary[]): string[] {
  if (revisions.length === 0) return ['no revisions yet: mapwright apply DOCUMENTS... makes the first'];
  const rows = revisions.map(({ number, at, by, documents }, index) => [
    String(number),
    renderMoment(at),
    by,
    String(documents),
    index === 0 ? 'in force' : '',
  ]);
  return renderTable(
    [
      { title: 'revision', align: 'right' },
      { title: 'applied' },
      { title: 'by', gives: true },
      { title: 'documents', align: 'right' },
      { title: '' },
    ],
    rows,
  );
}
