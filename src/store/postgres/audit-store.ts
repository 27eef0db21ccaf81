import type { AuditStore } from '../../core/audit.ts';
import { spanBounds } from '../page-walk.ts';
import { AUDIT_PLACE, auditEntriesOf, auditPage } from '../audit-row.ts';
import type { AuditRow } from '../audit-row.ts';
import type { PostgresDatabase } from './database.ts';
import { numbered } from './postgres-dialect.ts';
import { storable } from './row-set.ts';

/** The audit on PostgreSQL. */
export function createAuditStore(db: PostgresDatabase): AuditStore {
  return {
    async begin({ at, by, kind, from, action, target, detail }) {
      const [row] = await db.all<{ id: number }>(
        `INSERT INTO audit_log (at, "by", kind, "from", action, target, detail, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'begun') RETURNING sequence AS id`,
        [at, by, kind, from, action, storable(target), JSON.stringify(detail)],
      );
      return row?.id ?? 0;
    },
    end: ({ id, outcome, code, detail = {} }) =>
      db.transaction(async (session) => {
        const [row] = await session.all<{ detail: string }>(
          'SELECT detail FROM audit_log WHERE sequence = $1 FOR UPDATE',
          [id],
        );
        const whole = JSON.stringify({ ...JSON.parse(row?.detail ?? '{}'), ...detail });
        await session.run('UPDATE audit_log SET outcome = $1, code = $2, detail = $3 WHERE sequence = $4', [
          outcome,
          code ?? null,
          whole,
          id,
        ]);
      }),
    async entries(filter) {
      const span = await spanBounds(filter, async (time) => {
        const [row] = await db.all<{ place: number }>(numbered(AUDIT_PLACE), [time]);
        return row?.place ?? 0;
      });
      const { sql, values } = auditPage('whole-order', filter, span);
      const stored = values.map((value) => (typeof value === 'string' ? storable(value) : value));
      return auditEntriesOf(await db.all<AuditRow>(numbered(sql), stored), filter);
    },
  };
}
