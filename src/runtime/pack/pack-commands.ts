import type { DocumentStore } from '../../core/document-store.ts';
import { MapwrightError } from '../../core/error.ts';
import type { SecretStore, SettingStore } from '../../core/secret-store.ts';
import type { PackDocument } from '../../document/pack.ts';
import type { DocumentLibrary } from '../document-library.ts';
import { documentKey } from '../document-set.ts';
import type { LibraryAdministration } from '../library/library-administration.ts';
import type { LibraryIndex } from '../library/library-index.ts';
import type {
  InstalledPack,
  PackAdministration,
  PackDetails,
  PackNeed,
  PackRemovalReport,
} from './pack-administration.ts';
import { exportPack } from './pack-export.ts';
import { pictureNamed } from './installed-picture.ts';
import { importPack } from './pack-import.ts';
import { contentsOf, importedTexts, needsOf, summaryOf } from './pack-state.ts';
import { shippedPacks, unknownPack } from './shipped-packs.ts';

interface Parts {
  readonly library: DocumentLibrary;
  readonly index: () => Promise<LibraryIndex>;
  readonly documents: DocumentStore;
  readonly settings: Pick<SettingStore, 'all'>;
  readonly setSetting: (params: { readonly name: string; readonly value: string }) => Promise<void>;
  readonly secrets: Pick<SecretStore, 'list'>;
  readonly removeDocuments: LibraryAdministration['removeDocuments'];
}

/** What an administrator does with packs. */
export function packCommands(parts: Parts): PackAdministration {
  const { index, settings } = parts;
  const needs = (pack: PackDocument): Promise<readonly PackNeed[]> => needsNow(parts, pack);
  return {
    packs: () => installedPacks(parts),
    async availablePacks() {
      const installed = (await index()).packs;
      return (await shippedPacks()).map(({ document }) => ({
        ...summaryOf(document),
        installed: installed.get(document.name)?.version,
      }));
    },
    pack: ({ name }) => detailsOf(parts, name),
    importPack: (params) => importPack({ ...parts, needs }, params),
    exportPack: async (params) => exportPack(await index(), params, params.withValues ? await settings.all() : {}),
    removePack: (params) => removePack(parts, params),
    async picture({ name, pack }) {
      const { packs } = await index();
      const among = pack === undefined ? packs : new Map([...packs].filter(([one]) => one === pack));
      const found = pictureNamed(among, name)?.picture;
      if (found !== undefined) return { type: found.type, base64: found.base64 };
      throw new MapwrightError('PICTURE_UNKNOWN', `no pack has brought a picture "${name.slice(0, 100)}"`, {
        hint: 'pictures come with packs, from files beside pack.xml that logo="..." names',
      });
    },
  };
}

async function installedPacks({ index }: Parts): Promise<readonly InstalledPack[]> {
  const { packs, entries } = await index();
  const shipped = new Map((await shippedPacks()).map(({ document }) => [document.name, document.version]));
  return [...packs.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((pack) => {
      const version = shipped.get(pack.name);
      return {
        ...summaryOf(pack),
        imported: entries.find(({ kind, name }) => kind === 'pack' && name === pack.name)?.changed,
        shipped: version === pack.version ? undefined : version,
      };
    });
}

async function detailsOf(parts: Parts, name: string): Promise<PackDetails> {
  const index = await parts.index();
  const installed = index.packs.get(name);
  if (installed !== undefined) {
    const imported = await importedTexts(index, parts.documents, name);
    return {
      ...summaryOf(installed),
      isInstalled: true,
      tested: installed.tested,
      contents: contentsOf(index, installed, imported),
      needs: await needsNow(parts, installed),
    };
  }
  const shipped = await shippedPacks();
  const pack = shipped.find(({ document }) => document.name === name)?.document;
  if (pack === undefined) {
    throw unknownPack(name, [...index.packs.keys(), ...shipped.map(({ document }) => document.name)]);
  }
  return {
    ...summaryOf(pack),
    isInstalled: false,
    tested: pack.tested,
    contents: pack.documents.map((one) => ({ kind: one.kind, name: one.name, state: 'available' })),
    needs: await needsNow(parts, pack),
  };
}

async function needsNow({ settings, secrets }: Parts, pack: PackDocument): Promise<readonly PackNeed[]> {
  const values = new Set(Object.keys(await settings.all()));
  const sealed = new Set((await secrets.list()).map(({ name }) => name));
  return needsOf(pack, (kind, name) => (kind === 'setting' ? values : sealed).has(name));
}

/** What other packs bring too stays. */
async function removePack(
  { library, index, documents: store, removeDocuments }: Parts,
  { name, force, dryRun, by }: Parameters<PackAdministration['removePack']>[0],
): Promise<PackRemovalReport> {
  await library.refresh();
  const now = await index();
  const pack = now.packs.get(name);
  if (pack === undefined) throw unknownPack(name, [...now.packs.keys()]);
  const others = [...now.packs.values()].filter((one) => one.name !== name);
  const shared = new Set(others.flatMap((other) => other.documents.map(documentKey)));
  const contents = contentsOf(now, pack, await importedTexts(now, store, name));
  const going = contents.filter((one) => one.state !== 'missing' && !shared.has(documentKey(one)));
  const documents = [{ kind: 'pack', name }, ...going.map((one) => ({ kind: one.kind, name: one.name }))];
  const report = await removeDocuments({ documents, force, dryRun, by });
  const changedHere = going.flatMap((one) => (one.state === 'changed' ? [{ kind: one.kind, name: one.name }] : []));
  return { ...report, changedHere };
}
