import type { Clock } from '../core/clock.ts';
import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import type { DocumentStore, StoredDocument } from '../core/document-store.ts';
import { MapwrightError } from '../core/error.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { SecretStore, SettingStore } from '../core/secret-store.ts';
import { type Catalog, type StoredNames, compileCatalog } from '../catalog/catalog.ts';
import type { Document } from '../document/document.ts';
import type { ApplyReport, CheckReport, DocumentChange, SourceFile } from './administration.ts';
import { countKinds, joinDiagnostics, readFiles } from './check.ts';

/** Revisions that stay compiled besides the one in force. */
const MAX_COMPILED = 16;

/** The documents of one install: the revision in force, older ones that runs keep to, and how a new one is made. */
export interface DocumentLibrary {
  /** The catalog in force. */
  current(): Catalog;
  /** The modules in force. */
  modules(): ReadonlyMap<string, ModuleDefinition>;
  /** A revision, compiled; undefined when it is not stored. */
  at(revision: number): Promise<Catalog | undefined>;
  /** Checks the files together with the documents in force that they do not replace. */
  check(sources: readonly SourceFile[]): Promise<CheckReport>;
  /** The catalog that the files would make together with the documents in force. */
  draft(sources: readonly SourceFile[]): Promise<{ catalog: Catalog; diagnostics: readonly Diagnostic[] }>;
  apply(params: {
    readonly sources: readonly SourceFile[];
    readonly prune: boolean;
    readonly dryRun: boolean;
    readonly by: string;
  }): Promise<ApplyReport>;
}

interface Parts {
  readonly store: DocumentStore;
  readonly settings: Pick<SettingStore, 'all'>;
  readonly secrets: Pick<SecretStore, 'list'>;
  readonly records: RecordStore;
  readonly clock: Clock;
}

/** Opens the library on the newest revision; its modules' tables are made ready. */
export async function openDocumentLibrary(parts: Parts): Promise<DocumentLibrary> {
  const library = new StoredLibrary(parts);
  await library.load();
  return library;
}

