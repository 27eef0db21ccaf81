import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);

const DISK_BYTES = 24 * 1024 * 1024;
const BALLAST_PIECE = 64 * 1024;

/** A disk that can be filled up and emptied while a process writes to it. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no room for the process. */
  fill(pid: number): Promise<void>;
  /** Makes room again. */
  free(pid: number): Promise<void>;
}

/**
 * A small file system where this user may mount one; elsewhere a limit on the size of the process's files, which refuses
 * what it writes just as suddenly.
 */
export async function smallDisk(t: TestContext): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-disk-'));
  let isMounted = false;
  t.after(async () => {
    // Whoever still writes there keeps it until he ends.
    if (isMounted) await run('umount', ['-l', folder]);
    await rm(folder, { recursive: true, force: true });
  });
  isMounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder]).then(
    () => true,
    () => false,
  );
  return isMounted ? smallFileSystem(folder) : limitedFiles(folder);
}

function smallFileSystem(folder: string): SmallDisk {
  const ballast = (piece: number): string => join(folder, `ballast-${piece}`);
  let pieces = 0;
  return {
    folder,
    async fill() {
      for (;;) {
        const isWritten = await writeFile(ballast(pieces++), Buffer.alloc(BALLAST_PIECE)).then(
          () => true,
          () => false,
        );
        if (!isWritten) return;
      }
    },
    async free() {
      while (pieces > 0) await rm(ballast(--pieces), { force: true });
    },
  };
}

function limitedFiles(folder: string): SmallDisk {
  const limit = async (pid: number, size: string): Promise<void> => {
    await run('prlimit', ['--pid', String(pid), `--fsize=${size}:`]);
  };
  return { folder, fill: (pid) => limit(pid, '4096'), free: (pid) => limit(pid, 'unlimited') };
}
