import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilePaths, safePath } from '../runtime/export-path.ts';
import { type WrittenFile, writeExport } from './export-folder.ts';

/** A document that is to become a file. */
export interface NewDocument {
  /** The name it should have; folders that all have in common are left out. */
  readonly file: string;
  readonly text: string;
  /** `map order-send` */
  readonly documents: readonly string[];
}

/** A file that is there already with another text. */
export interface DifferingFile {
  readonly path: string;
  readonly documents: readonly string[];
  readonly before: string;
  readonly after: string;
}

/** What became of the files: all written, or none because some differ. */
export interface FolderOutcome {
  /** Relative to the folder, in the order of the documents. */
  readonly paths: readonly string[];
  readonly written: readonly WrittenFile[];
  readonly differing: readonly DifferingFile[];
}

/**
 * Writes documents into a folder, made when there is none. Where files are there with another text, nothing is written
 * unless `overwrite` is true. Rejects as writeExport does.
 */
export async function writeDocuments(params: {
  readonly folder: string;
  readonly documents: readonly NewDocument[];
  readonly overwrite: boolean;
}): Promise<FolderOutcome> {
  const { folder, documents, overwrite } = params;
  const names = new FilePaths(documents.map(({ file }) => safePath(file)));
  const paths = documents.map((document, index) =>
    names.take(index, document.documents[0]?.replace(' ', '-') ?? 'document'),
  );
  const differing: DifferingFile[] = [];
  for (const [index, { text, documents: held }] of documents.entries()) {
    const path = paths[index] ?? '';
    const before = await readFile(join(folder, path), 'utf8').catch(() => undefined);
    if (before !== undefined && before !== text) differing.push({ path, documents: held, before, after: text });
  }
  if (differing.length > 0 && !overwrite) return { paths, written: [], differing };
  const files = documents.map(({ text, documents: held }, index) => ({
    path: paths[index] ?? '',
    text,
    bytes: Buffer.from(text),
    documents: held,
    leftOut: [],
  }));
  return { paths, written: await writeExport({ folder, files, force: overwrite }), differing: [] };
}
