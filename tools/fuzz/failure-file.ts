import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundFailure } from './area.ts';

/** Writes a failure so that it can be replayed and read; gives the file's path. */
export async function saveFailure(folder: string, failure: FoundFailure): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${failure.area}-${failure.seed}-${failure.round}.json`);
  await writeFile(path, `${JSON.stringify(failure, null, 2)}\n`);
  return path;
}

/** A failure that was saved. Rejects when the file is none. */
export async function readFailure(path: string): Promise<FoundFailure> {
  const failure = JSON.parse(await readFile(path, 'utf8')) as Partial<FoundFailure>;
  const { area, seed, round, input } = failure;
  if (typeof area !== 'string' || typeof seed !== 'number' || typeof round !== 'number' || input === undefined)
    throw new Error(`${path} is not the file of a failure`);
  return { kind: 'broken', message: '', ...failure, area, seed, round, input };
}
