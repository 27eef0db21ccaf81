import type { Clock } from '../core/clock.ts';
import type { Dispatcher } from '../core/dispatcher.ts';
import { MapwrightError } from '../core/error.ts';
import { createLocalDispatcher } from '../dispatch/local-dispatcher.ts';
import { createNodesDispatcher } from '../dispatch/nodes-dispatcher.ts';
import { createBullmqDispatcher } from '../dispatch/bullmq-dispatcher.ts';
import type { Store } from '../store/store.ts';

export interface OpenDispatcherParams {
  readonly store: Pick<Store, 'hints' | 'installId'>;
  /** `postgres://...`: where the install is kept, when not in its folder. */
  readonly database: string | undefined;
  /** Environment variables; REDIS_URL and MAPWRIGHT_DISPATCH are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/**
 * What wakes the worker of this process, and those of others where there may be others: notices of PostgreSQL, or BullMQ
 * where it is asked for. Throws DISPATCH_INVALID for a way that is not known.
 */
export function openDispatcher({ store, database, env, clock, onFault }: OpenDispatcherParams): Dispatcher {
  const { hints: channel, installId } = store;
  if (database === undefined || channel === undefined) return createLocalDispatcher({ clock });
  const redis = env['REDIS_URL'] || undefined;
  const way = env['MAPWRIGHT_DISPATCH'] || (redis === undefined ? 'notify' : 'bullmq');
  if (way === 'notify') return createNodesDispatcher({ channel, clock });
  if (way === 'bullmq') return createBullmqDispatcher({ url: redis ?? database, installId, clock, onFault });
  throw new MapwrightError('DISPATCH_INVALID', `MAPWRIGHT_DISPATCH is "${way}", which is no way to wake nodes.`, {
    hint: 'Say notify or bullmq, the same on all nodes, or leave it out.',
  });
}
