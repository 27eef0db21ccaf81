import type { ScheduleStore } from '../../core/schedule.ts';
import { SCHEDULE_COLUMNS, type ScheduleRow, scheduleOf, scheduleValues } from '../schedule-row.ts';
import type { PostgresDatabase } from './database.ts';

/** Where schedules stand, on PostgreSQL: nodes that decide at once are told apart by the version that they decided on. */
export function createScheduleStore(db: PostgresDatabase): ScheduleStore {
  return {
    async schedules() {
      const rows = await db.all<ScheduleRow>(`SELECT ${SCHEDULE_COLUMNS} FROM schedules ORDER BY name`);
      return rows.map(scheduleOf);
    },
    async schedule(name) {
      const [row] = await db.all<ScheduleRow>(`SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE name = $1`, [name]);
      return row && scheduleOf(row);
    },
    async save(state) {
      const values = [...scheduleValues(state), state.name];
      if (state.version === 0) return (await db.run(INSERT, values)) > 0;
      return (await db.run(UPDATE, [...values, state.version])) > 0;
    },
    remove: async ({ name, version }) =>
      (await db.run('DELETE FROM schedules WHERE name = $1 AND version = $2', [name, version])) > 0,
  };
}

const INSERT = `INSERT INTO schedules (version, revision, timing, settled_until, paused_at, paused_by, work, holder,
    held_until, last, missed, name)
  VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`;

const UPDATE = `UPDATE schedules SET version = version + 1, revision = $1, timing = $2, settled_until = $3,
    paused_at = $4, paused_by = $5, work = $6, holder = $7, held_until = $8, last = $9, missed = $10
  WHERE name = $11 AND version = $12`;
