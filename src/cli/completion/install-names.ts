import type { StoreReader } from '../../store/store.ts';
import type { Candidate } from './candidates.ts';

/** Kinds of names that an install holds. */
export type NameKind =
  | 'map'
  | 'service'
  | 'pack'
  | 'workflow'
  | 'module'
  | 'setting'
  | 'secret'
  | 'user'
  | 'group'
  | 'run'
  | 'revision'
  | 'schedule';

/** The names of one kind, newest runs and revisions first; `given` are the options on the line. */
export type InstallNames = (kind: NameKind, given: Readonly<Record<string, string>>) => Promise<readonly Candidate[]>;

const MAX_RUNS = 50;
const MAX_REVISIONS = 50;

/**
 * Looks into the install's database without becoming its owner: a server may run, and is not asked.
 * @param place.database `postgres://...`, when the install is not kept in its folder
 */
export async function namesIn(
  place: { readonly folder: string; readonly database: string | undefined },
  kind: NameKind,
): Promise<readonly Candidate[]> {
  const reader = await openReader(place);
  try {
    return await READ[kind](reader);
  } finally {
    await reader.close();
  }
}

async function openReader({
  folder,
  database,
}: {
  readonly folder: string;
  readonly database: string | undefined;
}): Promise<StoreReader> {
  if (database === undefined) return (await import('../../store/sqlite/sqlite-reader.ts')).openSqliteReader(folder);
  return (await import('../../store/postgres/postgres-reader.ts')).openPostgresReader(database);
}

const READ: Readonly<Record<NameKind, (reader: StoreReader) => Promise<readonly Candidate[]>>> = {
  map: (reader) => documents(reader, 'map'),
  service: (reader) => documents(reader, 'service'),
  pack: (reader) => documents(reader, 'pack'),
  workflow: (reader) => documents(reader, 'workflow'),
  module: (reader) => documents(reader, 'module'),
  setting: async ({ settings }) =>
    Object.entries(await settings.all()).map(([value, description]) => ({ value, description })),
  secret: async ({ secrets }) => (await secrets.list()).map(({ name }) => ({ value: name, description: '' })),
  user: async ({ identities }) => (await identities.users()).map(({ name, id }) => ({ value: name, description: id })),
  group: async ({ identities }) =>
    (await identities.groups()).map(({ name, id }) => ({ value: name, description: id })),
  schedule: async ({ schedules }) =>
    (await schedules.schedules()).map(({ name, paused }) => ({
      value: name,
      description: paused === undefined ? '' : 'paused',
    })),
  run: async ({ journal }) =>
    (await journal.runs({ limit: MAX_RUNS })).map(({ id, workflow, status }) => ({
      value: String(id),
      description: `${workflow} ${status}`,
    })),
  revision: async ({ documents: store }) =>
    (await store.revisions({ limit: MAX_REVISIONS })).map(({ number, by }) => ({
      value: String(number),
      description: `by ${by}`,
    })),
};

async function documents({ documents: store }: StoreReader, kind: string): Promise<readonly Candidate[]> {
  const revision = await store.revision(await store.head());
  const named = (revision?.documents ?? []).filter((document) => document.kind === kind);
  return named.map(({ name, file }) => ({ value: name, description: file }));
}
