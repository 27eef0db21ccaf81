import type { Clock } from '../core/clock.ts';
import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import type { DocumentName, DocumentStore, Revision, StoredDocument } from '../core/document-store.ts';
import { MapwrightError } from '../core/error.ts';
import type { Journal } from '../core/journal.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { ModulePreview, RecordStore } from '../core/record-store.ts';
import type { SecretStore, SettingStore } from '../core/secret-store.ts';
import { type Catalog, type StoredNames, compileCatalog } from '../catalog/catalog.ts';
import { describedFiles } from '../document/described-files.ts';
import type { Document } from '../document/document.ts';
import { brokenDocuments } from './broken-documents.ts';
import type { ApplyReport, CheckReport, PlanReport, SourceFile } from './administration.ts';
import { changedWorkflows, countKinds, joinDiagnostics, readFiles, workflowPlans } from './check.ts';
import { changedModules, changedTexts, refusedModules } from './document-plan.ts';
import { compareDocuments, documentKey, readStored, readStoredFiles } from './document-set.ts';
import { testsLeftOut } from './map-test-values.ts';
import { installZone, type Moment, scheduleTimes } from './schedule/schedule-times.ts';

/** Revisions that stay compiled besides the one in force. */
const MAX_COMPILED = 16;

/** The documents of one install: the revision in force, older ones that runs keep to, and how a new one is made. */
export interface DocumentLibrary {
  /** The catalog in force. */
  current(): Catalog;
  /** The modules in force. */
  modules(): ReadonlyMap<string, ModuleDefinition>;
  /** The documents in force; the same list as long as they do not change. */
  documents(): readonly StoredDocument[];
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
    /** Another revision in force is DOCUMENTS_CHANGED. */
    readonly basedOn?: number | undefined;
    /** Documents in force that go, unless they are given. */
    readonly remove?: readonly DocumentName[];
  }): Promise<ApplyReport>;
  /** What `apply` would change. */
  plan(params: {
    readonly sources: readonly SourceFile[];
    readonly prune: boolean;
    readonly remove?: readonly DocumentName[];
  }): Promise<PlanReport>;
  /** A stored revision, or the one in force. Rejects with REVISION_UNKNOWN. */
  revision(number: number | undefined): Promise<Revision>;
  /** Puts into force what another node of the install has applied. */
  refresh(): Promise<void>;
}

interface Parts {
  readonly store: DocumentStore;
  readonly settings: Pick<SettingStore, 'all'>;
  readonly secrets: Pick<SecretStore, 'list'>;
  readonly records: RecordStore;
  readonly journal: Pick<Journal, 'unfinished'>;
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

