import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isJsonObject, type Json } from '../../src/core/json.ts';
import { nativeDocument } from './documents.ts';
import { ADMIN } from './install-fixture.ts';
import { ServedTest } from './served-install.ts';

const field = (name: string): string => `<field name="${name}" label="${name}" type="string"/>`;
const MODULES = [
  nativeDocument('module', 'name="Contacts" label="Contacts" prefix="41" title="name"', field('name')),
  nativeDocument('module', 'name="Accounts" label="Accounts" prefix="42" title="name"', field('name')),
];
const NOTE = `<tasks><set-fields id="note">
  <set field="name" template="{record.name} {run.workflow} {context.related_id} {context.source_record}"/>
</set-fields></tasks>`;
const LINKED = nativeDocument(
  'workflow',
  'name="linked" module="Contacts"',
  `<trigger on="relate" to="Accounts"/>${NOTE}`,
);
const UNLINKED = nativeDocument('workflow', 'name="unlinked" module="Accounts"', `<trigger on="unrelate"/>${NOTE}`);
const ONLY_CONTACTS = nativeDocument(
  'workflow',
  'name="only-contacts" module="Contacts"',
  `<trigger on="relate" to="Contacts" when="context.related_module = 'Contacts'"/>${NOTE}`,
);

async function openLinked(t: TestContext) {
  const test = await ServedTest.open(t, [...MODULES, LINKED, UNLINKED, ONLY_CONTACTS]);
  const contact = await test.create('Contacts', { name: 'Anna' });
  const account = await test.create('Accounts', { name: 'Berg' });
  const relate = (ids: string): ReturnType<ServedTest['call']> =>
    test.call('SetRelation', { relate_this_id: contact, with_these_ids: ids });
  return { test, contact, account, relate };
}

function idsOf(result: Json): string[] {
  const records = isJsonObject(result) ? result['records'] : undefined;
  assert.ok(Array.isArray(records));
  return records.map((record: Json) => (isJsonObject(record) ? String(record['id']) : ''));
}

describe('links between records, over the web service', () => {
  it('start workflows of either side with the ends in the context, and again nothing for a link that is there', async (t) => {
    const { test, contact, account, relate } = await openLinked(t);
    assert.equal((await relate(JSON.stringify([account]))).result, true);
    const [linked] = await test.allEnded(1);
    assert.deepEqual(linked?.trigger.related, { module: 'Accounts', id: account });
    assert.equal(linked?.recordId, contact);
    assert.equal((await test.record('retrieve', { id: contact }))['name'], `Anna linked ${account} ${contact}`);
    assert.equal((await relate(account)).result, true, 'a comma list');
    const backwards = { relate_this_id: account, with_these_ids: JSON.stringify([contact]) };
    assert.equal((await test.call('SetRelation', backwards)).result, true);
    assert.equal((await test.runs()).length, 1);
    const taken = { unrelate_this_id: account, with_these_ids: JSON.stringify([contact]) };
    assert.equal((await test.call('UnsetRelation', taken)).result, true);
    assert.equal((await test.call('UnsetRelation', taken)).result, true);
    const [, unlinked] = await test.allEnded(2);
    assert.equal(unlinked?.workflow, 'unlinked');
    assert.equal((await test.record('retrieve', { id: account }))['name'], `Berg unlinked ${contact} ${account}`);
  });

  it('made by two at once are one link and one run', async (t) => {
    const { test, account, relate } = await openLinked(t);
    const answers = await Promise.all([relate(account), relate(account), relate(account)]);
    assert.deepEqual(
      answers.map(({ result }) => result),
      [true, true, true],
    );
    await test.allEnded(1);
  });

  it('are found by getRelatedRecords from both sides, page by page, until a record is deleted', async (t) => {
    const { test, contact, account, relate } = await openLinked(t);
    const other = await test.create('Accounts', { name: 'Adler' });
    await relate([account, other].join(','));
    const ask = (id: string, module: string, queryParameters: object = {}): ReturnType<ServedTest['call']> =>
      test.call('getRelatedRecords', { id, relatedModule: module, queryParameters: JSON.stringify(queryParameters) });
    const all = await ask(contact, 'Accounts', { orderby: 'name desc', columns: 'name' });
    assert.deepEqual(idsOf(all.result), [account, other]);
    assert.deepEqual(all.moreinfo, { totalrows: '2' });
    assert.deepEqual(idsOf((await ask(contact, 'Accounts', { offset: 1, limit: 1 })).result), [other]);
    assert.deepEqual(idsOf((await ask(account, 'Contacts')).result), [contact]);
    assert.deepEqual(idsOf((await ask(account, 'Accounts')).result), []);
    await test.install.crm.delete({ actor: ADMIN, id: other });
    assert.deepEqual(idsOf((await ask(contact, 'Accounts')).result), [account]);
    assert.equal((await test.runs()).filter(({ trigger }) => trigger.event === 'unrelate').length, 0);
  });

  it('are refused whole when one of the records is not there, or the request is wrong', async (t) => {
    const { test, contact, account, relate } = await openLinked(t);
    const refusals: readonly (readonly [ids: string, code: string])[] = [
      [JSON.stringify([account, '42x999']), 'RECORD_NOT_FOUND'],
      ['nonsense', 'RECORD_NOT_FOUND'],
      [contact, 'INVALID_PARAMETER'],
      ['', 'INVALID_PARAMETER'],
      ['[]', 'INVALID_PARAMETER'],
      ['["42x1"', 'INVALID_PARAMETER'],
      ['{"id":"42x1"}', 'INVALID_PARAMETER'],
      ['[1]', 'INVALID_PARAMETER'],
      [JSON.stringify(Array.from({ length: 1001 }, (_, index) => `42x${index + 1}`)), 'INVALID_PARAMETER'],
    ];
    for (const [ids, code] of refusals) assert.equal((await relate(ids)).code, code, ids.slice(0, 40));
    const of = { id: contact, relatedModule: 'Accounts' };
    assert.deepEqual(idsOf((await test.call('getRelatedRecords', of)).result), []);
    assert.equal((await test.call('getRelatedRecords', { ...of, module: 'Accounts' })).code, 'INVALID_PARAMETER');
    assert.equal((await test.call('getRelatedRecords', { ...of, relatedModule: 'No' })).code, 'ACCESS_DENIED');
    for (const page of [{ limit: -1 }, { limit: 1e6 }, { orderby: 'name up' }, { orderby: 'nope' }, { columns: 5 }]) {
      const { code } = await test.call('getRelatedRecords', { ...of, queryParameters: JSON.stringify(page) });
      assert.ok(code === 'INVALID_PARAMETER' || code === 'ACCESS_DENIED', JSON.stringify(page));
    }
  });
});
