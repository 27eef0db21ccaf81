import type { HeldWork, Recovery } from '../../core/recovery.ts';
import { HOLD } from '../hold-text.ts';
import type { PostgresDatabase, Session } from './database.ts';
import type { NumberSequence } from './number-sequence.ts';
import { numbered } from './postgres-dialect.ts';

const NOTHING: HeldWork = { runs: 0, jobs: 0, schedules: 0 };

/** Prepares a database of the past for going on; see `Recovery`. */
export function createRecovery(db: PostgresDatabase, numbers: NumberSequence): Recovery {
  return {
    afterRestore: ({ at, ahead, given, hold }) =>
      db.transaction(
        async (session) => {
          const [row] = await session.all<{ below: number }>(RAISE_RECORDS, [given?.recordsBelow ?? 0, ahead]);
          // What this process has reserved for itself is as old as the rest.
          await numbers.observe(session, (row?.below ?? 1) - 1);
          for (const { table, sequence } of await session.all<CountedTable>(COUNTED)) {
            await session.all(RAISE, [sequence, given?.rows[table] ?? 0, ahead]);
          }
          return hold ? holdAll(session, at) : NOTHING;
        },
        { unhurried: true },
      ),
  };
}

async function holdAll(session: Session, at: number): Promise<HeldWork> {
  const change = (text: string, ...times: readonly number[]): Promise<number> => session.run(numbered(text), times);
  const runs = await change(HOLD.runs, at);
  await change(HOLD.inbox);
  await change(HOLD.items, at);
  const jobs = await change(HOLD.jobs, at);
  return { runs, jobs, schedules: await change(HOLD.schedules, at, at) };
}

interface CountedTable {
  readonly table: string;
  readonly sequence: string;
}

const COUNTED = `SELECT relname AS table, pg_get_serial_sequence(quote_ident(relname), attname) AS sequence
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('schema_versions'))
    AND relkind = 'r' AND attidentity <> '' ORDER BY relname`;
// What nextval gives here is never used: a number that nobody was given costs nothing.
const RAISE = 'SELECT setval($1::regclass, greatest(nextval($1::regclass), $2) + $3)';
const RAISE_RECORDS =
  'UPDATE install SET numbers_below = greatest(numbers_below, $1) + $2 RETURNING numbers_below AS below';