  documents(): readonly StoredDocument[] {
    return this.#documents;
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
    const { given, catalog, diagnostics } = await this.#draft(sources, false);
    const names = new Set(given.flatMap(({ kind, name }) => (kind === 'workflow' ? [name] : [])));
    return {
      counts: countKinds(given),
      plans: workflowPlans(catalog, names),
      schedules: scheduleTimes(catalog, this.#moment(), names),
      diagnostics,
    };
  }

  async draft(sources: readonly SourceFile[]): Promise<{ catalog: Catalog; diagnostics: readonly Diagnostic[] }> {
    const { catalog, diagnostics } = await this.#draft(sources, false);
    return { catalog, diagnostics };
  }

  apply(params: Parameters<DocumentLibrary['apply']>[0]): Promise<ApplyReport> {
    return this.#inTurn(() => this.#apply(params));
  }

  refresh(): Promise<void> {
    return this.#inTurn(() => this.#refresh());
  }

  #moment(): Moment {
    return { now: this.#parts.clock.now(), timeZone: installZone() };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#applying.then(work);
    this.#applying = done.catch(() => undefined);
    return done;
  }

  async #refresh(): Promise<void> {
    if ((await this.#parts.store.head()) !== this.#current.revision) await this.load();
  }

  async #apply(params: Parameters<DocumentLibrary['apply']>[0]): Promise<ApplyReport> {
    const { sources, prune, dryRun, by, basedOn, remove } = params;
    await this.#refresh();
    if (basedOn !== undefined && basedOn !== this.#current.revision) throw documentsChanged();
    const draft = await this.#draft(sources, prune, remove);
    const { documents, catalog } = draft;
    const { diagnostics } = await this.#preview(draft);
    const changes = compareDocuments(this.#documents, documents);
    const revision = this.#current.revision;
    const differs = changes.some(({ change }) => change !== 'unchanged');
    if (hasErrors(diagnostics) || dryRun || !differs) return { revision, stored: false, changes, diagnostics };
    // The tables first: a column too many harms nobody, a revision whose table is missing would.
    await this.#parts.records.prepareModules([...catalog.modules.values()]);
    const at = this.#parts.clock.now();
    const saved = await this.#parts.store.save({ documents, by, at, basedOn: revision });
    if (saved === undefined) throw documentsChanged();
    this.#documents = documents;
    this.#current = { ...catalog, revision: saved };
    return { revision: saved, stored: true, changes, diagnostics };
  }

  async plan({ sources, prune, remove }: Parameters<DocumentLibrary['plan']>[0]): Promise<PlanReport> {
    const draft = await this.#draft(sources, prune, remove);
    const { diagnostics, previews } = await this.#preview(draft);
    const inForce = this.#documents;
    const changes = compareDocuments(inForce, draft.documents);
    return {
      revision: this.#current.revision,
      changes,
      plans: workflowPlans(draft.catalog, changedWorkflows(changes)),
      schedules: scheduleTimes(draft.catalog, this.#moment(), changedWorkflows(changes)),
      texts: changedTexts(inForce, draft.documents),
      modules: changedModules(this.#current.modules, draft.catalog.modules, previews),
      unfinished: await this.#parts.journal.unfinished(),
      diagnostics,
    };
  }

  async revision(number: number | undefined): Promise<Revision> {
    const wanted = number ?? this.#current.revision;
    const found = wanted === 0 ? undefined : await this.#parts.store.revision(wanted);
    if (found !== undefined) return found;
    const inForce = this.#current.revision;
    const none = inForce === 0;
    throw new MapwrightError(
      'REVISION_UNKNOWN',
      none ? 'no documents are in force' : `there is no revision ${wanted}`,
      {
        hint: none
          ? 'mapwright apply DOCUMENTS... makes the first revision'
          : `the newest is ${inForce}: mapwright export --list`,
      },
    );
  }

  /** What the database would make of the modules, with its refusals among the problems of the documents. */
  async #preview(draft: Draft): Promise<{ previews: readonly ModulePreview[]; diagnostics: readonly Diagnostic[] }> {
    const previews = await this.#parts.records.previewModules([...draft.catalog.modules.values()]);
    return {
      previews,
      diagnostics: joinDiagnostics(draft.diagnostics, [
        ...refusedModules(previews, draft.given),
        ...testsLeftOut(draft.given),
      ]),
    };
  }

  async #storedNames(): Promise<StoredNames> {
    const { settings, secrets } = this.#parts;
    return {
      settings: new Set(Object.keys(await settings.all())),
      secrets: new Set((await secrets.list()).map(({ name }) => name)),
    };
  }

  /** The given files over the documents in force. */
  async #draft(sources: readonly SourceFile[], prune: boolean, remove: readonly DocumentName[] = []): Promise<Draft> {
    const given = readFiles(sources);
    const texts = new Map(sources.map((source) => [source.file, source.text]));
    // Tests of maps are checked with the documents; they are a matter of the author's folder, not of the install.
    const stored = given.documents.filter(({ kind }) => kind !== 'map-test');
    const replacing = stored.map((document) => storedDocument(document, texts.get(document.file) ?? ''));
    const names = new Set([...replacing, ...remove].map(documentKey));
    const kept = prune ? [] : this.#documents.filter((document) => !names.has(documentKey(document)));
    const read = readStored(kept);
    // A description goes with the last document that names it.
    const { used } = describedFiles([...given.documents, ...read]);
    const isNeeded = ({ kind, name }: DocumentName): boolean => kind !== 'wsdl' || used.has(name);
    const documents = [...given.documents, ...read.filter(isNeeded)];
    const compiled = compileCatalog(documents, 0, { stored: await this.#storedNames() });
    return {
      given: given.documents,
      documents: [...replacing, ...kept]
        .filter(isNeeded)
        .toSorted((a, b) => (documentKey(a) < documentKey(b) ? -1 : 1)),
      diagnostics: joinDiagnostics(given.diagnostics, compiled.diagnostics),
      catalog: compiled.catalog,
    };
  }
}

function documentsChanged(): MapwrightError {
  return new MapwrightError('DOCUMENTS_CHANGED', 'the documents were changed by somebody else meanwhile', {
    hint: 'look at what is in force now, and apply again',
    retryable: true,
  });
}

interface Draft {
  readonly given: readonly Document[];
  readonly documents: readonly StoredDocument[];
  readonly diagnostics: readonly Diagnostic[];
  readonly catalog: Catalog;
}

function storedDocument({ kind, name, file }: Document, text: string): StoredDocument {
  return { kind, name, file, text };
}

function compileStored(documents: readonly StoredDocument[], revision: number): Catalog {
  const read = readStoredFiles(documents);
  const { catalog, diagnostics } = compileCatalog(read.documents, revision);
  const broken = brokenDocuments(documents, catalog, joinDiagnostics(read.diagnostics, diagnostics));
  return broken.size === 0 ? catalog : { ...catalog, broken };
}
