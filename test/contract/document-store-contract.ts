import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** What every document store does. */
export function documentStoreContract(name: string, factory: InstallFactory): void {
  describe(`documents: ${name}`, () => {
    const document = (text: string, file = 'a.xml') => ({ kind: 'map', name: 'a', file, text });

    it('has no revision at first', async (context) => {
      const { documents } = await freshStore(context, factory);
      assert.equal(await documents.head(), 0);
      assert.equal(await documents.revision(0), undefined);
    });

    it('keeps every revision as it was saved', async (context) => {
      const { documents } = await freshStore(context, factory);
      const first = [document('<map>\r\n\u{1f529}</map>'), document('', 'b.xml')];
      assert.equal(await documents.save({ documents: first, by: '19x1', at: 5, basedOn: 0 }), 1);
      assert.equal(await documents.save({ documents: first.toReversed(), by: '19x2', at: 6, basedOn: 1 }), 2);
      assert.equal(await documents.head(), 2);
      assert.deepEqual(await documents.revision(1), { number: 1, at: 5, by: '19x1', documents: first });
      const second = { number: 2, at: 6, by: '19x2', documents: first.toReversed() };
      assert.deepEqual(await documents.revision(2), second);
      assert.equal(await documents.revision(3), undefined);
    });

    it('lists revisions newest first, with the number of their documents', async (context) => {
      const { documents } = await freshStore(context, factory);
      assert.deepEqual(await documents.revisions({ limit: 5 }), []);
      await documents.save({ documents: [document('a'), document('b', 'b.xml')], by: '19x1', at: 5, basedOn: 0 });
      await documents.save({ documents: [], by: '19x2', at: 6, basedOn: 1 });
      const newest = { number: 2, at: 6, by: '19x2', documents: 0 };
      assert.deepEqual(await documents.revisions({ limit: 1 }), [newest]);
      assert.deepEqual(await documents.revisions({ limit: 5 }), [
        newest,
        { number: 1, at: 5, by: '19x1', documents: 2 },
      ]);
    });

    it('saves on the head only', async (context) => {
      const { documents } = await freshStore(context, factory);
      const save = (text: string) => documents.save({ documents: [document(text)], by: '19x1', at: 5, basedOn: 0 });
      assert.deepEqual(await Promise.all([save('one'), save('two')]), [1, undefined]);
      assert.equal((await documents.revision(1))?.documents[0]?.text, 'one');
    });
  });
}
