import type { ModuleDefinition } from '../../core/module.ts';
import { type FileUseChange, fileUseChange } from '../file-use.ts';
import type { SqliteDatabase } from './database.ts';

/** Notes which records hold which files, inside a unit of the group commit. */
export class FileUses {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  note(module: ModuleDefinition, change: Parameters<typeof fileUseChange>[1]): void {
    const uses = fileUseChange(module, change);
    if (uses !== undefined) this.#write(uses);
  }

  #write({ holder, begun, ended, at }: FileUseChange): void {
    for (const file of begun) {
      this.#sql.begin.run(file, holder);
      this.#sql.use.run(file);
    }
    for (const file of ended) {
      this.#sql.end.run(at, file, holder);
      this.#sql.unuse.run(at, file);
    }
  }
}

function prepare(db: SqliteDatabase) {
  return {
    begin: db.prepare<[string, string]>(
      'INSERT INTO file_uses (file, holder) VALUES (?, ?) ON CONFLICT (file, holder) DO UPDATE SET ended_at = NULL',
    ),
    use: db.prepare<[string]>('UPDATE files SET unused_since = NULL WHERE id = ?'),
    end: db.prepare<[number, string, string]>('UPDATE file_uses SET ended_at = ? WHERE file = ? AND holder = ?'),
    unuse: db.prepare<[number, string]>(
      `UPDATE files SET unused_since = ? WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM file_uses WHERE file_uses.file = files.id AND ended_at IS NULL)`,
    ),
  };
}
