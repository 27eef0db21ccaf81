import type { DocumentName, DocumentOrigin, DocumentStore, StoredDocument } from '../../core/document-store.ts';
import { inSlices } from '../../core/in-slices.ts';
import type { Document } from '../../document/document.ts';
import type { PackDocument } from '../../document/pack.ts';
import { documentKey } from '../document-set.ts';
import { analyse, type AnalysedSet, type ReadSet, readSet } from './analysed-set.ts';
import { typeOf, weaknessesOf } from './document-facts.ts';
import type { LibraryEntry, LibraryFilter } from './library-administration.ts';
import { matchesWords } from './search-words.ts';

/** The documents of one revision as people look at them. */
export interface LibraryIndex {
  readonly revision: number;
  readonly stored: ReadonlyMap<string, StoredDocument>;
  /** Compiled when somebody asks for it first: lists and searches do without. */
  readonly set: AnalysedSet;
  /** By kind and name. */
  readonly entries: readonly LibraryEntry[];
  readonly packs: ReadonlyMap<string, PackDocument>;
}

interface Parts {
  readonly library: { readonly documents: () => readonly StoredDocument[] };
  readonly store: Pick<DocumentStore, 'origins'>;
  readonly current: () => { readonly revision: number; readonly broken?: ReadonlyMap<string, string> | undefined };
}

/** Gives the index of the revision in force: made when somebody asks, and kept until another revision is in force. */
export function createLibraryIndex(parts: Parts): () => Promise<LibraryIndex> {
  let known: { readonly revision: number; readonly index: Promise<LibraryIndex> } | undefined;
  return () => {
    const { revision } = parts.current();
    if (known?.revision !== revision) {
      const index = makeIndex(parts, revision);
      known = { revision, index };
      // A database that failed once may answer the next time.
      index.catch(() => (known = undefined));
    }
    return known.index;
  };
}

/** The entries that the filter finds. */
export function foundEntries(index: LibraryIndex, { kind, service, search }: LibraryFilter): readonly LibraryEntry[] {
  return index.entries.filter(
    (entry) =>
      (kind === undefined || entry.kind === kind) &&
      (service === undefined || entry.service === service) &&
      (search === undefined || matchesWords(search, wordsOf(entry))),
  );
}

function wordsOf({ kind, type, name, label, description, service }: LibraryEntry): (string | undefined)[] {
  return [kind, type, name, label, description, service];
}

async function makeIndex({ library, store, current }: Parts, revision: number): Promise<LibraryIndex> {
  const stored = library.documents();
  const { broken } = current();
  const [origins, read] = await Promise.all([
    revision === 0 ? [] : store.origins(revision),
    inSlices(readSet(stored), stored.length),
  ]);
  const packs = packsIn(read);
  const facts = {
    read,
    broken,
    origins: new Map(origins.map((origin) => [documentKey(origin), origin])),
    packs: packNames(packs),
  };
  const entries = stored.map((document) => entryOf(document, facts));
  let set: AnalysedSet | undefined;
  return {
    revision,
    stored: read.stored,
    get set() {
      return (set ??= analyse(read));
    },
    packs,
    entries: entries.toSorted((a, b) => (entryKey(a) < entryKey(b) ? -1 : 1)),
  };
}

/** What the order of a list and its pages go by. */
export function entryKey(one: DocumentName): string {
  return documentKey(one);
}

interface EntryFacts {
  readonly read: ReadSet;
  readonly broken: ReadonlyMap<string, string> | undefined;
  readonly origins: ReadonlyMap<string, DocumentOrigin>;
  readonly packs: ReadonlyMap<string, string>;
}

function entryOf({ kind, name }: StoredDocument, { read, broken, origins, packs }: EntryFacts): LibraryEntry {
  const key = documentKey({ kind, name });
  const document = read.documents.get(key);
  const origin = origins.get(key);
  return {
    kind,
    name,
    type: document === undefined ? '' : typeOf(document),
    label: document?.label,
    description: document?.description,
    author: document?.author,
    service: document?.kind === 'map' ? document.service?.value : undefined,
    pack: packs.get(key),
    changed: origin && { revision: origin.since, at: origin.at, by: origin.by },
    problem: broken?.get(key),
    weaknesses: document === undefined ? [] : allWeaknesses(document, read),
  };
}

/** Of a map also those of its service. */
function allWeaknesses(document: Document, { documents }: ReadSet): readonly string[] {
  const service = document.kind === 'map' && document.service && documents.get(`service ${document.service.value}`);
  return [...weaknessesOf(document), ...(service ? weaknessesOf(service) : [])];
}

function packsIn({ documents }: ReadSet): ReadonlyMap<string, PackDocument> {
  const packs = [...documents.values()].filter((document) => document.kind === 'pack');
  return new Map(packs.map((pack) => [pack.name, pack]));
}

function packNames(packs: ReadonlyMap<string, PackDocument>): ReadonlyMap<string, string> {
  return new Map([...packs.values()].flatMap((pack) => pack.documents.map((one) => [documentKey(one), pack.name])));
}
