import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { hurriedReach } from '../../src/engine/legacy/hurried-reach.ts';
import { until } from '../whole/poll.ts';

const QUERY = { module: 'Products', select: '*', where: undefined, order: [], offset: 0, limit: 1 } as const;

it('searches are begun as long as somebody may wait for them, and not after that', async () => {
  let begun = 0;
  const reach = hurriedReach(
    {
      modules: () => new Map(),
      host: {
        read: async () => undefined,
        displayName: async () => undefined,
        search: async () => {
          begun += 1;
          await pause(5);
          return [];
        },
      },
    },
    50,
  );
  const refused = await until('a search is refused', () =>
    reach.host.search?.(QUERY).then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
  assert.equal(Object(refused).code, 'EXPRESSION_TIMEOUT');
  assert.ok(begun > 0);
  const before = begun;
  await assert.rejects(async () => reach.host.search?.(QUERY), { code: 'EXPRESSION_TIMEOUT' });
  assert.equal(begun, before);
});

it('where nothing can be searched, nothing is promised', () => {
  const host = { read: async () => undefined, displayName: async () => undefined };
  assert.equal(hurriedReach({ modules: () => new Map(), host }, 50).host.search, undefined);
});
