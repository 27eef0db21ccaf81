import Database from 'better-sqlite3';
import pg from 'pg';
import type { PassPlace } from './crashing-store.ts';

/**
 * From now on every commit of this process tells where it is, at the driver of the database: before it is said, and after
 * it took effect and before anybody knows. So a batch of many units is one place, and so is what the store writes by itself.
 * On PostgreSQL there is a place between as well: the commit is said and nobody knows what came of it.
 * For a process of its own, which ends at one of them.
 */
export function tellCommits(pass: PassPlace): void {
  tellSqliteCommits(pass);
  tellPostgresCommits(pass);
}

function tellSqliteCommits(pass: PassPlace): void {
  const { prototype } = Database;
  const prepare: unknown = Reflect.get(prototype, 'prepare');
  if (typeof prepare !== 'function') throw new Error('the driver of SQLite prepares nothing');
  Object.assign(prototype, {
    prepare(this: object, sql: string): object {
      const statement: { run: (...values: unknown[]) => unknown } = Reflect.apply(prepare, this, [sql]);
      if (sql !== 'COMMIT') return statement;
      return {
        run(...values: unknown[]) {
          pass('before COMMIT');
          const result = statement.run(...values);
          pass('after COMMIT');
          return result;
        },
      };
    },
  });
}

function tellPostgresCommits(pass: PassPlace): void {
  const { prototype } = pg.Client;
  const query: unknown = Reflect.get(prototype, 'query');
  if (typeof query !== 'function') throw new Error('the driver of PostgreSQL asks nothing');
  const open = new WeakSet<object>();
  Object.assign(prototype, {
    query(this: object, ...given: unknown[]): unknown {
      const kind = kindOf(textOf(given[0]), open.has(this));
      if (kind === 'begin') open.add(this);
      if (kind === 'end' || kind === 'commit') open.delete(this);
      if (kind !== 'commit') return Reflect.apply(query, this, given);
      pass('before COMMIT');
      const answer: unknown = Reflect.apply(query, this, given);
      pass('during COMMIT');
      return answer instanceof Promise ? answer.finally(() => pass('after COMMIT')) : answer;
    },
  });
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : '';
}

/** A statement outside of a transaction that writes is a commit of its own. */
function kindOf(sql: string, isInTransaction: boolean): 'begin' | 'commit' | 'end' | 'other' {
  if (/^\s*BEGIN/iu.test(sql)) return 'begin';
  if (/^\s*COMMIT/iu.test(sql)) return 'commit';
  if (/^\s*ROLLBACK\s*$/iu.test(sql)) return 'end';
  return !isInTransaction && /\b(?:INSERT INTO|UPDATE|DELETE FROM)\b/u.test(sql) ? 'commit' : 'other';
}
