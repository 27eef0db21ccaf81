import type { DocumentStore, StoredDocument } from '../../core/document-store.ts';
import type { PackDocument, PackEntry } from '../../document/pack.ts';
import { documentKey } from '../document-set.ts';
import type { LibraryIndex } from '../library/library-index.ts';
import { digestOf } from './pack-digests.ts';
import type { PackDetails, PackedState, PackNeed, PackSummary } from './pack-administration.ts';

/** What lists show of a pack. */
export function summaryOf(pack: PackDocument): PackSummary {
  const { name, version, label, author, licence, description, logo, documents } = pack;
  return { name, version, label, author, licence, description, logo, documents: documents.length };
}

/** What the pack wants, settings first; `isSet` tells what has a value. */
export function needsOf(pack: PackDocument, isSet: (kind: 'setting' | 'secret', name: string) => boolean): PackNeed[] {
  return [
    ...pack.settings.map(({ range: _range, ...one }): PackNeed => ({
      kind: 'setting',
      ...one,
      isSet: isSet('setting', one.name),
    })),
    ...pack.secrets.map(({ range: _range, ...one }): PackNeed => ({
      kind: 'secret',
      ...one,
      value: undefined,
      example: undefined,
      isSet: isSet('secret', one.name),
    })),
  ];
}

/** The documents that were stored with the pack document: what one that was applied, not imported, brought. */
export async function importedTexts(
  index: LibraryIndex,
  store: Pick<DocumentStore, 'revision'>,
  name: string,
): Promise<ReadonlyMap<string, StoredDocument>> {
  const since = index.entries.find((entry) => entry.kind === 'pack' && entry.name === name)?.changed?.revision;
  const revision = since === undefined ? undefined : await store.revision(since);
  return new Map((revision?.documents ?? []).map((document) => [documentKey(document), document]));
}

/** What became of each document since the pack came. */
export function contentsOf(
  index: LibraryIndex,
  pack: PackDocument,
  imported: ReadonlyMap<string, StoredDocument>,
): PackDetails['contents'] {
  return pack.documents.map((entry) => ({
    kind: entry.kind,
    name: entry.name,
    state: stateOf(index, entry, imported),
  }));
}

function stateOf(
  { stored }: LibraryIndex,
  entry: PackEntry,
  imported: ReadonlyMap<string, StoredDocument>,
): PackedState {
  const key = documentKey(entry);
  const now = stored.get(key);
  if (now === undefined) return 'missing';
  const isAsImported =
    entry.sha256 === undefined ? imported.get(key)?.text === now.text : entry.sha256 === digestOf(now.text);
  return isAsImported ? 'as-imported' : 'changed';
}
