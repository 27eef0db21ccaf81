import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MapwrightError } from '../core/error.ts';
import { isJsonObject } from '../core/json.ts';
import { UsageError } from './usage-error.ts';
import type { Shell } from './shell.ts';

/** Where an install is when nothing else is said. */
export const DEFAULT_FOLDER = './mapwright-data';

/** The file in the temporary folder in which `demo --keep` notes its two installs: `{"A": folder, "B": folder}`. */
export const DEMO_FILE = 'mapwright-demo.json';

/** The options that name an install. */
export interface FolderOptions {
  readonly dir?: string;
  readonly at?: string;
}

/**
 * The folder of the install a command is about, whole: `--dir`, the demo's install `--at`, MAPWRIGHT_DIR, or the default.
 * Rejects with CLI_NO_DEMO when no demo was kept.
 */
export async function installFolder(options: FolderOptions, shell: Shell): Promise<string> {
  if (options.at !== undefined) {
    if (options.dir !== undefined) throw new UsageError('--dir and --at both name an install', 'give one of them');
    return demoFolder(options.at, shell);
  }
  const named = options.dir ?? (shell.environment['MAPWRIGHT_DIR'] || DEFAULT_FOLDER);
  return resolve(shell.workingFolder, named);
}

async function demoFolder(at: string, shell: Shell): Promise<string> {
  const name = at.toUpperCase();
  if (name !== 'A' && name !== 'B') throw new UsageError(`--at knows A and B, not "${at}"`, 'give --at A or --at B');
  const folder = (await readDemoFile(join(shell.temporaryFolder, DEMO_FILE)))[name];
  if (typeof folder === 'string') return folder;
  throw new MapwrightError('CLI_NO_DEMO', 'no demo was kept on this machine', {
    hint: 'leave one running with: mapwright demo --keep',
  });
}

async function readDemoFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const noted: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isJsonObject(noted) ? noted : {};
  } catch {
    return {};
  }
}
