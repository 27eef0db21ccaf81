import type { AuditStore } from '../../core/audit.ts';
import { AUDIT_COLUMNS, auditCondition, auditEntryOf } from '../audit-row.ts';
import type { AuditRow } from '../audit-row.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** The audit on SQLite. */
export function createAuditStore(db: SqliteDatabase, commits: GroupCommit): AuditStore {
  const insert = db.prepare<[number, string, string, string, string, string, string]>(
    `INSERT INTO audit_log (at, "by", kind, "from", action, target, detail, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, 'begun')`,
  );
  const detailOf = db.prepare<[number], { detail: string }>('SELECT detail FROM audit_log WHERE sequence = ?');
  const end = db.prepare<[string, string | null, string, number]>(
    'UPDATE audit_log SET outcome = ?, code = ?, detail = ? WHERE sequence = ?',
  );
  return {
    begin: ({ at, by, kind, from, action, target, detail }) =>
      commits.write(() =>
        Number(insert.run(at, by, kind, from, action, target, JSON.stringify(detail)).lastInsertRowid),
      ),
    end: async ({ id, outcome, code, detail = {} }) =>
      void (await commits.write(() => {
        const whole = { ...JSON.parse(detailOf.get(id)?.detail ?? '{}'), ...detail };
        end.run(outcome, code ?? null, JSON.stringify(whole), id);
      })),
    entries: guarded((filter) => {
      const { sql, values } = auditCondition(filter, () => '?');
      return db
        .prepare<(string | number)[], AuditRow>(
          `SELECT ${AUDIT_COLUMNS} FROM audit_log WHERE ${sql} ORDER BY sequence DESC LIMIT ?`,
        )
        .all(...values, filter.limit)
        .map(auditEntryOf);
    }),
  };
}
