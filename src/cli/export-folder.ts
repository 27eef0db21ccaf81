import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { ExportedFile } from '../runtime/document-export.ts';

/** What became of one file. */
export interface WrittenFile extends Pick<ExportedFile, 'path' | 'documents' | 'leftOut'> {
  readonly outcome: 'written' | 'replaced' | 'unchanged';
}

/**
 * Writes the files into a folder, made when there is none: all of them, or none when one is there already with other
 * contents and `force` is false. A file is replaced whole: one who reads meanwhile sees the old text or the new one.
 * Rejects with CLI_EXPORT_DIFFERS, CLI_EXPORT_OUTSIDE or CLI_FILE_UNWRITABLE.
 */
export async function writeExport(params: {
  readonly folder: string;
  readonly files: readonly ExportedFile[];
  readonly force: boolean;
}): Promise<readonly WrittenFile[]> {
  const { folder, files, force } = params;
  try {
    await mkdir(folder, { recursive: true });
    const outcomes: WrittenFile['outcome'][] = [];
    for (const file of files) outcomes.push(await outcomeOf(folder, file));
    const differing = files.filter((_, index) => outcomes[index] === 'replaced');
    if (differing.length > 0 && !force) throw differs(differing.map(({ path }) => path));
    const written: WrittenFile[] = [];
    for (const [index, { path, documents, leftOut, bytes }] of files.entries()) {
      const outcome = outcomes[index] ?? 'written';
      if (outcome !== 'unchanged') await replaceFile(join(folder, path), bytes);
      written.push({ path, documents, leftOut, outcome });
    }
    return written;
  } catch (thrown) {
    if (thrown instanceof MapwrightError) throw thrown;
    throw new MapwrightError('CLI_FILE_UNWRITABLE', `the documents cannot be written: ${messageOf(thrown)}`, {
      hint: 'name a folder that this user may write',
      cause: thrown,
    });
  }
}

async function outcomeOf(folder: string, file: ExportedFile): Promise<WrittenFile['outcome']> {
  const target = join(folder, file.path);
  await requireInside(folder, target);
  const found = await lstat(target).catch(() => undefined);
  if (found === undefined) return 'written';
  // A link is never written through: what it points at may be anywhere.
  if (!found.isFile()) return 'replaced';
  return Buffer.compare(await readFile(target), file.bytes) === 0 ? 'unchanged' : 'replaced';
}

/** A folder inside may be a link to one outside. */
async function requireInside(folder: string, target: string): Promise<void> {
  const root = await realpath(folder);
  const deepest = await existingFolder(dirname(target));
  const way = relative(root, await realpath(deepest));
  if (way !== '..' && !way.startsWith(`..${sep}`)) return;
  throw new MapwrightError('CLI_EXPORT_OUTSIDE', `${target} would be written outside of ${folder}`, {
    hint: `${deepest} is a link to another place: remove it, or export into another folder`,
  });
}

async function existingFolder(path: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  return found === undefined && dirname(path) !== path ? existingFolder(dirname(path)) : path;
}

async function replaceFile(target: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${randomUUID().slice(0, 8)}.new`;
  try {
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

function differs(paths: readonly string[]): MapwrightError {
  const shown = paths.slice(0, 5).join(', ');
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  return new MapwrightError('CLI_EXPORT_DIFFERS', `files are there already, and differ: ${shown}${more}`, {
    hint: 'nothing was written; export into an empty folder and compare, or replace them with --force',
  });
}
