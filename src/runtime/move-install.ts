import type { StoredDocument } from '../core/document-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { compileCatalog } from '../catalog/catalog.ts';
import { loadKeys } from '../store/encryption-key.ts';
import type { MovedTable } from '../store/move/move-to-postgres.ts';
import { readStored } from './document-set.ts';

export type { MovedTable } from '../store/move/move-to-postgres.ts';

export interface MoveInstallParams {
  /** Of the install on SQLite; nobody has it open. */
  readonly folder: string;
  /** `postgres://...`: a database with nothing in it. */
  readonly database: string;
  /** What the new place is called to people. */
  readonly place: string;
  /** Environment variables; MAPWRIGHT_KEY is read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly onTable: (table: MovedTable) => void;
}

/** Moves an install from SQLite to PostgreSQL; see `moveToPostgres` for what it gives and how it fails. */
export async function moveInstall(params: MoveInstallParams): Promise<readonly MovedTable[] | undefined> {
  const { folder, database: url, env } = params;
  const key = await loadKeys({ folder, env });
  const { moveToPostgres } = await import('../store/move/move-to-postgres.ts');
  return moveToPostgres({ ...params, url, key, modulesOf });
}

function modulesOf(documents: readonly StoredDocument[]): Iterable<ModuleDefinition> {
  return compileCatalog(readStored(documents), 0).catalog.modules.values();
}
