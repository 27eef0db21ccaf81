import { MapwrightError } from '../../core/error.ts';
import type { RecordReach } from './legacy-records.ts';

/**
 * The same records, looked for while there is time: whoever waits for the answer gives up one day, and what nobody waits for
 * must not keep the database busy. Searches reject with EXPRESSION_TIMEOUT from `maxMs` after the first one on.
 */
export function hurriedReach({ host, modules }: RecordReach, maxMs: number): RecordReach {
  const search = host.search?.bind(host);
  if (search === undefined) return { host, modules };
  let until: number | undefined;
  return {
    modules,
    host: {
      read: (id) => host.read(id),
      displayName: (id) => host.displayName(id),
      search: async (query) => {
        until ??= performance.now() + maxMs;
        if (performance.now() <= until) return search(query);
        throw new MapwrightError('EXPRESSION_TIMEOUT', `looking for records took longer than ${maxMs} ms`, {
          hint: 'look for less, or let a task of the workflow do it',
        });
      },
    },
  };
}
