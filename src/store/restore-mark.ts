import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MapwrightError } from '../core/error.ts';

const MARK = 'mapwright.restoring';

/** Says that the folder's database is being replaced; on the disk when it returns. `aside` is where the old one goes. */
export function markRestoring(folder: string, aside: string): void {
  const file = openSync(join(folder, MARK), 'w', 0o600);
  try {
    writeSync(file, `${aside}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Where an interrupted restore put the old database, or part of it; undefined when none was interrupted. */
export function interruptedRestore(folder: string): string | undefined {
  const file = join(folder, MARK);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

export function unmarkRestoring(folder: string): void {
  rmSync(join(folder, MARK), { force: true });
}

/** Throws STORE_RESTORING: what lies in the folder may be neither the old database nor the new one. */
export function requireNotRestoring(folder: string): void {
  const aside = interruptedRestore(folder);
  if (aside === undefined) return;
  throw new MapwrightError('STORE_RESTORING', `A restore in ${folder} was interrupted.`, {
    hint: `Give mapwright restore again, with the same backup or another one. What was there is in ${join(folder, aside)}.`,
  });
}
