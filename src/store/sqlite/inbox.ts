import type { InboxState } from '../../core/inbox.ts';
import type { InboxMark } from '../../core/journal.ts';
import type { RunId } from '../../core/run.ts';
import type { InboxEntry } from '../inbox-entry.ts';
import type { SqliteDatabase } from './database.ts';

/** Who changes a row, when and how. */
export interface InboxChange {
  readonly run: RunId;
  readonly by: string;
  readonly at: number;
}

/** The rows of the inbox. Every method belongs inside a unit of the group commit. */
export class Inbox {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** A run has come to need a person; one that came before has its row opened again. */
  add(run: RunId, { task, inDoubt, ...entry }: InboxEntry, at: number): void {
    this.#sql.add.run({ run, ...entry, task: task ?? null, inDoubt: Number(inDoubt), at });
  }

  /** A person's command has dealt with the run. */
  resolve({ run, by, at }: InboxChange, resolution: string): void {
    this.#sql.resolve.run(at, by, resolution, run);
  }

  /** The row stands again as it did before it was resolved. */
  reopen({ run, by, at }: InboxChange, state: InboxState): void {
    this.#sql.reopen.run(state, at, by, run);
  }

  /** False when there is no such row, or it is in another state. */
  mark({ run, by, at }: InboxChange, { from, state, owner, note }: InboxMark): boolean {
    const values = {
      run,
      by,
      at,
      from: JSON.stringify(from),
      state: state ?? null,
      setsOwner: Number(owner !== undefined),
      owner: owner ?? null,
      note: note ?? null,
    };
    return this.#sql.mark.run(values).changes > 0;
  }
}

function prepare(db: SqliteDatabase) {
  return {
    add: db.prepare<{
      run: number;
      kind: string;
      code: string;
      destination: string;
      task: string | null;
      message: string;
      inDoubt: number;
      at: number;
    }>(
      `INSERT INTO inbox (run, state, kind, code, destination, workflow, module, record_id, task, message, in_doubt, since, times)
       SELECT id, 'open', @kind, @code, @destination, workflow, module, record_id, @task, @message, @inDoubt, @at, 1
       FROM runs WHERE id = @run
       ON CONFLICT (run) DO UPDATE SET state = 'open', kind = excluded.kind, code = excluded.code,
         destination = excluded.destination, task = excluded.task, message = excluded.message,
         in_doubt = excluded.in_doubt, since = excluded.since, times = times + 1, resolution = NULL`,
    ),
    resolve: db.prepare<[number, string, string, number]>(
      `UPDATE inbox SET state = 'resolved', changed_at = ?, changed_by = ?, resolution = ? WHERE run = ?`,
    ),
    reopen: db.prepare<[string, number, string, number]>(
      'UPDATE inbox SET state = ?, changed_at = ?, changed_by = ?, resolution = NULL WHERE run = ?',
    ),
    mark: db.prepare<{
      run: number;
      by: string;
      at: number;
      from: string;
      state: string | null;
      setsOwner: number;
      owner: string | null;
      note: string | null;
    }>(
      `UPDATE inbox SET state = coalesce(@state, state),
         resolution = CASE WHEN @state IS NULL THEN resolution WHEN @state = 'resolved' THEN 'done' END,
         owner = iif(@setsOwner, @owner, owner), note = coalesce(@note, note),
         changed_at = @at, changed_by = @by
       WHERE run = @run AND state IN (SELECT value FROM json_each(@from))`,
    ),
  };
}
