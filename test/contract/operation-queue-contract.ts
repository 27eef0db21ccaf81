import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WaitingOperation } from '../../src/core/operation-queue.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const queued = (id: string, dueAt: number, more: Partial<WaitingOperation> = {}): WaitingOperation => ({
  id,
  user: '19x1',
  operation: 'create',
  parameters: { element: { name: 'ü' } },
  dueAt,
  attempts: 0,
  ...more,
});

/** How every store keeps operations that were put off. */
export function operationQueueContract(name: string, factory: InstallFactory): void {
  describe(`queued operations: ${name}`, () => {
    it('are due in the order of their times, then of their coming', async (context) => {
      const { operations } = await freshStore(context, factory);
      assert.equal(await operations.nextDue(), undefined);
      await operations.add(queued('late', 20));
      await operations.add(queued('b', 10));
      await operations.add(queued('a', 10));
      assert.equal(await operations.nextDue(), 10);
      assert.deepEqual(await operations.due({ now: 9, limit: 10 }), []);
      const due = await operations.due({ now: 20, limit: 2 });
      assert.deepEqual(due, [queued('b', 10), queued('a', 10)]);
    });

    it('are read a few at a time where they are large, one at least', async (context) => {
      const { operations } = await freshStore(context, factory);
      const large = { parameters: { element: 'x'.repeat(3 * 1024 * 1024) } };
      for (const id of ['a', 'b']) await operations.add(queued(id, 10, large));
      await operations.add(queued('huge', 5, { parameters: { element: 'x'.repeat(6 * 1024 * 1024) } }));
      const idsDue = async () => (await operations.due({ now: 10, limit: 10 })).map(({ id }) => id);
      assert.deepEqual(await idsDue(), ['huge']);
      await operations.finish({ id: 'huge', answer: {}, now: 10, keptUntil: 90 });
      assert.deepEqual(await idsDue(), ['a']);
    });

    it('stay due until they are finished, and keep their first answer', async (context) => {
      const { operations } = await freshStore(context, factory);
      await operations.add(queued('a', 10));
      assert.deepEqual(await operations.result('a'), { user: '19x1', answer: undefined });
      await operations.finish({ id: 'a', answer: { success: true }, now: 10, keptUntil: 100 });
      await operations.finish({ id: 'a', answer: { success: false }, now: 10, keptUntil: 100 });
      assert.deepEqual(await operations.result('a'), { user: '19x1', answer: { success: true } });
      assert.deepEqual(await operations.due({ now: 99, limit: 10 }), []);
      assert.equal(await operations.nextDue(), undefined);
    });

    it('are forgotten with later answers once their time is over', async (context) => {
      const { operations } = await freshStore(context, factory);
      for (const id of ['a', 'b']) await operations.add(queued(id, 10));
      await operations.finish({ id: 'a', answer: {}, now: 10, keptUntil: 50 });
      await operations.finish({ id: 'b', answer: {}, now: 50, keptUntil: 90 });
      assert.equal(await operations.result('a'), undefined);
      assert.notEqual(await operations.result('b'), undefined);
    });

    it('tell how often they were begun and not ended, also after closing and opening', async (context) => {
      const install = await factory();
      context.after(() => install.remove());
      const first = await install.open();
      await first.operations.add(queued('a', 10));
      await first.operations.add(queued('b', 20));
      for (let time = 0; time < 2; time++) await first.operations.begin('a');
      await first.operations.begin('b');
      for (let time = 0; time < 2; time++) await first.operations.release('b');
      await first.operations.begin('unknown');
      await first.close();
      const second = await install.open();
      const due = await second.operations.due({ now: 20, limit: 10 });
      assert.deepEqual(due, [queued('a', 10, { attempts: 2 }), queued('b', 20)]);
      await second.close();
    });

    it('survive closing and opening', async (context) => {
      const install = await factory();
      context.after(() => install.remove());
      const first = await install.open();
      await first.operations.add(queued('a', 10));
      await first.close();
      const second = await install.open();
      assert.deepEqual(await second.operations.due({ now: 10, limit: 1 }), [queued('a', 10)]);
      await second.close();
    });
  });
}
