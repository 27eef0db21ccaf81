import type { DocumentName, DocumentStore, StoredDocument } from '../../core/document-store.ts';
import { hasErrors } from '../../core/diagnostic.ts';
import { MapwrightError } from '../../core/error.ts';
import type { Journal } from '../../core/journal.ts';
import type { SecretStore, SettingStore } from '../../core/secret-store.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { callSentence } from '../../catalog/plan-sentence.ts';
import type { Document } from '../../document/document.ts';
import type { SourceFile } from '../administration.ts';
import { exportFiles } from '../document-export.ts';
import type { DocumentLibrary } from '../document-library.ts';
import { documentKey } from '../document-set.ts';
import { DocumentsInvalidError } from '../runtime-documents.ts';
import { pictureNamed } from '../pack/installed-picture.ts';
import type { AnalysedSet } from './analysed-set.ts';
import { copyOf } from './document-copy.ts';
import { factsOf } from './document-facts.ts';
import type {
  LibraryAdministration,
  LibraryDetails,
  LibraryEntry,
  LibraryFilter,
  LibraryPage,
  RemovalReport,
} from './library-administration.ts';
import { entryKey, foundEntries, type LibraryIndex } from './library-index.ts';
import { removalOf } from './removal.ts';

/** How much of a description a list shows, in characters. */
const LISTED_DESCRIPTION = 300;

interface Parts {
  readonly library: DocumentLibrary;
  readonly index: () => Promise<LibraryIndex>;
  readonly documents: DocumentStore;
  readonly settings: Pick<SettingStore, 'all'>;
  readonly secrets: Pick<SecretStore, 'list'>;
  readonly journal: Pick<Journal, 'unfinished'>;
}

/** Looking at single documents, copying and removing them. */
export function libraryCommands(parts: Parts): LibraryAdministration {
  return {
    library: async (params) => pageOf(await parts.index(), params),
    libraryDocument: (params) => detailsOf(parts, params),
    removeDocuments: (params) => removeDocuments(parts, params),
    undeleteDocuments: (params) => undelete(parts, params),
    copyDocument: (params) => copyDocument(parts, params),
  };
}

function pageOf(
  index: LibraryIndex,
  { after, limit, ...filter }: LibraryFilter & { readonly after?: string | undefined; readonly limit: number },
): LibraryPage {
  const found = foundEntries(index, filter);
  const rest = after === undefined ? found : found.filter((entry) => entryKey(entry) > after);
  const items = rest.slice(0, limit).map(shortened);
  const last = items.at(-1);
  const next = last === undefined || rest.length <= items.length ? undefined : entryKey(last);
  return { items, total: found.length, next };
}

/** Lists are read by people: a page of long descriptions would be megabytes. */
function shortened(entry: LibraryEntry): LibraryEntry {
  const { description } = entry;
  if (description === undefined || description.length <= LISTED_DESCRIPTION) return entry;
  return { ...entry, description: `${description.slice(0, LISTED_DESCRIPTION - 1).toWellFormed()}…` };
}

async function detailsOf({ index, settings, secrets }: Parts, wanted: DocumentName): Promise<LibraryDetails> {
  const { set, entries, packs } = await index();
  const stored = requireDocument(set, wanted);
  const key = documentKey(wanted);
  const entry = entries.find((one) => documentKey(one) === key);
  const document = set.documents.get(key);
  if (entry === undefined) throw unknown(set, wanted);
  const uses = set.uses.get(key) ?? [];
  const isThere = new Set(Object.keys(await settings.all()));
  const sealed = new Set((await secrets.list()).map(({ name }) => name));
  const logo = document?.logo;
  return {
    ...entry,
    file: stored.file,
    text: exportFiles([stored])[0]?.text ?? stored.text,
    logo: logo === undefined ? undefined : logoOf(packs, logo, entry),
    facts: document === undefined ? [] : factsOf(document),
    errorPlan: document && errorPlanOf(document, set),
    uses: uses.flatMap(({ kind, name }) => (kind === 'setting' || kind === 'secret' ? [] : [{ kind, name }])),
    usedBy: set.usedBy(wanted),
    settings: uses.flatMap(({ kind, name }) => (kind === 'setting' ? [{ name, isSet: isThere.has(name) }] : [])),
    secrets: uses.flatMap(({ kind, name }) => (kind === 'secret' ? [{ name, isSet: sealed.has(name) }] : [])),
  };
}

function logoOf(
  packs: LibraryIndex['packs'],
  name: string,
  { kind, name: own, pack }: LibraryEntry,
): LibraryDetails['logo'] {
  const found = pictureNamed(packs, name, kind === 'pack' ? own : pack);
  return { name, isThere: found !== undefined, pack: found?.pack };
}

function errorPlanOf({ kind, name }: Document, { catalog }: AnalysedSet): string | undefined {
  const service = kind === 'service' ? catalog.services.get(name) : undefined;
  if (service !== undefined) return callSentence([service.plan]);
  const map = kind === 'map' ? catalog.maps.get(name) : undefined;
  return map && callSentence([map.plan, map.service?.plan]);
}

