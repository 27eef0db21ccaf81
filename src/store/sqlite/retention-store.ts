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
  oldestText,
  PROLONG,
  REMOVE_JOBS,
  TOTALS,
} from '../retention-text.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { QueryThread } from './query-thread.ts';
import { RunRemoval } from './run-removal.ts';
import { guarded } from './sqlite-failure.ts';

/** Removal on SQLite. What may go is found on the reader thread; it may be removed anew after a power cut. */
export function createRetentionStore(parts: {
  readonly db: SqliteDatabase;
  readonly commits: GroupCommit;
  readonly queries: QueryThread;
}): RetentionStore {
  const { db, commits, queries } = parts;
  const sql = prepare(db);
  const removal = new RunRemoval(db);
  const add = (kind: RemovedKind, removed: number): void => {
    if (removed > 0) sql.addTotal.run(kind, removed);
  };
  /** Undefined when somebody else holds it by now. */
  const held = <T>({ holder, now, leaseMs }: RetentionHold, work: () => T): Promise<T | undefined> =>
    commits.write(() => (sql.prolong.run(now + leaseMs, holder).changes === 0 ? undefined : work()), 'system');
  return {
    hold: ({ holder, now, leaseMs }) =>
      commits.write(() => sql.hold.run(holder, now + leaseMs, now).changes > 0, 'system'),
    letGo: ({ holder, startedAt, endedAt, left }) =>
      commits.write(() => void sql.letGo.run(startedAt, endedAt, left, holder), 'system'),
    figures: guarded(() => figuresOf(sql.figures.get(), sql.totals.all())),
    async count(rule) {
      const [row] = await queries.query(countText(rule));
      return Number(row?.[0] ?? 0);
    },
    async oldestOf(params) {
      const [row] = await queries.query(oldestText(params));
      return row === undefined ? undefined : Number(row[0]);
    },
    async candidates(params) {
      const rows = await queries.query(candidatesText(params));
      return rows.map(([id]) => Number(id));
    },
    take: (hold, runs) =>
      held(hold, () => {
        const taken = removal.take(runs.slice(0, MOST_TAKEN));
        for (const [outcome, count] of outcomeTotals(taken)) add(outcome, count);
        return taken.length;
      }),
    clear: (hold, limit) =>
      held(hold, () => {
        const { rows, texts } = removal.clear(limit);
        add('text', texts);
        return rows;
      }),
    forget: (hold, { kind, before, limit }) =>
      held(hold, () => {
        const { changes } = sql.forget(kind).run({ before, limit });
        add(kind, changes);
        return changes;
      }),
  };
}

function prepare(db: SqliteDatabase) {
  type Aged = { readonly before: number; readonly limit: number };
  const known = new Map<AgedKind, ReturnType<typeof db.prepare<Aged>>>();
  return {
    hold: db.prepare<[string, number, number]>(HOLD),
    prolong: db.prepare<[number, string]>(PROLONG),
    letGo: db.prepare<[number, number, number, string]>(LET_GO),
    figures: db.prepare<[], FiguresRow>(FIGURES),
    totals: db.prepare<[], TotalRow>(TOTALS),
    addTotal: db.prepare<[string, number]>(ADD_TOTAL),
    forget(kind: AgedKind) {
      const statement = known.get(kind) ?? db.prepare<Aged>(forgetText(kind));
      known.set(kind, statement);
      return statement;
    },
  };
}

function forgetText(kind: AgedKind): string {
  if (kind === 'job') return REMOVE_JOBS.replace('?', '@before').replace('?', '@limit');
  const { table, column, by } = AGED_TABLES[kind];
  return by === 'index'
    ? `DELETE FROM ${table} WHERE rowid IN
        (SELECT rowid FROM ${table} WHERE ${column} < +@before ORDER BY ${column} LIMIT +@limit)`
    : `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} ORDER BY rowid LIMIT +@limit) AND ${column} < @before`;
}
