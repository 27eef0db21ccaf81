import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Clock } from '../../src/core/clock.ts';

/** Whose time it is for what is done within. */
const lives = new AsyncLocalStorage<Clock>();
let isMoved = false;

const SERVER_TIME = 'clock_timestamp()';

/**
 * Does the work by this clock, the database's included: an install in PostgreSQL goes by what the server says the time is.
 * Lives of the same process may have clocks of their own.
 */
export function byClock<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  moveDatabaseClock();
  return lives.run(clock, work);
}

/** From now on whoever asks a PostgreSQL server for its time within a life is told the time of that life. */
function moveDatabaseClock(): void {
  if (isMoved) return;
  isMoved = true;
  const { prototype } = pg.Client;
  const query: unknown = Reflect.get(prototype, 'query');
  if (typeof query !== 'function') throw new Error('the driver of PostgreSQL asks nothing');
  Object.assign(prototype, {
    query(this: object, asked: unknown, ...more: unknown[]): unknown {
      const clock = lives.getStore();
      return Reflect.apply(query, this, [clock === undefined ? asked : told(asked, clock), ...more]);
    },
  });
}

function told(asked: unknown, clock: Clock): unknown {
  if (typeof asked !== 'object' || asked === null || !('text' in asked)) return asked;
  const text = String(asked.text);
  if (!text.includes(SERVER_TIME)) return asked;
  // A prepared statement would go on telling the time at which it was prepared.
  return { ...asked, name: undefined, text: text.replaceAll(SERVER_TIME, `to_timestamp(${clock.now() / 1_000})`) };
}
