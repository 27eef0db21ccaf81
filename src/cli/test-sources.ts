import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Shell } from './shell.ts';
import { type GatheredSources, gatherSources } from './source-files.ts';

/** The documents that map tests are run on. */
export interface TestSources extends GatheredSources {
  /** Files whose tests are run; the others were read for the maps in them. */
  readonly named: ReadonlySet<string>;
}

/** Folders that hold documents and their tests where nothing else is said. */
const CUSTOMARY = ['documents', 'tests'];

/**
 * Reads the files and folders of a `test` command, and what stands beside them: a test named by its file finds the map in its
 * folder, and tests in a folder named `tests` find it in `documents` next to that, or in the folder above.
 * Without any path: the folders `documents` and `tests`, or else the working folder.
 */
export async function gatherTestSources(paths: readonly string[], shell: Shell): Promise<TestSources> {
  const asked = paths.length > 0 ? paths : await customaryPaths(shell);
  const own = await gatherSources(asked, shell);
  const named = new Set(own.sources.map(({ file }) => file));
  const known = new Set([...named].map((file) => resolve(shell.workingFolder, file)));
  const beside = new Set<string>();
  for (const path of asked) for (const file of await filesBeside(path, shell)) beside.add(file);
  const extra = [...beside].filter((file) => !known.has(resolve(shell.workingFolder, file)));
  const others = extra.length === 0 ? undefined : await gatherSources(extra, shell);
  return {
    sources: [...own.sources, ...(others?.sources ?? [])],
    // What cannot be read in a file that nobody named is told by the map that is missing then.
    diagnostics: own.diagnostics,
    named,
  };
}

async function customaryPaths(shell: Shell): Promise<readonly string[]> {
  const there = await Promise.all(CUSTOMARY.map((name) => isFolder(resolve(shell.workingFolder, name))));
  const found = CUSTOMARY.filter((_name, index) => there[index]);
  return found.length === 0 ? ['.'] : found;
}

async function filesBeside(path: string, shell: Shell): Promise<readonly string[]> {
  if (path === '-') return [];
  const folder = (await isFolder(resolve(shell.workingFolder, path))) ? path : dirname(path);
  const own = folder === path ? [] : await documentsIn(folder, shell);
  if (basename(resolve(shell.workingFolder, folder)) !== 'tests') return own;
  const above = join(folder, '..');
  const documents = join(above, 'documents');
  const found = (await isFolder(resolve(shell.workingFolder, documents))) ? documents : above;
  return [...own, ...(await documentsIn(found, shell))];
}

async function documentsIn(folder: string, shell: Shell): Promise<string[]> {
  const names = await readdir(resolve(shell.workingFolder, folder)).catch(() => []);
  return names
    .filter((name) => name.toLowerCase().endsWith('.xml'))
    .toSorted()
    .map((name) => join(folder, name));
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
