import type { AcceptedRun, RunId } from '../../core/run.ts';
import type { SqliteDatabase } from './database.ts';

/**
 * Which workflow has been started for which record by a trigger that fires once. The mark belongs to the run that it was
 * set with. Every method but `holds` belongs inside a unit of the group commit.
 */
export class FirstTrueMarks {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /**
   * Whether a run may be accepted: `free` as there is no mark, `fired`, or `undecided` while it is open whether the run
   * that holds the mark fires. That one may turn out not to: the new run is then accepted to be judged after it.
   */
  state({ workflow, recordId }: AcceptedRun): 'free' | 'fired' | 'undecided' {
    const holder = this.#sql.holder.get(recordId ?? '', workflow);
    if (holder === undefined) return 'free';
    return holder.isOpen === 1 ? 'undecided' : 'fired';
  }

  set({ workflow, recordId }: AcceptedRun, run: RunId): void {
    this.#sql.insert.run(recordId ?? '', workflow, run);
  }

  holds(run: RunId): boolean {
    return this.#sql.holds.get({ run }) !== undefined;
  }

  /** Hands the run's mark, if it has one, to the next undecided run of the same workflow and record, or takes it away. */
  giveBack(run: RunId): void {
    if (!this.holds(run)) return;
    const next = this.#sql.next.get({ run })?.id;
    if (next === undefined) this.#sql.remove.run({ run });
    else this.#sql.handOver.run({ run, next });
  }
}

const OF_RUN = `run = @run AND (record_id, workflow) = (SELECT record_id, workflow FROM runs WHERE id = @run)`;

function prepare(db: SqliteDatabase) {
  return {
    holder: db.prepare<[string, string], { isOpen: number }>(
      // A run that was accepted undecided has begun no step before its trigger was found to hold.
      // One that has been removed since had ended.
      `SELECT coalesce(runs.undecided = 1 AND runs.ended_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM steps WHERE steps.run = runs.id), 0) AS isOpen
       FROM first_true LEFT JOIN runs ON runs.id = first_true.run
       WHERE first_true.record_id = ? AND first_true.workflow = ?`,
    ),
    insert: db.prepare<[string, string, number]>('INSERT INTO first_true (record_id, workflow, run) VALUES (?, ?, ?)'),
    holds: db.prepare<{ run: number }>(`SELECT 1 FROM first_true WHERE ${OF_RUN}`),
    next: db.prepare<{ run: number }, { id: number }>(
      `SELECT later.id FROM runs AS given JOIN runs AS later ON later.record_id = given.record_id
         JOIN run_triggers ON run_triggers.run = later.id
       WHERE given.id = @run AND later.id > @run AND later.workflow = given.workflow AND later.undecided = 1
         AND later.ended_at IS NULL AND json_extract(trigger, '$.once')
       ORDER BY later.id LIMIT 1`,
    ),
    handOver: db.prepare<{ run: number; next: number }>(`UPDATE first_true SET run = @next WHERE ${OF_RUN}`),
    remove: db.prepare<{ run: number }>(`DELETE FROM first_true WHERE ${OF_RUN}`),
  };
}
