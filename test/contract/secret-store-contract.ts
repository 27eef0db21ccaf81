import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** What every store of secrets and settings does. */
export function secretStoreContract(name: string, factory: InstallFactory): void {
  describe(`secrets and settings: ${name}`, () => {
    it('keeps secrets, and lists their names alone', async (context) => {
      const { secrets } = await freshStore(context, factory);
      await secrets.set({ name: 'b', value: 'p\u00e4ss\u0000', at: 5, by: '19x1' });
      await secrets.set({ name: 'a', value: '', at: 6, by: '19x1' });
      await secrets.set({ name: 'b', value: 'new \u{1f529}', at: 7, by: '19x2' });
      assert.deepEqual(
        [await secrets.get('a'), await secrets.get('b'), await secrets.get('c')],
        ['', 'new \u{1f529}', undefined],
      );
      assert.deepEqual(await secrets.list(), [
        { name: 'a', setAt: 6, setBy: '19x1' },
        { name: 'b', setAt: 7, setBy: '19x2' },
      ]);
      assert.deepEqual([await secrets.remove('a'), await secrets.remove('a')], [true, false]);
      assert.equal(await secrets.get('a'), undefined);
    });

    it('keeps settings', async (context) => {
      const { settings } = await freshStore(context, factory);
      await settings.set('b', '1');
      await settings.set('a', 'x');
      await settings.set('b', '2');
      assert.deepEqual(await settings.all(), { a: 'x', b: '2' });
      assert.deepEqual([await settings.remove('a'), await settings.remove('a')], [true, false]);
      assert.deepEqual(await settings.all(), { b: '2' });
    });

    it('changes a setting with nobody in between', async (context) => {
      const { settings } = await freshStore(context, factory);
      await settings.set('counter', '40');
      const count = () => settings.change('counter', (value) => String(Number(value) - 1));
      const given = await Promise.all(Array.from({ length: 20 }, count));
      assert.equal(new Set(given).size, 20);
      assert.deepEqual(await settings.all(), { counter: '20' });
      assert.equal(await settings.change('none', () => undefined), undefined);
      assert.equal(await settings.change('none', (value) => `${value}`), 'undefined');
      assert.deepEqual(await settings.all(), { counter: '20', none: 'undefined' });
    });

    it('opens what it sealed, and nothing else', async (context) => {
      const { sealer } = await freshStore(context, factory);
      const sealed = sealer.seal('token \u{1f529}');
      assert.equal(sealer.open(sealed), 'token \u{1f529}');
      assert.ok(!sealed.includes('token'));
      assert.notEqual(sealer.seal('token \u{1f529}'), sealed);
      for (const wrong of ['', 'token', `${sealed.slice(0, -6)}AAAAAA`, sealed.slice(0, 20)]) {
        assert.throws(() => sealer.open(wrong), { code: 'SECRET_UNREADABLE' });
      }
    });
  });
}
