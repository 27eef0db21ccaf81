import type { AgedKind, RemovedKind, RetentionHold, RetentionStore } from '../../core/retention-store.ts';
import { MOST_TAKEN } from '../../core/retention-store.ts';
import { type FiguresRow, figuresOf, outcomeTotals, type TotalRow } from '../retention-row.ts';
import {
  ADD_TOTAL,
  AGED_TABLES,
  candidatesText,
  countText,
  FIGURES,
  HOLD,
  LET_GO,
  LISTED_TEXTS,
  NAMED_INDEX,
  oldestText,
  PROLONG,
  REMOVE_JOBS,
  TOTALS,
} from '../retention-text.ts';
import type { SqlText } from '../sql-text.ts';
import type { PostgresDatabase, Session, SqlParameter } from './database.ts';
import { numbered } from './postgres-dialect.ts';
import { clearRemoved, takeRuns } from './run-removal.ts';

/** Removal on PostgreSQL: one node at a time, told by a row that each of its transactions writes first. */
export function createRetentionStore(db: PostgresDatabase): RetentionStore {
  /** Undefined when somebody else holds it by now. */
  const held = <T>(
    { holder, now, leaseMs }: RetentionHold,
    work: (session: Session) => Promise<T>,
  ): Promise<T | undefined> =>
    db.transaction(async (session) => {
      const isHeld = (await session.run(numbered(PROLONG), [now + leaseMs, holder])) > 0;
      return isHeld ? work(session) : undefined;
    });
  return {
    hold: async ({ holder, now, leaseMs }) => (await db.run(numbered(HOLD), [holder, now + leaseMs, now])) > 0,
    letGo: async ({ holder, startedAt, endedAt, left }) =>
      void (await db.run(numbered(LET_GO), [startedAt, endedAt, left, holder])),
    async figures() {
      const [row] = await db.all<FiguresRow>(FIGURES);
      return figuresOf(row, await db.all<TotalRow>(TOTALS));
    },
    count: async (rule) => (await db.all<{ count: number }>(...retentionText(countText(rule))))[0]?.count ?? 0,
    oldestOf: async (params) => (await db.all<{ id: number }>(...retentionText(oldestText(params))))[0]?.id,
    candidates: async (params) => {
      const found = await db.all<{ id: number }>(...retentionText(candidatesText(params)));
      return found.map(({ id }) => id);
    },
    take: (hold, runs) =>
      held(hold, async (session) => {
        const taken = await takeRuns(session, runs.slice(0, MOST_TAKEN));
        for (const [outcome, count] of outcomeTotals(taken)) await add(session, outcome, count);
        return taken.length;
      }),
    clear: (hold, limit) =>
      held(hold, async (session) => {
        const { rows, texts } = await clearRemoved(session, limit);
        await add(session, 'text', texts);
        return rows;
      }),
    forget: (hold, { kind, before, limit }) =>
      held(hold, async (session) => {
        const removed = await session.run(FORGET[kind], [before, limit]);
        await add(session, kind, removed);
        return removed;
      }),
  };
}

async function add(session: Session, kind: RemovedKind, removed: number): Promise<void> {
  if (removed > 0) await session.run(numbered(ADD_TOTAL), [kind, removed]);
}

function retentionText({ sql, values }: SqlText): [sql: string, values: SqlParameter[]] {
  const listed = 'SELECT value FROM json_array_elements_text(?::json)';
  return [numbered(sql.replaceAll(LISTED_TEXTS, listed).replaceAll(NAMED_INDEX, '')), [...values]];
}

const FORGET: Readonly<Record<AgedKind, string>> = {
  ...(Object.fromEntries(
    Object.entries(AGED_TABLES).map(([kind, { table, column, by }]) => [
      kind,
      by === 'index'
        ? `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${column} < $1
            ORDER BY ${column} LIMIT $2::bigint FOR UPDATE SKIP LOCKED))`
        : `DELETE FROM ${table} WHERE sequence = ANY(ARRAY(SELECT sequence FROM ${table}
            ORDER BY sequence LIMIT $2::bigint)) AND ${column} < $1`,
    ]),
    // Sound because the table of aged tables names every kind but jobs.
  ) as Record<Exclude<AgedKind, 'job'>, string>),
  job: numbered(REMOVE_JOBS),
};
