import type { ImportStore, PendingReference, TransferProgress } from '../../core/import-store.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** An import store on SQLite. */
export function createImportStore(db: SqliteDatabase, commits: GroupCommit): ImportStore {
  const sql = prepare(db);
  return {
    progress: guarded(({ source, module, direction }) => {
      const row = sql.progress.get(source, module, direction);
      return row === undefined ? undefined : readProgress(row.progress);
    }),
    identities: guarded((source, remotes) => {
      const rows = remotes.flatMap((remote) => {
        const row = sql.identity.get(source, remote);
        return row === undefined || row.local === '' ? [] : [[remote, row.local] as const];
      });
      return new Map(rows);
    }),
    remotes: guarded((source, locals) => {
      const rows = locals.flatMap((local) => {
        const row = local === '' ? undefined : sql.remote.get(source, local);
        return row === undefined ? [] : [[local, row.remote] as const];
      });
      return new Map(rows);
    }),
    pending: guarded(({ source, after, limit }) =>
      sql.pending.all(source, after?.record ?? '', after?.field ?? '', limit),
    ),
    save: ({ source, identities = [], pending = [], settled = [], progress }) =>
      commits.write(() => {
        for (const [remote, local] of identities) sql.setIdentity.run(source, remote, local);
        for (const { record, field, remote } of pending) sql.setPending.run(source, record, field, remote);
        for (const { record, field } of settled) sql.settle.run(source, record, field);
        if (progress === undefined) return;
        const { key } = progress;
        sql.setProgress.run(key.source, key.module, key.direction, JSON.stringify(progress.progress));
      }),
  };
}

function readProgress(text: string): TransferProgress {
  const stored: TransferProgress = JSON.parse(text);
  return { ...stored, after: stored.after };
}

function prepare(db: SqliteDatabase) {
  return {
    progress: db.prepare<[string, string, string], { progress: string }>(
      'SELECT progress FROM imports WHERE source = ? AND module = ? AND direction = ?',
    ),
    setProgress: db.prepare<[string, string, string, string]>(
      `INSERT INTO imports (source, module, direction, progress) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET progress = excluded.progress`,
    ),
    identity: db.prepare<[string, string], { local: string }>(
      'SELECT local FROM import_identities WHERE source = ? AND remote = ?',
    ),
    remote: db.prepare<[string, string], { remote: string }>(
      'SELECT remote FROM import_identities WHERE source = ? AND local = ?',
    ),
    setIdentity: db.prepare<[string, string, string]>(
      `INSERT INTO import_identities (source, remote, local) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET local = excluded.local`,
    ),
    pending: db.prepare<[string, string, string, number], PendingReference>(
      `SELECT record, field, remote FROM import_references
       WHERE source = ? AND (record, field) > (?, ?) ORDER BY record, field LIMIT ?`,
    ),
    setPending: db.prepare<[string, string, string, string]>(
      `INSERT INTO import_references (source, record, field, remote) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET remote = excluded.remote`,
    ),
    settle: db.prepare<[string, string, string]>(
      'DELETE FROM import_references WHERE source = ? AND record = ? AND field = ?',
    ),
  };
}
