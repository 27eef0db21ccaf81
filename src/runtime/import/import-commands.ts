import type { ImportAdministration } from './import-administration.ts';
import type { ImportParts } from './import-parts.ts';
import { importPeople } from './people-import.ts';
import { noteGiven, recordsToGive } from './record-giving.ts';
import { takeRecords } from './record-intake.ts';
import { settleReferences } from './reference-settlement.ts';

/** Transfers of people and records between installs. */
export function importCommands(parts: ImportParts): ImportAdministration {
  return {
    modules: async () => [...parts.modules().values()],
    importPeople: (params) => importPeople(parts, params),
    transferProgress: (key) => parts.imports.progress(key),
    takeRecords: (batch) => takeRecords(parts, batch),
    settleReferences: (params) => settleReferences(parts, params),
    recordsToGive: (params) => recordsToGive(parts, params),
    noteGiven: (params) => noteGiven(parts, params),
  };
}
