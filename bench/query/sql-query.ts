import { join } from 'node:path';
import Database from 'better-sqlite3';
import { askRepeatedly, type Asking, type AskingParams } from './question-round.ts';
import { questionsOf } from './questions.ts';

type Row = readonly (string | number | null)[];

interface Prepared {
  readonly rows: Database.Statement<(string | number)[], Row>;
  readonly total: Database.Statement<(string | number)[], Row> | undefined;
  readonly values: readonly (string | number)[];
}

/** Prepared statements written by hand, in the process that asks, on the same file and with the same cache. */
export function createSqlQuery() {
  let db: Database.Database | undefined;
  let prepared: readonly Prepared[] = [];
  return {
    open({ folder, records }: { readonly folder: string; readonly records: number }): void {
      const file = new Database(join(folder, 'mapwright.db'), { readonly: true });
      prepared = questionsOf(records).map(({ sql, totalSql, values }) => ({
        rows: file.prepare<(string | number)[], Row>(sql).raw(),
        total: totalSql === undefined ? undefined : file.prepare<(string | number)[], Row>(totalSql).raw(),
        values,
      }));
      db = file;
    },
    /** With `total`, the number without the limit is asked for too. */
    round(params: AskingParams & { readonly total: boolean }): Promise<Asking> {
      const statement = prepared[params.question];
      if (statement === undefined) throw new Error(`there is no question ${params.question}`);
      const { rows, total, values } = statement;
      return askRepeatedly(params, () => {
        const found = rows.all(...values);
        if (params.total) total?.get(...values);
        return found.map(([first]) => (total === undefined ? String(first) : `14x${first}`));
      });
    },
    close: (): void => void db?.close(),
  };
}
