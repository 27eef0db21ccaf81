import type { StoredDocument } from '../core/document-store.ts';
import type { Document } from '../document/document.ts';
import type { DocumentChange } from './administration.ts';
import { readFiles } from './check.ts';

/** What tells one document of a set from all others. */
export function documentKey({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind} ${name}`;
}

/**
 * The documents read out of their texts. A file may hold several: each is stored with the whole text, and found in it by
 * its name.
 */
export function readStored(documents: readonly StoredDocument[]): Document[] {
  return [...readStoredFiles(documents).documents];
}

/** The same, with every problem that was found in reading them. */
export function readStoredFiles(documents: readonly StoredDocument[]): ReturnType<typeof readFiles> {
  const wanted = new Set(documents.map(documentKey));
  const files = new Map(documents.map(({ file, text }) => [`${file}\n${text}`, { file, text }]));
  const read = readFiles([...files.values()]);
  return { ...read, documents: read.documents.filter((document) => wanted.has(documentKey(document))) };
}

/** What became of each document from one set to another: those that are there now, in their order, then the removed. */
export function compareDocuments(
  before: readonly StoredDocument[],
  after: readonly StoredDocument[],
): DocumentChange[] {
  const old = new Map(before.map((document) => [documentKey(document), document]));
  const now = new Set(after.map(documentKey));
  const changes = after.map((document): DocumentChange => {
    const { kind, name, text } = document;
    const previous = old.get(documentKey(document));
    return { kind, name, change: previous === undefined ? 'added' : previous.text === text ? 'unchanged' : 'changed' };
  });
  const removed = before
    .filter((document) => !now.has(documentKey(document)))
    .map(({ kind, name }): DocumentChange => ({ kind, name, change: 'removed' }));
  return [...changes, ...removed];
}