async function removeDocuments(
  { index, library, journal }: Parts,
  params: Parameters<LibraryAdministration['removeDocuments']>[0],
): Promise<RemovalReport> {
  await library.refresh();
  const { set, revision } = await index();
  const { force, dryRun, by } = params;
  for (const one of params.documents) requireDocument(set, one);
  const asked = eachNameOnce(params.documents);
  const { workflows, ...told } = removalOf(set, asked);
  const removed = force ? eachNameOnce([...asked, ...told.broken]) : asked;
  const unfinished = Object.entries(await journal.unfinished()).flatMap(([workflow, runs]) =>
    workflows.includes(workflow) ? [{ workflow, runs }] : [],
  );
  const isNeeded = told.broken.length + told.schedules.length + unfinished.length > 0;
  const report = { ...told, before: revision, removed, unfinished };
  if (dryRun || (isNeeded && !force) || removed.length === 0) {
    return { ...report, revision, stored: false, needsForce: isNeeded && !force };
  }
  const applied = await library.apply({
    sources: [],
    prune: false,
    dryRun: false,
    by,
    basedOn: revision,
    remove: removed,
  });
  if (hasErrors(applied.diagnostics)) throw new DocumentsInvalidError(applied.diagnostics, []);
  return { ...report, revision: applied.revision, stored: applied.stored, needsForce: false };
}

function eachNameOnce(documents: readonly DocumentName[]): DocumentName[] {
  return [...new Map(documents.map(({ kind, name }) => [documentKey({ kind, name }), { kind, name }])).values()];
}

/** Of files that hold several documents only the part that was taken away is put back. */
async function undelete(
  { documents: store, library }: Parts,
  { revision: number, by }: Parameters<LibraryAdministration['undeleteDocuments']>[0],
): Promise<{ readonly revision: number; readonly documents: readonly DocumentName[] }> {
  await library.refresh();
  const after = await library.revision(number);
  const before = number > 1 ? (await store.revision(number - 1))?.documents : undefined;
  const kept = new Set([...after.documents, ...library.documents()].map(documentKey));
  const gone = (before ?? []).filter((document) => !kept.has(documentKey(document)));
  if (gone.length === 0) {
    throw new MapwrightError(
      'DOCUMENT_NOTHING_REMOVED',
      `revision ${number} took nothing away that is not there again`,
      {
        hint: 'mapwright export --list shows the revisions; mapwright document list what is in force',
      },
    );
  }
  const revision = await applied(library, { sources: exportedApart(gone), by });
  return { revision, documents: gone.map(({ kind, name }) => ({ kind, name })) };
}

/** The texts under the names that they had. */
function exportedApart(documents: readonly StoredDocument[]): SourceFile[] {
  const groups = Map.groupBy(documents, ({ file, text }) => `${file}\n${text}`);
  return [...groups.values()].flatMap((held) => {
    const text = exportFiles(held)[0]?.text;
    return held[0] === undefined || text === undefined ? [] : [{ file: held[0].file, text }];
  });
}

async function copyDocument(
  { index, library }: Parts,
  { kind, name, to, by }: Parameters<LibraryAdministration['copyDocument']>[0],
): Promise<{ readonly revision: number }> {
  await library.refresh();
  const { set, entries } = await index();
  const stored = requireDocument(set, { kind, name });
  const taken = entries.find((one) => one.kind === kind && one.name.toLowerCase() === to.toLowerCase());
  if (taken !== undefined) {
    throw new MapwrightError('DOCUMENT_EXISTS', `there is a ${kind} "${taken.name}" already`, {
      hint: 'names are unique for each kind, letter case aside; choose another one',
    });
  }
  return { revision: await applied(library, { sources: [copyOf(stored, to)], by }) };
}

async function applied(
  library: DocumentLibrary,
  { sources, by }: { readonly sources: readonly SourceFile[]; readonly by: string },
): Promise<number> {
  const basedOn = library.current().revision;
  const report = await library.apply({ sources, prune: false, dryRun: false, by, basedOn });
  if (hasErrors(report.diagnostics)) throw new DocumentsInvalidError(report.diagnostics, sources);
  return report.revision;
}

function requireDocument(set: AnalysedSet, wanted: DocumentName): StoredDocument {
  const found = set.stored.get(documentKey(wanted));
  if (found !== undefined) return found;
  throw unknown(set, wanted);
}

function unknown(set: AnalysedSet, { kind, name }: DocumentName): MapwrightError {
  const names = [...set.stored.values()].filter((one) => one.kind === kind).map((one) => one.name);
  return new MapwrightError('DOCUMENT_UNKNOWN', `there is no ${kind} "${name.slice(0, 100)}"`, {
    hint: didYouMean(name, names) ?? `mapwright document list --kind ${kind} shows what there is`,
  });
}
