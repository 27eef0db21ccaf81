import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hasErrors } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import type { SourceFile } from '../runtime/administration.ts';
import { readFiles } from '../runtime/check.ts';
import { correctExpectations } from '../runtime/map-test-corrections.ts';
import type { MapTestReport } from '../runtime/map-tests.ts';
import { decodeXml } from '../xml/decode.ts';
import { diffLines } from './line-diff.ts';
import { rewriteFile } from './rewrite-file.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';
import { count } from './views/documents-report.ts';
import { renderHunk } from './views/plan-report.ts';

/** One test file and what became of it. */
export interface TestUpdate {
  readonly file: string;
  /** Differences that only a person can settle. */
  readonly left: number;
  /** The file's name and the lines that differ. */
  readonly lines: readonly string[];
}

/** Writes what happened into the files of failed cases, one after another; gives all sources as they are then. */
export async function updateTests(
  report: MapTestReport,
  { gathered, shell }: { readonly gathered: { readonly sources: readonly SourceFile[] }; readonly shell: Shell },
): Promise<{ readonly updates: readonly TestUpdate[]; readonly sources: readonly SourceFile[] }> {
  const updates: TestUpdate[] = [];
  const sources: SourceFile[] = [];
  for (const source of gathered.sources) {
    const failed = report.cases.filter(({ file, status }) => file === source.file && status === 'failed');
    const corrected = correctExpectations(source.text, failed);
    sources.push({ ...source, text: corrected.text });
    if (failed.length === 0) continue;
    if (corrected.text !== source.text) await write(source, corrected.text, shell);
    updates.push({ file: source.file, left: corrected.left, lines: renderUpdate(source, corrected) });
  }
  return { updates, sources };
}

async function write({ file, text }: SourceFile, corrected: string, shell: Shell): Promise<void> {
  if (file === '-') throw new UsageError('standard input cannot be updated', 'name the file of the tests');
  if (hasErrors(readFiles([{ file, text: corrected }]).diagnostics)) {
    throw new MapwrightError('MAP_TEST_UPDATE', `${file} cannot be updated: it would no longer be a document`, {
      hint: 'correct the expectations by hand',
    });
  }
  const path = resolve(shell.workingFolder, file);
  const before = await readFile(path);
  if (decodeXml(before).text !== text) {
    throw new MapwrightError('CLI_FILE_CHANGED', `${file} was changed while its tests ran; it is left as it is`, {
      hint: 'give the command again',
    });
  }
  await rewriteFile(path, before, corrected);
}

function renderUpdate({ file, text }: SourceFile, corrected: { text: string; left: number }): string[] {
  const diff = diffLines(text, corrected.text);
  const hunks = diff.kind === 'hunks' ? diff.hunks.flatMap((hunk) => renderHunk(hunk, false)) : [];
  const left =
    corrected.left === 0
      ? []
      : [`  ${count(corrected.left, 'difference')} left to you: a secret is in the value, or no map was run`];
  return [`~ ${file}`, ...hunks, ...left, ''];
}
