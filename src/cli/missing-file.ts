import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MapwrightError, messageOf } from '../core/error.ts';
import { nearest } from '../core/suggestion.ts';

/** The error for a file that could not be read: CLI_FILE_MISSING with the nearest name there is, or CLI_FILE_UNREADABLE. */
export async function missingFile(params: {
  readonly file: string;
  readonly workingFolder: string;
  readonly thrown: unknown;
}): Promise<MapwrightError> {
  const { file, workingFolder, thrown } = params;
  if (!(thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR'))) {
    return new MapwrightError('CLI_FILE_UNREADABLE', `${file} cannot be read: ${messageOf(thrown)}`, {
      hint: 'name a file that this user may read',
      cause: thrown,
    });
  }
  const siblings = await readdir(dirname(resolve(workingFolder, file))).catch(() => []);
  const near = nearest(basename(file), siblings);
  return new MapwrightError('CLI_FILE_MISSING', `there is no ${file}`, {
    hint: near === undefined ? `names are taken from ${workingFolder}` : `did you mean ${join(dirname(file), near)}?`,
  });
}
