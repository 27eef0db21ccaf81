import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../test/store/postgres-server.ts', import.meta.url));

/**
 * One PostgreSQL server for all files that work on databases of their own in one: to make one takes seconds of both
 * processors. Undefined where each may as well start its own. It ends with its standard input.
 */
export async function shareDatabase(
  files: readonly string[],
): Promise<ChildProcessByStdio<Writable, Readable, null> | undefined> {
  const users = files.filter((file) => /postgres-(?:cluster|install)/u.test(readFileSync(file, 'utf8')));
  if (users.length < 2 || process.env['MAPWRIGHT_TEST_POSTGRES'] !== undefined) return undefined;
  // No test takes the power away, and whoever is killed here is not the server.
  const child = spawn(process.execPath, [PROGRAM, 'fsync=off', 'full_page_writes=off'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [])]);
  // Without one each file starts its own, and says what is wrong.
  if (said === undefined) return undefined;
  process.env['MAPWRIGHT_TEST_POSTGRES'] = String(Number(String(said)));
  return child;
}
