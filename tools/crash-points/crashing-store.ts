import type { Store } from '../../src/store/store.ts';
import { STORE_METHODS, accessOf } from './store-writes.ts';

/** Told of each place that a life passes, before it goes on: `before journal.settle`. May end the process. */
export type PassPlace = (place: string) => void;

/**
 * The store, but each durable write tells where it is: right before it is asked for, and right after it is on disk and
 * nobody has been told.
 */
export function crashingStore(store: Store, pass: PassPlace): Store {
  const parts = Object.entries(store).map(([name, part]: [string, unknown]) => [
    name,
    name in STORE_METHODS && typeof part === 'object' && part !== null ? passing(part, name, pass) : part,
  ]);
  // Sound because each part is what it was, behind a proxy of its own.
  return Object.fromEntries(parts) as Store;
}

function passing<T extends object>(part: T, name: string, pass: PassPlace): T {
  return new Proxy(part, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function' || typeof key === 'symbol') return member;
      const method = member.bind(target) as (...given: readonly unknown[]) => unknown;
      const access = accessOf(name, key);
      if (access !== 'write' && access !== 'claim') return method;
      return async (...given: readonly unknown[]) => {
        if (access === 'write') pass(`before ${name}.${key}`);
        const result = await method(...given);
        // Looking for work that there is not is no write.
        if (access === 'write' || hasFound(result)) pass(`after ${name}.${key}`);
        return result;
      };
    },
  });
}

function hasFound(result: unknown): boolean {
  return Array.isArray(result) ? result.length > 0 : result !== undefined;
}
