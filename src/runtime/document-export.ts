import type { StoredDocument } from '../core/document-store.ts';
import type { Document } from '../document/document.ts';
import { readDocuments } from '../document/read-documents.ts';
import { parseXml } from '../xml/parse.ts';
import { declaredEncoding } from '../xml/prolog.ts';
import { documentKey } from './document-set.ts';
import { FilePaths, fromCommonFolder, safePath } from './export-path.ts';

/** One file to write. */
export interface ExportedFile {
  /** Relative, with `/` between folders; nothing in it leads out of the folder it is put into. */
  readonly path: string;
  readonly text: string;
  readonly bytes: Uint8Array;
  /** The documents it holds: `map order-send`. */
  readonly documents: readonly string[];
  /** Documents that stood in the applied file and are not in force from it: they were cut out. */
  readonly leftOut: readonly string[];
}

/**
 * The files that give these documents when they are applied: each text as it was applied, several documents of one file
 * as that file. Folders that all files have in common are left out.
 */
export function exportFiles(given: readonly StoredDocument[]): ExportedFile[] {
  const documents = given.some(({ kind }) => kind === 'wsdl') ? besideEachOther(given) : given;
  const groups = Map.groupBy(documents, ({ file, text }) => `${file}\n${text}`);
  const contents = [...groups.values()].flatMap(contentOf);
  // A text that is whole keeps its name; what is left of an older text of the same file gets one of its own.
  const ordered = contents.toSorted((a, b) => a.leftOut.length - b.leftOut.length);
  const paths = new FilePaths(ordered.map(pathOf));
  const files = ordered.map((content, index): ExportedFile => {
    const { text, leftOut, held } = content;
    const path = paths.take(index, held.map(({ kind, name }) => `${kind}-${name}`)[0] ?? 'document');
    return { path, text, bytes: encode(text), documents: held.map(documentKey), leftOut };
  });
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Descriptions are found by where they lie from the documents that name them. */
function besideEachOther(documents: readonly StoredDocument[]): StoredDocument[] {
  const files = fromCommonFolder(documents.map(({ file }) => file));
  return documents.map((document, index) => ({ ...document, file: files[index] ?? document.file }));
}

/** What came from standard input has no file: it is named after its first document. */
function pathOf({ file, held }: Content): readonly string[] {
  return safePath(file === '-' ? `${held[0]?.name}.xml` : file);
}

interface Content {
  readonly file: string;
  readonly text: string;
  readonly held: readonly StoredDocument[];
  readonly leftOut: readonly string[];
}

function contentOf(held: readonly StoredDocument[]): Content[] {
  const [first] = held;
  if (first === undefined) return [];
  const { file, text } = first;
  const inForce = new Set(held.map(documentKey));
  // Tests of maps are in force nowhere; they stay where they stand.
  const others = readDocuments({ file, text }).documents.filter(
    (document) => document.kind !== 'map-test' && !inForce.has(documentKey(document)),
  );
  return [{ file, text: cutOut(text, others), held, leftOut: others.map(documentKey) }];
}

/** The text without the elements of these documents and the blanks before them; all else stays as it is. */
function cutOut(text: string, documents: readonly Document[]): string {
  const children = parseXml(text).root?.children ?? [];
  const ranges = documents.flatMap(({ nameAt }) => {
    const at = nameAt.range.start.offset;
    return children.find(({ range }) => range.start.offset <= at && at < range.end.offset)?.range ?? [];
  });
  return ranges
    .toSorted((a, b) => b.start.offset - a.start.offset)
    .reduce((rest, { start, end }) => rest.slice(0, start.offset).trimEnd() + rest.slice(end.offset), text);
}

/** UTF-8, unless the text itself declares that its file is UTF-16, which is told by a byte order mark. */
function encode(text: string): Uint8Array {
  const declared = declaredEncoding(text);
  if (declared === undefined || !declared.startsWith('utf-16')) return Buffer.from(text, 'utf8');
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return declared === 'utf-16be' ? bytes.swap16() : bytes;
}
