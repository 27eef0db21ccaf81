import type { AuditStore } from '../../core/audit.ts';
import { spanBounds } from '../page-walk.ts';
import { AUDIT_PLACE, auditEntriesOf, auditPage } from '../audit-row.ts';
import type { AuditRow } from '../audit-row.ts';
import type { SqlValue } from '../sql-text.ts';
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
  const place = db.prepare<[number], { place: number }>(AUDIT_PLACE);
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
    entries: guarded(async (filter) => {
      const span = await spanBounds(filter, async (time) => place.get(time)?.place ?? 0);
      const { sql, values } = auditPage('named-index', filter, span);
      return auditEntriesOf(db.prepare<SqlValue[], AuditRow>(sql).all(...values), filter);
    }),
  };
}
