import type {
  LibraryAdministration,
  LibraryEntry,
  RemovalReport,
} from '../../src/runtime/library/library-administration.ts';
import type { PackAdministration, PackSummary } from '../../src/runtime/pack/pack-administration.ts';

type Answer = <T>(method: string, params: unknown, result: T) => Promise<T>;

const ENTRY: LibraryEntry = {
  kind: 'map',
  name: 'a',
  type: 'rest',
  label: 'Send order',
  description: undefined,
  author: 'Anna',
  service: 's',
  pack: 'vies',
  changed: { revision: 4, at: 1, by: 'anna' },
  problem: undefined,
  weaknesses: [],
};

const REMOVAL: RemovalReport = {
  before: 4,
  revision: 5,
  stored: true,
  removed: [{ kind: 'map', name: 'a' }],
  broken: [],
  doubtful: [],
  schedules: [],
  unfinished: [],
  needsForce: false,
};

const PACK: PackSummary = {
  name: 'vies',
  version: '1.0.0',
  label: undefined,
  author: undefined,
  licence: undefined,
  description: undefined,
  logo: undefined,
  documents: 1,
};

/** The part of the fake administration that is about documents and packs. */
export function fakeLibrary(answer: Answer): LibraryAdministration & PackAdministration {
  return {
    library: (params) => answer('library', params, { items: [ENTRY], total: 1, next: undefined }),
    libraryDocument: (params) =>
      answer('libraryDocument', params, {
        ...ENTRY,
        file: 'a.xml',
        text: '<map/>',
        logo: undefined,
        facts: [{ name: 'Call', value: 'GET /a' }],
        errorPlan: 'No more tries, then wait for a person',
        uses: [{ kind: 'service', name: 's' }],
        usedBy: [],
        settings: [],
        secrets: [{ name: 'key', isSet: false }],
      }),
    removeDocuments: (params) => answer('removeDocuments', params, REMOVAL),
    undeleteDocuments: (params) =>
      answer('undeleteDocuments', params, { revision: 6, documents: [{ kind: 'map', name: 'a' }] }),
    copyDocument: (params) => answer('copyDocument', params, { revision: 6 }),
    packs: () => answer('packs', undefined, [{ ...PACK, imported: undefined, shipped: undefined }]),
    availablePacks: () => answer('availablePacks', undefined, [{ ...PACK, installed: '1.0.0' }]),
    pack: (params) =>
      answer('pack', params, { ...PACK, isInstalled: true, tested: undefined, contents: [], needs: [] }),
    importPack: (params) =>
      answer('importPack', params, {
        pack: PACK,
        before: undefined,
        isOlder: false,
        revision: 5,
        stored: !params.dryRun,
        changes: [{ kind: 'pack', name: 'vies', change: 'added' }],
        changedHere: [],
        needsOverwrite: false,
        needs: [],
        values: [],
        diagnostics: [],
      }),
    exportPack: (params) =>
      answer('exportPack', params, {
        file: 'vies-1.0.0.zip',
        archive: '',
        pack: PACK,
        contents: [],
        needs: [],
        diagnostics: [],
      }),
    removePack: (params) => answer('removePack', params, { ...REMOVAL, changedHere: [] }),
    picture: (params) => answer('picture', params, { type: 'image/png', base64: '' }),
  };
}
