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

    it('tells which revision brought the text of each document', async (context) => {
      const { documents } = await freshStore(context, factory);
      const named = (name: string, text: string) => ({ kind: 'map', name, file: `${name}.xml`, text });
      const save = (basedOn: number, by: string, ...given: ReturnType<typeof named>[]) =>
        documents.save({ documents: given, by, at: basedOn + 10, basedOn });
      await save(0, 'anna', named('a', '1'), named('b', '1'));
      await save(1, 'bert', named('a', '2'), named('b', '1'));
      await save(2, 'carl', named('b', '1'), { ...named('a', '2'), file: 'moved.xml' }, named('c', '1'));
      const of = async (revision: number) =>
        (await documents.origins(revision)).map(({ name, since, at, by }) => `${name} ${since} ${at} ${by}`);
      assert.deepEqual(await of(1), ['a 1 10 anna', 'b 1 10 anna']);
      assert.deepEqual(await of(3), ['b 1 10 anna', 'a 2 11 bert', 'c 3 12 carl']);
      await save(3, 'dora', named('c', '1'));
      await save(4, 'emil', named('a', '2'), named('c', '1'));
      assert.deepEqual(await of(5), ['a 5 14 emil', 'c 3 12 carl']);
      assert.deepEqual(await of(9), []);
    });

    it('saves on the head only', async (context) => {
      const { documents } = await freshStore(context, factory);
      const save = (text: string) => documents.save({ documents: [document(text)], by: '19x1', at: 5, basedOn: 0 });
      assert.deepEqual(await Promise.all([save('one'), save('two')]), [1, undefined]);
      assert.equal((await documents.revision(1))?.documents[0]?.text, 'one');
    });
  });
}
