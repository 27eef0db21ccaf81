import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Diagnostic, hasErrors, renderDiagnostic } from '../core/diagnostic.ts';
import { MapwrightError, messageOf } from '../core/error.ts';
import { decodeXml } from '../xml/decode.ts';
import type { Administration, SourceFile } from './administration.ts';
import { withDescribedFiles } from './described-sources.ts';

/** The documents have errors, and nothing was changed: `message` has each with its place, `diagnostics` as data. */
export class DocumentsInvalidError extends MapwrightError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[]) {
    super('DOCUMENTS_INVALID', describe(diagnostics, sources), { hint: 'nothing was applied; correct the documents' });
    this.name = 'DocumentsInvalidError';
    this.diagnostics = diagnostics;
  }
}

const MOST_SHOWN = 10;

/**
 * Makes these the documents in force, all of them and no others. Gives what is worth a warning.
 * @param given documents as texts, or a folder of *.xml
 */
export async function applyDocuments(
  administration: Pick<Administration, 'apply'>,
  given: string | readonly SourceFile[],
): Promise<readonly Diagnostic[]> {
  const { sources, diagnostics } =
    typeof given === 'string' ? await readFolder(given) : { sources: given, diagnostics: [] };
  if (hasErrors(diagnostics)) throw new DocumentsInvalidError(diagnostics, sources);
  const report = await administration.apply({ documents: sources, prune: true, dryRun: false, by: 'application' });
  if (hasErrors(report.diagnostics)) throw new DocumentsInvalidError(report.diagnostics, sources);
  return report.diagnostics;
}

/**
 * Every *.xml in the folder and below, hidden folders and node_modules left out, in the order of their names; and the WSDLs
 * that they say lie beside them.
 */
async function readFolder(folder: string): Promise<{ sources: readonly SourceFile[]; diagnostics: Diagnostic[] }> {
  const sources: SourceFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of await filesBelow(folder)) {
    const file = relative(folder, path);
    const decoded = decodeXml(
      await readFile(path).catch((cause: unknown) => Promise.reject(unreadable(folder, cause))),
    );
    if (decoded.problem === undefined) sources.push({ file, text: decoded.text });
    else diagnostics.push({ severity: 'error', file, ...decoded.problem });
  }
  const described = await withDescribedFiles(sources, (file) => readFile(join(folder, file)).catch(() => undefined));
  if (sources.length + diagnostics.length === 0) {
    // An empty folder would take away every document in force: far likelier it is the wrong one.
    throw new MapwrightError('DOCUMENTS_MISSING', `there is no *.xml in ${folder}`, {
      hint: 'name the folder of the documents; relative names start at the working folder of the process',
    });
  }
  return { sources: described.sources, diagnostics: [...diagnostics, ...described.diagnostics] };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) =>
    Promise.reject(unreadable(folder, cause)),
  );
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const isLeftOut = entry.name.startsWith('.') || entry.name === 'node_modules';
    if (entry.isDirectory() && !isLeftOut) files.push(...(await filesBelow(path)));
    else if (!entry.isDirectory() && entry.name.toLowerCase().endsWith('.xml')) files.push(path);
  }
  return files;
}

function unreadable(folder: string, cause: unknown): MapwrightError {
  return new MapwrightError('DOCUMENTS_MISSING', `the documents in ${folder} cannot be read: ${messageOf(cause)}`, {
    hint: 'name the folder of the documents; relative names start at the working folder of the process',
    cause,
  });
}

function describe(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const shown = errors.slice(0, MOST_SHOWN).map((one) => renderDiagnostic(one, texts.get(one.file)));
  const more = errors.length > MOST_SHOWN ? [`and ${errors.length - MOST_SHOWN} more`] : [];
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  return [`the documents have ${count}:`, ...shown, ...more].join('\n');
}
