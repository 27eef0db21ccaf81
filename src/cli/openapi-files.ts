import { readFile } from 'node:fs/promises';
import { dirname, posix, resolve } from 'node:path';
import type { Json } from '../core/json.ts';
import type { OpenApiSource } from '../import/openapi/import-openapi.ts';
import { readDescription, readStructured } from '../import/openapi/read-description.ts';
import { filesNamed, withReferencesFrom } from '../import/openapi/references.ts';
import type { CommandRunner, GlobalOptions } from './command-runner.ts';
import { isAddress, readInput } from './description-source.ts';

const MOST_FILES = 2_000;

/**
 * Reads a description (`-`: standard input) and the files that it refers to, in its folder and below it; those that are not
 * there, or lie elsewhere, are left out and told when they are needed. Rejects with what `readInput` rejects with,
 * IMPORT_OPENAPI_UNREADABLE, IMPORT_OPENAPI_UNKNOWN or IMPORT_OPENAPI_VERSION.
 */
export async function readOpenApiFiles(
  file: string,
  options: GlobalOptions,
  runner: CommandRunner,
): Promise<OpenApiSource> {
  const root = readDescription(await readInput(file, options, runner), file);
  const named = filesNamed(root);
  if (file === '-' || isAddress(file) || named.size === 0) return { root, files: new Map() };
  const folder = dirname(resolve(runner.shell.workingFolder, file));
  const files = new Map<string, Json>();
  const left = [...named].map((one) => posix.normalize(one));
  for (let path = left.pop(); path !== undefined && files.size < MOST_FILES; path = left.pop()) {
    if (files.has(path) || isOutside(path)) continue;
    const text = await readFile(resolve(folder, path), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const value = readStructured(text, path);
    const own = path;
    const from = (other: string): string => posix.normalize(posix.join(posix.dirname(own), other));
    left.push(...[...filesNamed(value)].map(from));
    files.set(path, withReferencesFrom(value, path, from));
  }
  const moved = withReferencesFrom(root, '', (one) => posix.normalize(one));
  return { root: moved as OpenApiSource['root'], files };
}

/** A description is no reason to read what lies beside its folder. */
function isOutside(path: string): boolean {
  return path.startsWith('..') || path.startsWith('/') || path.includes('\\') || path.includes('\0');
}
