import { sortDiagnostics } from '../../core/diagnostic.ts';
import type { DocumentName, StoredDocument } from '../../core/document-store.ts';
import { MapwrightError } from '../../core/error.ts';
import { LOCAL_SETTINGS } from '../../core/local-setting.ts';
import { PACKED_KINDS, type PackDocument, type PackedKind, type PackPicture } from '../../document/pack.ts';
import { readDocuments } from '../../document/read-documents.ts';
import { exportFiles } from '../document-export.ts';
import { documentKey } from '../document-set.ts';
import { checkDocumentName } from '../library/document-copy.ts';
import type { AnalysedSet } from '../library/analysed-set.ts';
import type { LibraryIndex } from '../library/library-index.ts';
import type { PackExport, PackExportParams } from './pack-administration.ts';
import { writeArchive } from './pack-archive.ts';
import { checkPackSize, checkPackVersion } from './exported-pack.ts';
import { pictureNamed } from './installed-picture.ts';
import { describingFiles, pathInPack } from './pack-descriptions.ts';
import { PACK_DOCUMENT, type PackFile } from './pack-file.ts';
import { needsOf, summaryOf } from './pack-state.ts';
import { packText } from './pack-text.ts';
import { unknownPack } from './shipped-packs.ts';

const FIRST_VERSION = '1.0.0';

/** A pack of what is in force, with all that it needs and no secret. */
export function exportPack(
  index: LibraryIndex,
  params: PackExportParams,
  values: Readonly<Record<string, string>>,
): PackExport {
  const base = params.pack === undefined ? serviceBase(index, params) : packBase(index, params.pack);
  const contents = withNeeded(index.set, base.contents);
  const pictures = picturesOf(index, { ...base, contents }, params.pack);
  const named = { ...base, name: params.name ?? base.name, version: params.version ?? base.version };
  checkDocumentName(named.name);
  checkPackVersion(named.version);
  const document = describedPack(index, { ...named, contents });
  const pack = params.withValues ? valued(document, values) : document;
  const files = [
    { path: PACK_DOCUMENT, bytes: Buffer.from(packText(pack)) },
    ...contents.map((one) => fileOf(index.set, one)),
    ...describingFiles(index.set, contents),
    ...pictures.map(({ name, base64 }) => ({ path: name, bytes: Buffer.from(base64, 'base64') })),
  ];
  checkPackSize(files);
  return {
    file: `${pack.name}-${pack.version}.zip`,
    archive: Buffer.from(writeArchive(files)).toString('base64'),
    pack: summaryOf(pack),
    contents,
    needs: needsOf(pack, () => true).map(({ isSet: _isSet, ...need }) => need),
    diagnostics: sortDiagnostics(
      files.flatMap(({ path, bytes }) =>
        path.endsWith('.xml')
          ? readDocuments({ file: path, text: Buffer.from(bytes).toString('utf8') }).diagnostics
          : [],
      ),
    ),
  };
}

/** What the new pack begins with. */
type Base = Pick<
  PackDocument,
  'name' | 'label' | 'author' | 'logo' | 'description' | 'version' | 'licence' | 'tested'
> & {
  readonly contents: readonly DocumentName[];
};

function packBase({ packs, set }: LibraryIndex, name: string): Base {
  const pack = packs.get(name);
  if (pack === undefined) throw unknownPack(name, [...packs.keys()]);
  // What was taken away here is no longer brought.
  return { ...pack, contents: pack.documents.filter((one) => set.stored.has(documentKey(one))).map(nameOf) };
}

function serviceBase({ entries, set }: LibraryIndex, { service: name }: PackExportParams): Base {
  if (name === undefined) {
    throw new MapwrightError('PACK_NOTHING_NAMED', 'it is not said what is to be packed', {
      hint: 'name a pack, or a service: mapwright pack export --service NAME',
    });
  }
  const service = set.documents.get(`service ${name}`);
  if (service === undefined) {
    throw new MapwrightError('DOCUMENT_UNKNOWN', `there is no service "${name.slice(0, 100)}"`, {
      hint: 'mapwright service list shows what there is',
    });
  }
  const maps = entries.filter((entry) => entry.kind === 'map' && entry.service === name);
  return {
    name,
    label: service.label,
    author: service.author,
    logo: service.logo,
    description: service.description,
    version: FIRST_VERSION,
    licence: undefined,
    tested: undefined,
    contents: [{ kind: 'service', name }, ...maps.map(nameOf)],
  };
}

