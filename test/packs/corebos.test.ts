import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { PeerInstall } from '../whole/peer-install.ts';
import { nativeDocument } from '../whole/documents.ts';
import { assertAllRan, PackInstall } from './pack-install.ts';

const field = (name: string, more = 'type="string"'): string => `<field name="${name}" label="${name}" ${more}/>`;
const ACCOUNTS = nativeDocument(
  'module',
  'name="Accounts" label="Accounts" prefix="11" title="accountname"',
  [
    field('accountname', 'type="string" mandatory="true"'),
    field('siccode'),
    field('description', 'type="text"'),
    field('assigned_user_id', 'type="owner"'),
  ].join(''),
);

const NASTY = 'Söhne & "Co" \\ 螺栓';
const VALUES = { accountname: NASTY, siccode: 'B123', assigned_user_id: '19x1' };

const MODULE = { corebos_module: 'Accounts' };
const GONE = { corebos_id: '11x999' };
/** Calls that the other side refuses, and the code it does it with. */
const REFUSED = [
  ['corebos-create', { ...MODULE, corebos_values: { siccode: 'x' } }, 'MANDATORY_FIELDS_MISSING'],
  ['corebos-upsert', { ...MODULE, corebos_values: { accountname: 'A' }, corebos_search_on: 'siccode' }, 'siccode'],
  ['corebos-retrieve', GONE, 'INVALID_ID_ATTRIBUTE'],
  ['corebos-revise', { ...GONE, corebos_values: { siccode: 'x' } }, 'ACCESS_DENIED'],
  ['corebos-update', { ...GONE, corebos_values: VALUES }, 'ACCESS_DENIED'],
  ['corebos-delete', GONE, 'ACCESS_DENIED'],
  ['corebos-describe', { corebos_module: 'Nothing' }, 'ACCESS_DENIED'],
  ['corebos-query', { corebos_query: 'selct' }, 'QUERY_SYNTAX_ERROR'],
] as const;

async function open(t: TestContext, key?: string): Promise<{ readonly pack: PackInstall; readonly peer: PeerInstall }> {
  const peer = await PeerInstall.open(t);
  await peer.install.administration.apply({ documents: [ACCOUNTS], prune: false, dryRun: false, by: 'test' });
  const settings = { corebos_url: peer.url, corebos_user: 'admin' };
  const pack = await PackInstall.open(t, 'corebos', { settings, secrets: { corebos_key: key ?? peer.key } });
  return { pack, peer };
}

describe('the pack corebos', () => {
  it('creates, reads, changes, replaces, finds and deletes a record, in one session', async (t) => {
    const { pack, peer } = await open(t);
    const { corebos_modules: modules } = await pack.done('corebos-list-modules');
    assert.ok(Array.isArray(modules) && modules.includes('Accounts'));
    const described = await pack.done('corebos-describe', { corebos_module: 'Accounts' });
    assert.equal(described['corebos_may_create'], true);
    assert.ok(JSON.stringify(described['corebos_fields']).includes('siccode'));
    const made = await pack.done('corebos-create', { corebos_module: 'Accounts', corebos_values: VALUES });
    const id = String(made['corebos_id']);
    assert.equal((await peer.install.crm.retrieve(id)).values['accountname'], NASTY);
    const revised = { corebos_id: id, corebos_values: { description: 'one', id: '11x999' } };
    await pack.done('corebos-revise', revised);
    const read = await pack.done('corebos-retrieve', { corebos_id: id });
    assert.deepEqual(
      ['accountname', 'siccode', 'description'].map((name) => Reflect.get(Object(read['corebos_record']), name)),
      [NASTY, 'B123', 'one'],
    );
    const replaced = { accountname: 'ACME', assigned_user_id: '19x1' };
    await pack.done('corebos-update', { corebos_id: id, corebos_values: replaced });
    const { values } = await peer.install.crm.retrieve(id);
    assert.deepEqual([values['accountname'], values['siccode'] ?? ''], ['ACME', '']);
    const query = `select accountname from Accounts where id = '${id}';`;
    const { corebos_rows: rows } = await pack.done('corebos-query', { corebos_query: query });
    assert.ok(Array.isArray(rows) && rows.length === 1 && JSON.stringify(rows).includes('ACME'));
    assert.equal((await pack.done('corebos-delete', { corebos_id: id }))['corebos_deleted'], 'successful');
    await assert.rejects(peer.install.crm.retrieve(id));
    assert.equal(await peer.openSessions(), 1);
  });

  it('makes one record of two upserts by the same number', async (t) => {
    const { pack } = await open(t);
    const search = { corebos_module: 'Accounts', corebos_search_on: 'siccode' };
    const first = await pack.done('corebos-upsert', { ...search, corebos_values: VALUES });
    const other = { ...VALUES, accountname: 'ACME', description: 'not taken' };
    const more = { corebos_values: other, corebos_update_only: 'accountname' };
    const second = await pack.done('corebos-upsert', { ...search, ...more });
    assert.equal(second['corebos_id'], first['corebos_id']);
    const record = Object(second['corebos_record']) as Record<string, unknown>;
    assert.deepEqual([record['accountname'], record['description'] ?? ''], ['ACME', '']);
  });

  it('tells why it is refused, and asks a person', async (t) => {
    const { pack } = await open(t);
    for (const [map, context, code] of REFUSED) {
      const { run } = await pack.fails(map, context, 'CALL_EXPECTATION', code);
      assert.equal(run.wait?.for, 'person', map);
    }
  });

  it('sends nothing where a value is missing, or is no object', async (t) => {
    const { pack } = await open(t);
    await pack.fails('corebos-retrieve', {}, 'PARAMETER_SOURCE_MISSING', 'id');
    const context = { corebos_module: 'Accounts', corebos_values: 'ACME' };
    await pack.fails('corebos-create', context, 'PARAMETER_NOT_OBJECT');
  });

  it('with a wrong key is refused in the words of the CRM, and no key is shown', async (t) => {
    const { pack } = await open(t, 'not-the-access-key');
    const { run } = await pack.fails('corebos-list-modules', {}, 'CREDENTIAL_REFUSED', 'INVALID_USER_CREDENTIALS');
    assert.ok(!JSON.stringify(await pack.test.details(run.id)).includes('not-the-access-key'));
  });

  it('runs its example, and again for the same account', async (t) => {
    const { pack, peer } = await open(t);
    const context = { account: "O'Neill", tax_number: "B'1", owner: '19x1' };
    for (const _ of [1, 2]) assert.equal((await pack.start('corebos-example', context)).run.status, 'completed');
    const { records } = await peer.install.crm.query('select * from Accounts;');
    assert.deepEqual(
      records.map(({ values }) => values['description']),
      ["Kept in step with O'Neill"],
    );
  });

  it('has no map and no workflow that these tests leave out', () => assertAllRan('corebos'));
});
