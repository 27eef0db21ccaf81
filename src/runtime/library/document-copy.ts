import type { Range } from '../../core/diagnostic.ts';
import type { StoredDocument } from '../../core/document-store.ts';
import { MapwrightError } from '../../core/error.ts';
import type { Document } from '../../document/document.ts';
import { readDocuments } from '../../document/read-documents.ts';
import { parseXml } from '../../xml/parse.ts';
import type { SourceFile } from '../administration.ts';
import { exportFiles } from '../document-export.ts';

const NAME = /^[A-Za-z][A-Za-z0-9._-]*$/u;
const LONGEST_NAME = 100;

/**
 * The file that makes a copy of the document under another name: its own text, without what else stands in its file.
 * Throws DOCUMENT_NAME_INVALID, DOCUMENT_NOT_COPIED.
 */
export function copyOf(document: StoredDocument, to: string): SourceFile {
  checkDocumentName(to);
  const text = exportFiles([document])[0]?.text ?? document.text;
  const folder = document.file.includes('/') ? `${document.file.slice(0, document.file.lastIndexOf('/'))}/` : '';
  const file = `${folder}${to}.xml`;
  const original = readDocuments({ file: document.file, text }).documents.find(
    ({ kind, name }) => kind === document.kind && name === document.name,
  );
  if (original === undefined) throw notCopied(document);
  const renamed = withName(text, original, to);
  const copies = readDocuments({ file, text: renamed }).documents;
  if (copies.length !== 1 || copies[0]?.kind !== document.kind || copies[0].name !== to) throw notCopied(document);
  return { file, text: renamed };
}

/** A copy of a workflow is switched off: both would answer to the same changes. */
function withName(text: string, original: Document, to: string): string {
  const { start, end } = original.nameAt.range;
  const before = text.slice(0, start.offset);
  // A coreBOS document is named by its file.
  if (!/\sname\s*=\s*["']$/u.test(before)) return text;
  const after = text.slice(end.offset);
  if (original.kind !== 'workflow' || !original.active) return before + to + after;
  const active = activeAt(text, start.offset);
  if (active === undefined) return `${before}${to}${after.slice(0, 1)} active="false"${after.slice(1)}`;
  const edits = [
    { from: start.offset, until: end.offset, put: to },
    { from: active.start.offset, until: active.end.offset, put: 'false' },
  ];
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((rest, { from, until, put }) => rest.slice(0, from) + put + rest.slice(until), text);
}

/** Where the workflow, whose name stands at the offset, says in so many words that it is active. */
function activeAt(text: string, nameAt: number): Range | undefined {
  const { root } = parseXml(text);
  const elements = root === undefined ? [] : [root, ...root.children];
  const own = elements.find(({ attributes }) => attributes.get('name')?.source.range.start.offset === nameAt);
  return own?.attributes.get('active')?.source.range;
}

/** Throws DOCUMENT_NAME_INVALID. */
export function checkDocumentName(name: string): void {
  if (NAME.test(name) && name.length <= LONGEST_NAME) return;
  throw new MapwrightError('DOCUMENT_NAME_INVALID', `"${name.slice(0, LONGEST_NAME)}" is no name of a document`, {
    hint: 'a letter first, then letters, digits, dot, hyphen and underscore',
  });
}

function notCopied({ kind, name }: StoredDocument): MapwrightError {
  return new MapwrightError('DOCUMENT_NOT_COPIED', `the name of ${kind} "${name}" cannot be changed in its text`, {
    hint: 'export it, change its name by hand, and apply the file',
  });
}
