import { writeSync } from 'node:fs';
import type { Store } from '../../src/store/store.ts';

/** Where a process dies: at the how manyth place, counted from 0; never, when undefined. */
export type CrashPoint = number | undefined;

/** The methods that write for records and runs; the places before and after each of them are where a crash may fall. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  records: ['commit'],
  journal: ['claimDue', 'claim', 'settle', 'release', 'intervene'],
  deliveries: ['claim', 'settle'],
};

const STANDARD_OUTPUT = 1;

/**
 * The store, but the process kills itself at the given place: right before a durable write is asked for, or right after
 * it is on disk and nobody has been told. Every place passed is written to standard output: `at 7 after journal.settle`.
 */
export function crashingStore(store: Store, crashAt: CrashPoint): Store {
  let places = 0;
  const pass = (place: string): void => {
    const number = places++;
    writeSync(STANDARD_OUTPUT, `at ${number} ${place}\n`);
    if (number === crashAt) process.kill(process.pid, 'SIGKILL');
  };
  return {
    ...store,
    records: crashing(store.records, 'records', pass),
    journal: crashing(store.journal, 'journal', pass),
    deliveries: crashing(store.deliveries, 'deliveries', pass),
  };
}

function crashing<T extends object>(part: T, name: string, pass: (place: string) => void): T {
  return new Proxy(part, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as (...given: readonly unknown[]) => unknown;
      if (typeof key === 'symbol' || WRITES[name]?.includes(key) !== true) return method;
      return async (...given: readonly unknown[]) => {
        // Looking for work that there may not be is no write yet.
        if (!key.startsWith('claim')) pass(`before ${name}.${key}`);
        const result = await method(...given);
        if (hasWritten(result)) pass(`after ${name}.${key}`);
        return result;
      };
    },
  });
}

function hasWritten(result: unknown): boolean {
  return Array.isArray(result) ? result.length > 0 : result !== undefined;
}
