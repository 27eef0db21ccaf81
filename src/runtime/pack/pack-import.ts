import { type Diagnostic, hasErrors } from '../../core/diagnostic.ts';
import type { DocumentName, DocumentStore } from '../../core/document-store.ts';
import { MapwrightError } from '../../core/error.ts';
import { checkName } from '../checked-name.ts';
import { documentKey } from '../document-set.ts';
import type { DocumentLibrary } from '../document-library.ts';
import type { LibraryIndex } from '../library/library-index.ts';
import type { PackAdministration, PackImportReport, PackNeed } from './pack-administration.ts';
import { readArchive } from './pack-archive.ts';
import { type ReadPack, readPackFiles } from './pack-source.ts';
import { contentsOf, importedTexts, summaryOf } from './pack-state.ts';
import { isOlder } from './pack-version.ts';
import { shippedPack } from './shipped-packs.ts';

type ImportParams = Parameters<PackAdministration['importPack']>[0];

interface Parts {
  readonly library: DocumentLibrary;
  readonly index: () => Promise<LibraryIndex>;
  readonly documents: Pick<DocumentStore, 'revision'>;
  readonly setSetting: (params: { readonly name: string; readonly value: string }) => Promise<void>;
  readonly needs: (pack: ReadPack['document']) => Promise<readonly PackNeed[]>;
}

/** Puts a pack into force, or tells what that would change. */
export async function importPack(parts: Parts, params: ImportParams): Promise<PackImportReport> {
  const read = await readGiven(params);
  const { library } = parts;
  const { dryRun, overwrite, withValues, by } = params;
  await library.refresh();
  const index = await parts.index();
  const { changedHere, remove } = await compared(parts, index, read);
  const values = withValues ? offeredValues(await parts.needs(read.document)) : [];
  const before = index.packs.get(read.document.name)?.version;
  const needsOverwrite = changedHere.length > 0 && !overwrite;
  const isRefused = hasErrors(read.diagnostics);
  const applied = await library.apply({
    sources: read.sources,
    prune: false,
    dryRun: dryRun || needsOverwrite || isRefused,
    by,
    basedOn: params.basedOn ?? index.revision,
    remove,
  });
  const diagnostics = [...read.diagnostics, ...withoutKnown(applied.diagnostics, read.diagnostics)];
  const isIn = !dryRun && !needsOverwrite && !hasErrors(diagnostics);
  // Behind the documents: a process that dies between leaves settings that the next import gives their values.
  if (isIn) for (const value of values) await parts.setSetting(value);
  return {
    pack: summaryOf(read.document),
    before,
    isOlder: before !== undefined && isOlder(read.document.version, before),
    revision: applied.revision,
    stored: applied.stored,
    changes: ofPack(applied.changes, [...read.documents, ...remove]),
    changedHere,
    needsOverwrite,
    needs: await parts.needs(read.document),
    values,
    diagnostics,
  };
}

async function readGiven({ archive, shipped }: ImportParams): Promise<ReadPack> {
  if (shipped !== undefined) return shippedPack(shipped);
  if (archive !== undefined) return readPackFiles(await readArchive(Buffer.from(archive, 'base64')));
  throw new MapwrightError('PACK_MISSING', 'no pack was given', {
    hint: 'give the zip of a pack, or the name of one that comes with the program',
  });
}

/** What would be replaced though somebody changed it here, and what the pack no longer brings and nobody touched. */
async function compared(
  { documents }: Parts,
  index: LibraryIndex,
  { document: pack, documents: given, sources }: ReadPack,
): Promise<Pick<PackImportReport, 'changedHere'> & { readonly remove: readonly DocumentName[] }> {
  const installed = index.packs.get(pack.name);
  const contents =
    installed === undefined ? [] : contentsOf(index, installed, await importedTexts(index, documents, pack.name));
  const untouched = new Set(contents.filter(({ state }) => state === 'as-imported').map(documentKey));
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const others = [...index.packs.values()].filter(({ name }) => name !== pack.name);
  const owners = new Map(others.flatMap((other) => other.documents.map((one) => [documentKey(one), other.name])));
  const changedHere = given.filter((document) => {
    const key = documentKey(document);
    const now = index.stored.get(key);
    if (document.kind === 'pack' || now === undefined) return false;
    return now.text !== texts.get(`${pack.name}/${document.file}`) && !untouched.has(key);
  });
  const listed = new Set(given.map(documentKey));
  const remove = contents.filter((one) => {
    const key = documentKey(one);
    return !listed.has(key) && !owners.has(key) && untouched.has(key);
  });
  return {
    changedHere: changedHere.map((one) => ({ ...named(one), pack: owners.get(documentKey(one)) })),
    remove: remove.map(named),
  };
}

/** Of the settings that have no value yet. */
function offeredValues(needs: readonly PackNeed[]): PackImportReport['values'] {
  const offered = needs.flatMap(({ kind, name, value, isSet }) =>
    kind === 'setting' && !isSet && value !== undefined ? [{ name, value }] : [],
  );
  for (const { name } of offered) checkName('setting', name);
  return offered;
}

function ofPack(changes: PackImportReport['changes'], names: readonly DocumentName[]): PackImportReport['changes'] {
  const wanted = new Set(names.map(documentKey));
  return changes.filter((change) => wanted.has(documentKey(change)));
}

/** The documents are read twice: with their pictures, and as they came. */
function withoutKnown(diagnostics: readonly Diagnostic[], known: readonly Diagnostic[]): readonly Diagnostic[] {
  const keys = new Set(known.map(({ code, range }) => `${code} ${range.start.line}:${range.start.column}`));
  return diagnostics.filter(({ code, range }) => !keys.has(`${code} ${range.start.line}:${range.start.column}`));
}

function named({ kind, name }: DocumentName): DocumentName {
  return { kind, name };
}
