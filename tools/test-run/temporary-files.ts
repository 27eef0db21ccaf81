import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const NEEDED_BYTES = 4 * 1024 ** 3;

/** One folder for what all tests keep. */
export interface TemporaryFiles {
  readonly folder: string;
  /** From then on the folder stays when this process ends. */
  keep(): void;
}

/**
 * Gives all tests one folder for what they keep, which goes with this process: in memory where the system lends room for it,
 * for an install waits for the disk at every commit, and no test takes the power away. Where TMPDIR is set it is made there.
 */
export function keepFilesTogether(): TemporaryFiles {
  const place = process.env['TMPDIR'] === undefined && isRoomy() ? MEMORY : tmpdir();
  // Short: the address of a socket has room for a hundred characters.
  const folder = mkdtempSync(join(place, 'mw-'));
  // The user of a database server has to get through.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  let isKept = false;
  process.on('exit', () => {
    if (!isKept) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return { folder, keep: () => void (isKept = true) };
}

/** Room for all that tests keep at once, and programs may be run from there. */
function isRoomy(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[1] === MEMORY);
    return bavail * bsize >= NEEDED_BYTES && mount !== undefined && !/[ ,]noexec[ ,]/u.test(mount);
  } catch {
    return false;
  }
}
