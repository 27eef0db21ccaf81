import { readFile, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import { didYouMean } from '../core/suggestion.ts';
import { LEGACY_MAP_TYPES, legacyMapType, type LegacyMapType, withMapType } from '../document/corebos/map-type.ts';
import type { SourceFile } from '../runtime/administration.ts';
import { withDescribedFiles } from '../runtime/described-sources.ts';
import { decodeXml } from '../xml/decode.ts';
import { missingFile } from './missing-file.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

/** The documents that a command line names. */
export interface GatheredSources {
  readonly sources: readonly SourceFile[];
  /** About files whose bytes are no text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The path that stands for standard input. */
const STANDARD_INPUT = '-';

/**
 * Reads documents: files as named, folders with every *.xml in and below them (sorted; hidden folders and node_modules
 * left out), `-` standard input. A file named twice is read once. WSDLs that they say lie beside them are read too.
 * With a type, coreBOS maps say that they are of it, also when they are stored.
 * Rejects with CLI_FILE_MISSING, CLI_FILE_UNREADABLE, CLI_USAGE, or CLI_NO_DOCUMENTS for a folder without documents.
 */
export async function gatherSources(paths: readonly string[], shell: Shell, type?: string): Promise<GatheredSources> {
  const forced = type === undefined ? undefined : mapTypeOf(type);
  const files = new Map<string, string>();
  for (const path of paths) {
    for (const file of await filesOf(path, shell)) {
      const key = file === STANDARD_INPUT ? file : resolve(shell.workingFolder, file);
      if (!files.has(key)) files.set(key, file);
    }
  }
  const sources: SourceFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [location, file] of files) {
    const decoded = decodeXml(await readBytes(location, file, shell));
    if (decoded.problem === undefined) {
      const { text } = decoded;
      sources.push({ file, text: forced === undefined ? text : withMapType(text, forced) });
    } else diagnostics.push({ severity: 'error', file, ...decoded.problem });
  }
  const described = await withDescribedFiles(sources, (file) =>
    readFile(resolve(shell.workingFolder, file)).catch(() => undefined),
  );
  return { sources: described.sources, diagnostics: [...diagnostics, ...described.diagnostics] };
}

function mapTypeOf(name: string): LegacyMapType {
  const type = legacyMapType(name);
  if (type !== undefined) return type;
  const hint = didYouMean(name, LEGACY_MAP_TYPES) ?? `there are: ${LEGACY_MAP_TYPES.join(', ')}`;
  throw new UsageError(`"${name}" is no type of coreBOS map`, hint);
}

async function filesOf(path: string, shell: Shell): Promise<readonly string[]> {
  if (path === STANDARD_INPUT) return [path];
  const found = await stat(resolve(shell.workingFolder, path)).catch(async (thrown: unknown) => {
    throw await missingFile({ file: path, workingFolder: shell.workingFolder, thrown });
  });
  if (!found.isDirectory()) return [path];
  const files = await documentsBelow(path, shell.workingFolder);
  if (files.length > 0) return files;
  throw new MapwrightError('CLI_NO_DOCUMENTS', `there is no *.xml in ${path}`, {
    hint: 'name the folder of the documents',
  });
}

/**
 * Every *.xml in a folder and below it, sorted; hidden folders and node_modules left out.
 * Rejects with CLI_FILE_MISSING or CLI_FILE_UNREADABLE.
 */
export async function documentsBelow(folder: string, workingFolder: string): Promise<string[]> {
  const entries = await readdir(resolve(workingFolder, folder), { withFileTypes: true }).catch(
    async (thrown: unknown) => {
      throw await missingFile({ file: folder, workingFolder, thrown });
    },
  );
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules')
        files.push(...(await documentsBelow(path, workingFolder)));
    } else if (entry.name.toLowerCase().endsWith('.xml')) files.push(path);
  }
  return files;
}

async function readBytes(location: string, file: string, shell: Shell): Promise<Buffer> {
  if (location === STANDARD_INPUT) return shell.input.readAll();
  try {
    return await readFile(location);
  } catch (thrown) {
    throw await missingFile({ file, workingFolder: shell.workingFolder, thrown });
  }
}
