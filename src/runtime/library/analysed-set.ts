import type { DocumentName, StoredDocument } from '../../core/document-store.ts';
import { atOnce, type PiecewiseWork } from '../../core/in-slices.ts';
import { type Catalog, compileCatalog } from '../../catalog/catalog.ts';
import { CompiledTexts } from '../../catalog/compiled-texts.ts';
import { DocumentPlaces } from '../../catalog/document-places.ts';
import { type NameUse, NameUses } from '../../catalog/name-uses.ts';
import type { Document } from '../../document/document.ts';
import { readDocuments } from '../../document/read-documents.ts';
import { documentKey } from '../document-set.ts';

/** A problem, and the document that has it. */
export interface OwnedProblem extends DocumentName {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
}

/** Stored documents, and what was read of them. Keys are `map order-send`. */
export interface ReadSet {
  readonly documents: ReadonlyMap<string, Document>;
  readonly stored: ReadonlyMap<string, StoredDocument>;
}

/** A set of stored documents, read, compiled, and who names whom. */
export interface AnalysedSet extends ReadSet {
  readonly catalog: Catalog;
  /** What each document names: documents, settings and secrets. */
  readonly uses: ReadonlyMap<string, readonly NameUse[]>;
  /** The documents that name one. */
  usedBy(named: DocumentName): readonly DocumentName[];
  readonly problems: readonly OwnedProblem[];
  /** The same without some of its documents, for little: neither read nor, most of it, compiled again. */
  without(gone: ReadonlySet<string>): AnalysedSet;
}

/** Reads and compiles a set of documents. Never throws. */
export function analyseSet(stored: readonly StoredDocument[]): AnalysedSet {
  return analyse(atOnce(readSet(stored)));
}

/** Compiles what was read. */
export function analyse(read: ReadSet, texts: CompiledTexts = new CompiledTexts()): AnalysedSet {
  const documents = [...read.documents.values()];
  const uses = new NameUses();
  const { catalog, diagnostics } = compileCatalog(documents, 0, { uses, texts });
  const named = new Map([...uses.byDocument(documents)].map(([document, list]) => [documentKey(document), list]));
  const places = new DocumentPlaces(documents);
  const problems = diagnostics.flatMap(({ severity, code, message, file, range }): OwnedProblem[] => {
    const owner = places.at(file, range.start.offset);
    return owner === undefined ? [] : [{ kind: owner.kind, name: owner.name, severity, code, message }];
  });
  const users = usersOf(documents, named);
  return {
    ...read,
    catalog,
    uses: named,
    usedBy: (one) => users.get(documentKey(one)) ?? [],
    problems,
    without: (gone) =>
      analyse({ documents: withoutKeys(read.documents, gone), stored: withoutKeys(read.stored, gone) }, texts),
  };
}

/**
 * Reads each text under a file name of its own: texts of different times may have the same. The end of the name stays, for
 * coreBOS documents are named by it, and so does where it leads: maps name files beside them.
 */
export function* readSet(stored: readonly StoredDocument[]): PiecewiseWork<ReadSet> {
  const documents = new Map<string, Document>();
  const groups = Map.groupBy(stored, ({ file, text }) => `${file}\n${text}`);
  for (const [index, held] of [...groups.values()].entries()) {
    const [first] = held;
    if (first === undefined) continue;
    const wanted = new Set(held.map(documentKey));
    for (const document of readDocuments({ file: apart(first.file, index), text: first.text }).documents) {
      const key = documentKey(document);
      if (wanted.has(key)) documents.set(key, document);
    }
    yield;
  }
  return { documents, stored: new Map(stored.map((document) => [documentKey(document), document])) };
}

function apart(file: string, index: number): string {
  const folder = /^.*[\\/]/su.exec(file)?.[0] ?? '';
  return `${folder}${index}/../${file.slice(folder.length)}`;
}

function withoutKeys<T>(all: ReadonlyMap<string, T>, gone: ReadonlySet<string>): ReadonlyMap<string, T> {
  return new Map([...all].filter(([key]) => !gone.has(key)));
}

function usersOf(
  documents: readonly Document[],
  named: ReadonlyMap<string, readonly NameUse[]>,
): ReadonlyMap<string, readonly DocumentName[]> {
  const users = new Map<string, DocumentName[]>();
  for (const { kind, name } of documents) {
    for (const use of named.get(documentKey({ kind, name })) ?? []) {
      const known = users.get(documentKey(use));
      if (known === undefined) users.set(documentKey(use), [{ kind, name }]);
      else known.push({ kind, name });
    }
  }
  return users;
}
