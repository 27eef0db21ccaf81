import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nativeDocument, productSync } from './documents.ts';
import { openHostilePeer } from './hostile-peer.ts';
import { callingPeer, TestInstall } from './install-fixture.ts';

const LINKED = nativeDocument(
  'workflow',
  'name="linked" module="Products"',
  `<trigger on="update"><condition field="remote_id" is="changed"/></trigger>
   <tasks><set-fields id="note"><set field="description" template="linked to {record.remote_id}"/></set-fields></tasks>`,
);

describe('a field that a run writes', () => {
  for (const [attribute, expected] of [
    [' fires="true"', ['product-created', 'linked']],
    ['', ['product-created']],
  ] as const) {
    it(`starts ${expected.length - 1} other workflows when its output says "${attribute.trim()}"`, async (t) => {
      const peer = await openHostilePeer(t);
      const documents = await productSync((text) =>
        text.replace('field="remote_id"/>', `field="remote_id"${attribute}/>`),
      );
      const a = await TestInstall.open(t, { documents: [...documents, LINKED], ...callingPeer(peer) });
      const product = await a.create({ productname: 'Bolt' });
      const runs = await a.allEnded(expected.length);
      assert.deepEqual(
        runs.map(({ workflow }) => workflow),
        expected,
      );
      assert.ok(runs.every(({ status }) => status === 'completed'));
      const remoteId = [...peer.products.values()][0];
      const description = expected.length === 2 ? `linked to ${remoteId}` : null;
      assert.deepEqual(
        [(await a.values(product.id))['remote_id'], (await a.values(product.id))['description']],
        [remoteId, description],
      );
      assert.deepEqual(
        runs.map(({ depth, rootRun }) => [depth, rootRun]),
        [
          [0, 1],
          [1, 1],
        ].slice(0, expected.length),
      );
    });
  }
});