class StoredLibrary implements DocumentLibrary {
  readonly #parts: Parts;
  readonly #compiled = new Map<number, Promise<Catalog | undefined>>();
  #current: Catalog = compileCatalog([], 0).catalog;
  #documents: readonly StoredDocument[] = [];
  /** Applies go one at a time: each builds on the revision before. */
  #applying: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async load(): Promise<void> {
    const head = await this.#parts.store.head();
    const revision = head === 0 ? undefined : await this.#parts.store.revision(head);
    if (revision === undefined) return;
    this.#documents = revision.documents;
    this.#current = compileStored(revision.documents, head);
    await this.#parts.records.prepareModules([...this.#current.modules.values()]);
  }

  current(): Catalog {
    return this.#current;
  }

  modules(): ReadonlyMap<string, ModuleDefinition> {
    return this.#current.modules;
  }

  async at(revision: number): Promise<Catalog | undefined> {
    if (revision === this.#current.revision) return this.#current;
    const known = this.#compiled.get(revision);
    if (known !== undefined) return known;
    const loading = this.#parts.store
      .revision(revision)
      .then((stored) => stored && compileStored(stored.documents, revision));
    this.#compiled.set(revision, loading);
    // A database that failed once may answer the next time.
    loading.catch(() => this.#compiled.delete(revision));
    const oldest = this.#compiled.keys().next().value;
    if (this.#compiled.size > MAX_COMPILED && oldest !== undefined) this.#compiled.delete(oldest);
    return loading;
  }

  async check(sources: readonly SourceFile[]): Promise<CheckReport> {
    const { given, diagnostics } = await this.#draft(sources, false);
    return { counts: countKinds(given), diagnostics };
  }

  async draft(sources: readonly SourceFile[]): Promise<{ catalog: Catalog; diagnostics: readonly Diagnostic[] }> {
    const { catalog, diagnostics } = await this.#draft(sources, false);
    return { catalog, diagnostics };
  }

  apply(params: Parameters<DocumentLibrary['apply']>[0]): Promise<ApplyReport> {
    const applied = this.#applying.then(() => this.#apply(params));
    this.#applying = applied.catch(() => undefined);
    return applied;
  }

  async #apply(params: Parameters<DocumentLibrary['apply']>[0]): Promise<ApplyReport> {
    const { sources, prune, dryRun, by } = params;
    const { documents, diagnostics, catalog } = await this.#draft(sources, prune);
    const changes = compareDocuments(this.#documents, documents);
    const revision = this.#current.revision;
    const differs = changes.some(({ change }) => change !== 'unchanged');
    if (hasErrors(diagnostics) || dryRun || !differs) return { revision, stored: false, changes, diagnostics };
    // The tables first: a column too many harms nobody, a revision whose table is missing would.
    await this.#parts.records.prepareModules([...catalog.modules.values()]);
    const at = this.#parts.clock.now();
    const saved = await this.#parts.store.save({ documents, by, at, basedOn: revision });
    if (saved === undefined) {
      throw new MapwrightError('DOCUMENTS_CHANGED', 'the documents were changed by somebody else meanwhile', {
        hint: 'apply again',
        retryable: true,
      });
    }
    this.#documents = documents;
    this.#current = { ...catalog, revision: saved };
    return { revision: saved, stored: true, changes, diagnostics };
  }

  async #storedNames(): Promise<StoredNames> {
    const { settings, secrets } = this.#parts;
    return {
      settings: new Set(Object.keys(await settings.all())),
      secrets: new Set((await secrets.list()).map(({ name }) => name)),
    };
  }

  /** The given files over the documents in force. */
  async #draft(sources: readonly SourceFile[], prune: boolean): Promise<Draft> {
    const given = readFiles(sources);
    const texts = new Map(sources.map((source) => [source.file, source.text]));
    const replacing = given.documents.map((document) => storedDocument(document, texts.get(document.file) ?? ''));
    const names = new Set(replacing.map(keyOf));
    const kept = prune ? [] : this.#documents.filter((document) => !names.has(keyOf(document)));
    const keptRead = readStored(kept);
    const compiled = compileCatalog([...given.documents, ...keptRead], 0, await this.#storedNames());
    return {
      given: given.documents,
      documents: [...replacing, ...kept].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
      diagnostics: joinDiagnostics(given.diagnostics, compiled.diagnostics),
      catalog: compiled.catalog,
    };
  }
}

interface Draft {
  readonly given: readonly Document[];
  readonly documents: readonly StoredDocument[];
  readonly diagnostics: readonly Diagnostic[];
  readonly catalog: Catalog;
}

function keyOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind} ${name}`;
}

function storedDocument({ kind, name, file }: Document, text: string): StoredDocument {
  return { kind, name, file, text };
}

/** A file may hold several documents: each is stored with the whole text, and read out of it by its name. */
function readStored(documents: readonly StoredDocument[]): Document[] {
  const wanted = new Set(documents.map(keyOf));
  const files = new Map(documents.map(({ file, text }) => [`${file}\n${text}`, { file, text }]));
  return readFiles([...files.values()]).documents.filter((document) => wanted.has(keyOf(document)));
}

function compileStored(documents: readonly StoredDocument[], revision: number): Catalog {
  return compileCatalog(readStored(documents), revision).catalog;
}

function compareDocuments(before: readonly StoredDocument[], after: readonly StoredDocument[]): DocumentChange[] {
  const old = new Map(before.map((document) => [keyOf(document), document]));
  const now = new Set(after.map(keyOf));
  const changes = after.map((document): DocumentChange => {
    const { kind, name, text } = document;
    const previous = old.get(keyOf(document));
    return { kind, name, change: previous === undefined ? 'added' : previous.text === text ? 'unchanged' : 'changed' };
  });
  const removed = before
    .filter((document) => !now.has(keyOf(document)))
    .map(({ kind, name }): DocumentChange => ({ kind, name, change: 'removed' }));
  return [...changes, ...removed];
}
