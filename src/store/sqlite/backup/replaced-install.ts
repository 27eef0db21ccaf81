import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { GivenNumbers } from '../../../core/recovery.ts';
import { databaseFile, requireOurs } from '../database.ts';
import { readInstallId } from '../install-id.ts';
import { givenNumbers } from '../recovery.ts';
import { type BackupCounts, countContent } from './backup-note.ts';

/** The install that a restore would replace, as far as it can be read. */
export interface ReplacedInstall extends BackupCounts {
  readonly installId: string;
  /** When a record was last changed or a run accepted, in milliseconds since the epoch; undefined when nothing ever was. */
  readonly latestAt: number | undefined;
  readonly given: GivenNumbers;
}

/** Undefined when there is none; `unreadable` for a database that is damaged or another program's. */
export function readReplaced(folder: string): ReplacedInstall | 'unreadable' | undefined {
  const file = databaseFile(folder);
  if (!existsSync(file)) return undefined;
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    requireOurs(db);
    const latest = db
      .prepare<[], { at: number | null }>(
        `SELECT max(at) AS at FROM (SELECT at FROM (SELECT at FROM record_history ORDER BY sequence DESC LIMIT 1)
           UNION ALL SELECT at FROM (SELECT accepted_at AS at FROM runs ORDER BY id DESC LIMIT 1))`,
      )
      .get();
    return {
      installId: readInstallId(db),
      latestAt: latest?.at ?? undefined,
      given: givenNumbers(db),
      ...countContent(db),
    };
  } catch {
    return 'unreadable';
  } finally {
    db?.close();
  }
}
