import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditIntent } from '../../src/core/audit.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const intent = (params: Partial<AuditIntent> = {}): AuditIntent => ({
  at: 10,
  by: 'anna',
  kind: 'user',
  from: '10.0.0.1',
  action: 'setSetting',
  target: 'a',
  detail: { asked: { value: '1' } },
  ...params,
});

/** What every store does with the audit. */
export function auditContract(name: string, factory: InstallFactory): void {
  describe(`audit: ${name}`, () => {
    it('tells what was begun, and how it ended', async (context) => {
      const { audit } = await freshStore(context, factory);
      const id = await audit.begin(intent());
      const begun = { id, ...intent(), outcome: 'begun', code: undefined };
      assert.deepEqual(await audit.entries({ limit: 10 }), [begun]);
      await audit.end({ id, outcome: 'done', detail: { after: null } });
      const refused = await audit.begin(intent({ target: 'b\u0000' }));
      await audit.end({ id: refused, outcome: 'refused', code: 'NAME_INVALID' });
      const [second, first] = await audit.entries({ limit: 10 });
      assert.deepEqual([second?.outcome, second?.code], ['refused', 'NAME_INVALID']);
      assert.deepEqual(first, { ...begun, outcome: 'done', detail: { asked: { value: '1' }, after: null } });
    });

    it('is filtered, and read page by page, newest first', async (context) => {
      const { audit } = await freshStore(context, factory);
      for (const [at, by] of [
        [1, 'anna'],
        [2, 'ben'],
        [3, 'anna'],
        [4, 'anna'],
      ] as const) {
        await audit.begin(intent({ at, by, target: String(at), action: at === 4 ? 'apply' : 'setSetting' }));
      }
      const targets = async (filter: Omit<Parameters<typeof audit.entries>[0], 'limit'>, limit = 10) =>
        (await audit.entries({ ...filter, limit })).map(({ target }) => target);
      assert.deepEqual(await targets({}), ['4', '3', '2', '1']);
      assert.deepEqual(await targets({ by: 'anna' }), ['4', '3', '1']);
      assert.deepEqual(await targets({ by: 'anna', action: 'setSetting' }), ['3', '1']);
      assert.deepEqual(await targets({ since: 2, until: 4 }), ['3', '2']);
      assert.deepEqual(await targets({ target: '2' }), ['2']);
      const [newest] = await audit.entries({ by: 'anna', limit: 1 });
      assert.deepEqual(await targets({ by: 'anna', before: newest?.id }, 1), ['3']);
      assert.deepEqual(await targets({ after: 0 }, 2), ['2', '1'], 'the last page');
      const [oldest] = await audit.entries({ by: 'anna', after: 0, limit: 1 });
      assert.deepEqual(await targets({ by: 'anna', after: oldest?.id }, 1), ['3'], 'the page before the last');
    });
  });
}
