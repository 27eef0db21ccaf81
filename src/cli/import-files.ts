import { join, resolve } from 'node:path';
import type { ImportNote } from '../runtime/import/module-description.ts';
import type { CommandRunner, GlobalOptions } from './command-runner.ts';
import {
  type DocumentFile,
  type DocumentFileOutcome,
  renderDifferences,
  writeDocumentFiles,
} from './document-files.ts';
import { PAGE_WIDTH } from './table.ts';
import { printable } from './text-layout.ts';
import { count } from './views/documents-report.ts';
import { foldHanging } from './views/exchange.ts';

/** How the commands that write documents are told where to and how. */
export interface WritingOptions extends GlobalOptions {
  readonly out: string;
  readonly dryRun?: boolean;
  readonly overwrite?: boolean;
}

/** Documents of another install, on their way into a folder here. */
export interface TakenDocuments {
  readonly files: readonly DocumentFile[];
  /** One line for each document: what it is. */
  readonly told: readonly string[];
  readonly notes: readonly ImportNote[];
}

/** Writes the documents and shows what was done, what could not be kept, and what to do next. */
export async function showTaken(taken: TakenDocuments, options: WritingOptions, runner: CommandRunner): Promise<void> {
  const { files, told, notes } = taken;
  const { shell } = runner;
  const { out, overwrite = false, dryRun = false } = options;
  const folder = resolve(shell.workingFolder, out);
  const outcomes = await writeDocumentFiles({ folder, files, overwrite, dryRun });
  const facts = { folder: out, dryRun, files: outcomes.map(({ path, outcome }) => ({ path, outcome })), notes };
  runner.show(options, facts, () => [
    ...told,
    ...renderNotes(notes),
    ...renderDifferences(outcomes, { files, colours: shell.colours }),
    ...renderOutcome(outcomes, { out, dryRun }),
  ]);
  if (outcomes.some(({ outcome }) => outcome === 'differs')) runner.fail();
}

/** What could not be taken as it is, and why. */
export function renderNotes(notes: readonly ImportNote[]): string[] {
  if (notes.length === 0) return [];
  return [
    '',
    'not as it was there:',
    ...notes.flatMap(({ of, says }) => foldHanging(`  ${printable(`${of}  ${says}`)}`, PAGE_WIDTH)),
  ];
}

function renderOutcome(
  outcomes: readonly DocumentFileOutcome[],
  { out, dryRun }: { readonly out: string; readonly dryRun: boolean },
): string[] {
  const differing = outcomes.filter(({ outcome }) => outcome === 'differs').length;
  if (differing > 0) {
    const are = `${count(differing, 'file')} in ${out} would be replaced, as shown`;
    return ['', `nothing written: ${are}; --overwrite does it, --out FOLDER writes beside them`];
  }
  if (outcomes.length === 0) return ['', 'nothing to write'];
  const written = outcomes.filter(({ outcome }) => outcome !== 'unchanged').length;
  const what = `${written} of ${count(outcomes.length, 'file')}`;
  if (dryRun) return ['', `would write ${what} into ${join(out, '/')}`];
  const next = [`mapwright check ${out}`, `mapwright plan ${out}`, `mapwright apply ${out}`];
  return ['', `wrote ${what} into ${join(out, '/')}`, 'next, one after another:', ...next.map((one) => `  ${one}`)];
}
