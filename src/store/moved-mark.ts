import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MapwrightError } from '../core/error.ts';

const MARK = 'mapwright.moved';

/** True when the install of the folder lives in another database now. */
export function isMoved(folder: string): boolean {
  return existsSync(join(folder, MARK));
}

/** Marks the folder's install as moved; on the disk when it returns. `to` is said to whoever opens it all the same. */
export function markMoved(folder: string, to: string): void {
  const file = openSync(join(folder, MARK), 'w', 0o600);
  try {
    writeSync(file, `${to}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Takes the mark away. */
export function unmarkMoved(folder: string): void {
  rmSync(join(folder, MARK), { force: true });
}

/** Throws STORE_MOVED: two databases of one install would each make its calls. */
export function requireNotMoved(folder: string): void {
  if (!isMoved(folder)) return;
  const to = readFileSync(join(folder, MARK), 'utf8').trim();
  throw new MapwrightError('STORE_MOVED', `The install in ${folder} was moved to ${to}.`, {
    hint: `Let DATABASE_URL name that database. Was the move interrupted, give mapwright move-to-postgres again. To go on with what is in the folder, remove ${join(folder, MARK)} first.`,
  });
}
