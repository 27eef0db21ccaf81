import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const CHILD = join(import.meta.dirname, 'crash-child.ts');
const LONGEST_LIFE_MS = 240_000;

/** What a process told before it died, or ended. */
export interface CrashPlaces {
  /** Names of the acts that were answered. */
  readonly answered: readonly string[];
  /** The places passed, in order; the last one is where it died. */
  readonly places: readonly string[];
  readonly hasCrashed: boolean;
  readonly faults: readonly string[];
}

/** Runs `crash-child.ts` with these words until it ends, however it does. Rejects when it fails. */
export async function firstLife(words: readonly string[]): Promise<CrashPlaces> {
  const env = { NODE_COMPILE_CACHE: join(tmpdir(), 'mapwright-crash-points-cache'), ...process.env };
  const child = spawn(process.execPath, [CHILD, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let isLate = false;
  const tooLong = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, LONGEST_LIFE_MS);
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  clearTimeout(tooLong);
  if (isLate || (code !== 0 && signal !== 'SIGKILL')) {
    throw new Error(
      `a process ${isLate ? 'never ended' : `ended with ${signal ?? code}`}: ${output.slice(-500)}${errors}`,
    );
  }
  const lines = output.split('\n');
  return {
    answered: lines.flatMap((line) => /^answered (.+)$/u.exec(line)?.[1] ?? []),
    places: lines.flatMap((line) => /^at \d+ (.+)$/u.exec(line)?.[1] ?? []),
    hasCrashed: signal === 'SIGKILL',
    faults: errors.split('\n').filter((line) => line !== ''),
  };
}
