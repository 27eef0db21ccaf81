import type { JsonObject } from '../../core/json.ts';
import type { AuditRules } from '../access/audit-rules.ts';
import type { DocumentChange } from '../administration.ts';
import { documentKey } from '../document-set.ts';
import type { PackAdministration } from '../pack/pack-administration.ts';
import type { LibraryAdministration, RemovalReport } from './library-administration.ts';

const MOST_NAMED = 50;
const LONGEST_TARGET = 200;

/** How single documents and packs are told in the audit. */
export const LIBRARY_RULES: Pick<AuditRules, keyof LibraryAdministration | keyof PackAdministration> = {
  library: 'looks',
  libraryDocument: 'looks',
  packs: 'looks',
  availablePacks: 'looks',
  pack: 'looks',
  picture: 'looks',
  // Nothing is changed, and documents leave the install.
  exportPack: {
    target: ({ pack, service }) => pack ?? service ?? '',
    asked: ({ withValues }) => ({ withValues }),
    after: ({ file, contents }) => ({ file, documents: contents.length }),
  },
  removeDocuments: {
    target: ({ documents }) => documents.map(documentKey).join(', ').slice(0, LONGEST_TARGET),
    isChange: ({ dryRun }) => !dryRun,
    asked: ({ force }) => ({ force }),
    after: removalFacts,
  },
  undeleteDocuments: {
    target: ({ revision }) => String(revision),
    after: ({ revision, documents }) => ({ revision, documents: documents.slice(0, MOST_NAMED).map(documentKey) }),
  },
  copyDocument: { target: documentKey, asked: ({ to }) => ({ to }), after: ({ revision }) => ({ revision }) },
  importPack: {
    target: ({ shipped = '' }) => shipped,
    isChange: ({ dryRun }) => !dryRun,
    asked: ({ overwrite, withValues }) => ({ overwrite, withValues }),
    after: ({ pack, revision, stored, changes, values }) => ({
      pack: `${pack.name} ${pack.version}`,
      revision,
      stored,
      changes: changes.flatMap(changeText).slice(0, MOST_NAMED),
      values: values.map(({ name }) => name).slice(0, MOST_NAMED),
    }),
  },
  removePack: {
    target: ({ name }) => name,
    isChange: ({ dryRun }) => !dryRun,
    asked: ({ force }) => ({ force }),
    after: removalFacts,
  },
};

function removalFacts({ revision, stored, removed }: RemovalReport): JsonObject {
  return { revision, stored, removed: removed.slice(0, MOST_NAMED).map(documentKey) };
}

function changeText({ kind, name, change }: DocumentChange): string[] {
  return change === 'unchanged' ? [] : [`${change} ${kind} ${name}`];
}
