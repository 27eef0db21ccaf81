import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { StarterFile } from './starter-files.ts';

/** What became of the files of a new folder. */
export interface StarterOutcome {
  readonly made: readonly string[];
  /** They were there already with the same text, by an earlier call. */
  readonly same: readonly string[];
  /** They were there already with another text, and stayed as they were. */
  readonly kept: readonly string[];
}

/** What may be in a folder to author in besides the documents, without being anybody's work. */
const HARMLESS = ['.git', '.DS_Store', 'node_modules', 'package.json', 'package-lock.json', 'mapwright-data'];
const MAX_NAMED = 6;

/**
 * Puts the files into a folder, made when there is none. Nothing that is there is ever overwritten; without `force` a
 * folder that holds other things is left alone. Called again after it was broken off it makes what is missing.
 * Rejects with CLI_FOLDER_NOT_EMPTY or CLI_FILE_UNWRITABLE.
 */
export async function fillStarterFolder(params: {
  readonly folder: string;
  readonly files: readonly StarterFile[];
  readonly force: boolean;
}): Promise<StarterOutcome> {
  const { folder, files, force } = params;
  try {
    await mkdir(folder, { recursive: true });
    const there = new Map<string, 'same' | 'other'>();
    for (const file of files) {
      const state = await stateOf(folder, file);
      if (state !== undefined) there.set(file.path, state);
    }
    const others = [...(await strangers(folder, files)), ...pathsOf(there, 'other')];
    if (others.length > 0 && !force) throw notEmpty(folder, others);
    const missing = files.filter(({ path }) => !there.has(path));
    for (const { path, text } of missing) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { flag: 'wx' });
    }
    return { made: missing.map(({ path }) => path), same: pathsOf(there, 'same'), kept: pathsOf(there, 'other') };
  } catch (thrown) {
    if (thrown instanceof MapwrightError) throw thrown;
    throw new MapwrightError('CLI_FILE_UNWRITABLE', `${folder} cannot be written: ${messageOf(thrown)}`, {
      hint: 'name a folder that this user may make and write',
      cause: thrown,
    });
  }
}

async function stateOf(folder: string, { path, text }: StarterFile): Promise<'same' | 'other' | undefined> {
  const target = join(folder, path);
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isFile() && (await readFile(target, 'utf8')) === text ? 'same' : 'other';
}

function pathsOf(there: ReadonlyMap<string, 'same' | 'other'>, state: 'same' | 'other'): string[] {
  return [...there].flatMap(([path, one]) => (one === state ? [path] : []));
}

async function strangers(folder: string, files: readonly StarterFile[]): Promise<string[]> {
  const own = new Set([...HARMLESS, ...files.map(({ path }) => path.split('/')[0] ?? path)]);
  return (await readdir(folder)).filter((name) => !own.has(name)).toSorted();
}

function notEmpty(folder: string, others: readonly string[]): MapwrightError {
  const named = others.slice(0, MAX_NAMED).join(', ');
  const more = others.length > MAX_NAMED ? ` and ${others.length - MAX_NAMED} more` : '';
  return new MapwrightError('CLI_FOLDER_NOT_EMPTY', `${folder} holds other things: ${named}${more}`, {
    hint: 'nothing was made; name a new folder, or add what is missing with --force (no file is ever overwritten)',
  });
}
