import type { ScheduleStore } from '../../core/schedule.ts';
import { SCHEDULE_COLUMNS, type ScheduleRow, scheduleOf, scheduleValues } from '../schedule-row.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** Where schedules stand, on SQLite. */
export function createScheduleStore(db: SqliteDatabase, commits: GroupCommit): ScheduleStore {
  const sql = prepare(db);
  return {
    ...createScheduleReader(db),
    schedule: guarded((name) => {
      const row = sql.one.get(name);
      return row && scheduleOf(row);
    }),
    save: (state) => {
      const { name, version } = state;
      const values = scheduleValues(state);
      return commits.write(() =>
        version === 0
          ? sql.insert.run(name, ...values).changes > 0
          : sql.update.run(...values, name, version).changes > 0,
      );
    },
    remove: ({ name, version }) => commits.write(() => sql.remove.run(name, version).changes > 0),
  };
}

/** The part of it that only looks. */
export function createScheduleReader(db: SqliteDatabase): Pick<ScheduleStore, 'schedules'> {
  const all = db.prepare<[], ScheduleRow>(`SELECT ${SCHEDULE_COLUMNS} FROM schedules ORDER BY name`);
  return { schedules: guarded(() => all.all().map(scheduleOf)) };
}

type Values = (string | number | null)[];

function prepare(db: SqliteDatabase) {
  return {
    one: db.prepare<[string], ScheduleRow>(`SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE name = ?`),
    insert: db.prepare<[string, ...Values]>(
      `INSERT INTO schedules (name, version, revision, timing, settled_until, paused_at, paused_by, work, holder,
         held_until, last, missed)
       VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    update: db.prepare<Values>(
      `UPDATE schedules SET version = version + 1, revision = ?, timing = ?, settled_until = ?, paused_at = ?,
         paused_by = ?, work = ?, holder = ?, held_until = ?, last = ?, missed = ?
       WHERE name = ? AND version = ?`,
    ),
    remove: db.prepare<[string, number]>('DELETE FROM schedules WHERE name = ? AND version = ?'),
  };
}