/** The documents, and all that they name, and what those name, by kind and name. */
function withNeeded(set: AnalysedSet, contents: readonly DocumentName[]): DocumentName[] {
  const all = new Map(contents.map((one) => [documentKey(one), one]));
  // A map gives what is put in while it is walked.
  for (const one of all.values()) {
    for (const use of set.uses.get(documentKey(one)) ?? []) {
      if (isPacked(use.kind) && set.stored.has(documentKey(use))) all.set(documentKey(use), nameOf(use));
    }
  }
  return [...all.values()].toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function rank({ kind }: DocumentName): number {
  return PACKED_KINDS.findIndex((known) => known === kind);
}

function isPacked(kind: string): kind is PackedKind {
  return PACKED_KINDS.some((known) => known === kind);
}

function fileOf(set: AnalysedSet, one: DocumentName): PackFile {
  const stored = set.stored.get(documentKey(one)) as StoredDocument;
  const [file] = exportFiles([stored]);
  return { path: pathInPack(set, one), bytes: file?.bytes ?? Buffer.from(stored.text) };
}

/** The settings and secrets that its documents name; what packs that are installed say of them is kept. */
function describedPack(index: LibraryIndex, base: Base): PackDocument {
  const uses = base.contents.flatMap((one) => index.set.uses.get(documentKey(one)) ?? []);
  const names = (kind: string): string[] =>
    [
      ...new Set(uses.flatMap((use) => (use.kind === kind && !LOCAL_SETTINGS.has(use.name) ? [use.name] : []))),
    ].toSorted();
  const packs = [...index.packs.values()];
  const known = {
    settings: packs.flatMap(({ settings }) => settings),
    secrets: packs.flatMap(({ secrets }) => secrets),
  };
  const { range } = NOWHERE;
  const plain = (name: string) => ({ name, required: true, description: '', range });
  const { contents, ...head } = base;
  return {
    ...head,
    kind: 'pack',
    nameAt: { value: head.name, range },
    file: PACK_DOCUMENT,
    documents: contents.flatMap(({ kind, name }) => (isPacked(kind) ? [{ kind, name, sha256: undefined, range }] : [])),
    settings: names('setting').map(
      (name) =>
        known.settings.find((one) => one.name === name) ?? { ...plain(name), value: undefined, example: undefined },
    ),
    secrets: names('secret').map((name) => known.secrets.find((one) => one.name === name) ?? plain(name)),
    pictures: [],
  };
}

const NOWHERE = {
  range: { start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: 0 } },
};

function valued(pack: PackDocument, values: Readonly<Record<string, string>>): PackDocument {
  return {
    ...pack,
    settings: pack.settings.map((one) => ({
      ...one,
      value: Object.hasOwn(values, one.name) ? values[one.name] : one.value,
    })),
  };
}

/** The pictures that the logos of the pack and of its documents name, where an installed pack has them. */
function picturesOf({ packs, set }: LibraryIndex, base: Base, pack: string | undefined): readonly PackPicture[] {
  const ofDocuments = base.contents.flatMap((one) => set.documents.get(documentKey(one))?.logo ?? []);
  const logos = new Set([...(base.logo === undefined ? [] : [base.logo]), ...ofDocuments]);
  // Of a service that a pack has brought: the one of that pack.
  const preferred =
    pack ?? [...packs.values()].find(({ documents }) => base.contents.some((one) => isAmong(documents, one)))?.name;
  return [...logos].flatMap((name) => pictureNamed(packs, name, preferred)?.picture ?? []);
}

function isAmong(documents: readonly DocumentName[], one: DocumentName): boolean {
  return documents.some(({ kind, name }) => kind === one.kind && name === one.name);
}

function nameOf({ kind, name }: DocumentName): DocumentName {
  return { kind, name };
}
