import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeExport } from './export-folder.ts';
import { diffLines } from './line-diff.ts';
import { fold, printable } from './text-layout.ts';
import { PAGE_WIDTH } from './table.ts';
import { renderHunk } from './views/plan-report.ts';

/** A document to be written: where below the folder, with `/`, and its text. */
export interface DocumentFile {
  readonly path: string;
  readonly text: string;
}

/** What becomes of a document's file. `differs`: it is there with another text, and stays. */
export interface DocumentFileOutcome {
  readonly path: string;
  readonly outcome: 'written' | 'replaced' | 'unchanged' | 'differs';
  /** What it holds now, where that is another text. */
  readonly before?: string;
}

/**
 * Writes documents into a folder, made when there is none: all of them, or none when one is there already with another text
 * and `overwrite` is false. With `dryRun` nothing is written, and the answer is the same.
 * Rejects with CLI_EXPORT_OUTSIDE or CLI_FILE_UNWRITABLE.
 */
export async function writeDocumentFiles(params: {
  readonly folder: string;
  readonly files: readonly DocumentFile[];
  readonly overwrite: boolean;
  readonly dryRun: boolean;
}): Promise<readonly DocumentFileOutcome[]> {
  const { folder, files, overwrite, dryRun } = params;
  const outcomes: DocumentFileOutcome[] = [];
  for (const { path, text } of files) {
    const before = await readFile(join(folder, path), 'utf8').catch(() => undefined);
    if (before === undefined) outcomes.push({ path, outcome: 'written' });
    else if (before === text) outcomes.push({ path, outcome: 'unchanged' });
    else outcomes.push({ path, outcome: overwrite ? 'replaced' : 'differs', before });
  }
  if (!dryRun && !outcomes.some(({ outcome }) => outcome === 'differs')) {
    const exported = files.map(({ path, text }) => ({
      path,
      text,
      documents: [],
      leftOut: [],
      bytes: Buffer.from(text),
    }));
    // A file that cannot be read counts as new above: writing it is refused then, unless it was to be replaced.
    await writeExport({ folder, files: exported, force: overwrite });
  }
  return outcomes;
}

/** The lines that differ in files which are there, and what to do about it. */
export function renderDifferences(
  outcomes: readonly DocumentFileOutcome[],
  params: { readonly files: readonly DocumentFile[]; readonly colours: boolean },
): string[] {
  const texts = new Map(params.files.map(({ path, text }) => [path, text]));
  return outcomes.flatMap(({ path, before }) => {
    if (before === undefined) return [];
    const diff = diffLines(before, texts.get(path) ?? '');
    const hunks = diff.kind === 'hunks' ? diff.hunks.flatMap((hunk) => renderHunk(hunk, params.colours)) : [];
    const other = diff.kind === 'too-long' ? ['    too long to compare'] : ['    only the ends of lines differ'];
    return [...fold(`~ ${printable(path)}`, PAGE_WIDTH), ...(diff.kind === 'hunks' ? hunks : other)];
  });
}
