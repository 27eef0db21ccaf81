import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { createHttpConnector } from '../../src/connector/http-connector.ts';
import type { RecordFailure, RecordIdentity } from '../../src/runtime/import/import-administration.ts';
import { openRemote } from '../../src/runtime/import/remote-client.ts';
import { transferIn } from '../../src/runtime/import/transfer-in.ts';
import type { TransferRequest } from '../../src/runtime/import/transfer-in.ts';
import { transferOut } from '../../src/runtime/import/transfer-out.ts';
import { LINKED_MODULES } from '../whole/import-documents.ts';
import { TestInstall } from '../whole/install-fixture.ts';
import { ServedTest } from '../whole/served-install.ts';

const REQUEST: TransferRequest = {
  module: 'Accounts',
  identity: { by: 'id' },
  where: '',
  batch: 3,
  fires: false,
  by: 'admin',
  restart: false,
};

/** Two installs, one logged in at the other. */
async function installs(t: TestContext) {
  const there = await ServedTest.open(t, LINKED_MODULES.slice(0, 2));
  const here = await TestInstall.open(t, { documents: LINKED_MODULES });
  const connector = createHttpConnector({ egress: () => ({ allow: ['127.0.0.1:*'] }), clock: { now: Date.now } });
  t.after(() => connector.close());
  const parts = { connector, pause: () => Promise.resolve() };
  const accessKey = there.served.firstUser?.accessKey ?? '';
  const client = await openRemote(parts, { url: there.served.url, user: 'admin', accessKey });
  const failures: RecordFailure[] = [];
  const transfer = {
    administration: here.install.administration,
    client,
    signal: new AbortController().signal,
    onProgress: async () => undefined,
    onFailures: async (told: readonly RecordFailure[]) => void failures.push(...told),
  };
  const accounts = async () => (await here.install.crm.query('select * from Accounts limit 100;')).records;
  return { there, here, client, transfer, failures, accounts };
}

describe('records on their way between installs', () => {
  it('keep their ids, also when they come again, and change nothing then', async (t) => {
    const { there, transfer, accounts } = await installs(t);
    const id = await there.create('Accounts', { accountname: 'One', rating: '' });
    await there.create('Accounts', { accountname: 'Two' });
    const first = await transferIn(transfer, REQUEST);
    assert.deepEqual([first.progress.created, first.progress.failed], [2, 0]);
    const second = await transferIn(transfer, REQUEST);
    assert.deepEqual([second.progress.created, second.progress.unchanged], [0, 2]);
    const records = await accounts();
    assert.equal(records.length, 2);
    assert.equal(records[0]?.id, id);
    assert.ok(records.every(({ version }) => version === 1));
  });

  it('take nobody else for themselves: an id that is another record here is refused', async (t) => {
    const { there, here, transfer, failures, accounts } = await installs(t);
    const own = await here.create({ accountname: 'Mine' }, 'Accounts');
    assert.equal(await there.create('Accounts', { accountname: 'Theirs' }), own.id);
    const report = await transferIn(transfer, REQUEST);
    assert.equal(report.progress.failed, 1);
    assert.deepEqual(
      failures.map(({ id, code }) => [id, code]),
      [[own.id, 'IMPORT_ID_TAKEN']],
    );
    const again = await transferIn(transfer, REQUEST);
    assert.equal(again.progress.failed, 1);
    assert.equal((await accounts())[0]?.values['accountname'], 'Mine');
  });

  const identities: readonly RecordIdentity[] = [
    { by: 'key', field: 'accountname' },
    { by: 'link', field: 'remote_id' },
  ];
  for (const identity of identities) {
    it(`are known by a ${identity.by}`, async (t) => {
      const { there, here, transfer, accounts } = await installs(t);
      await here.create({ accountname: 'Mine' }, 'Accounts');
      const id = await there.create('Accounts', { accountname: 'Theirs', revenue: '1' });
      await transferIn(transfer, { ...REQUEST, identity });
      await there.record('revise', { element: JSON.stringify({ id, revenue: '2.5' }) });
      const report = await transferIn(transfer, { ...REQUEST, identity });
      assert.equal(report.progress.changed, 1);
      const taken = (await accounts()).filter(({ values }) => values['accountname'] === 'Theirs');
      assert.deepEqual(
        taken.map(({ values }) => values['revenue']),
        [2.5],
      );
      if (identity.by === 'link') assert.equal(taken[0]?.values['remote_id'], id);
    });
  }

  it('refer to each other whatever comes first, and wait for what comes later', async (t) => {
    const { there, here, transfer } = await installs(t);
    const account = await there.create('Accounts', { accountname: 'One' });
    const contact = await there.create('Contacts', { lastname: 'Berg', account });
    await there.record('revise', { element: JSON.stringify({ id: account, contact }) });
    const first = await transferIn(transfer, REQUEST);
    assert.deepEqual([first.waiting, first.waitingFor], [1, [contact]]);
    assert.equal((await here.values(account))['contact'], null);
    const second = await transferIn(transfer, { ...REQUEST, module: 'Contacts' });
    assert.deepEqual([second.settled, second.waiting], [1, 0]);
    assert.equal((await here.values(account))['contact'], contact);
    assert.equal((await here.values(contact))['account'], account);
  });

  it('are listed when they are refused, and stop no others', async (t) => {
    const { there, here, transfer, failures } = await installs(t);
    await there.create('Accounts', { accountname: 'Short' });
    const [documents] = LINKED_MODULES;
    const text = documents?.text.replace('length="40" mandatory', 'length="6" mandatory') ?? '';
    await here.apply([{ file: 'Accounts.xml', text }]);
    const long = await there.create('Accounts', { accountname: 'Much too long' });
    const report = await transferIn(transfer, REQUEST);
    assert.deepEqual([report.progress.created, report.progress.failed], [1, 1]);
    assert.deepEqual(
      failures.map(({ id, code }) => [id, code]),
      [[long, 'RECORD_INVALID']],
    );
  });

  it('start workflows only when that is asked for', async (t) => {
    const { there, here, transfer } = await installs(t);
    await there.create('Accounts', { accountname: 'One' });
    await transferIn(transfer, REQUEST);
    assert.deepEqual(await here.runs(), []);
    await there.create('Accounts', { accountname: 'Two' });
    await transferIn(transfer, { ...REQUEST, fires: true });
    assert.equal((await here.allEnded(1))[0]?.workflow, 'account-made');
  });

  it('keep an owner who has left, and get whoever acts for one who is not known here', async (t) => {
    const { there, here, transfer } = await installs(t);
    const { administration } = there.install;
    const { user } = await administration.addUser({ name: 'anna', admin: false });
    const id = await there.create('Accounts', { accountname: 'One', assigned_user_id: user.id });
    const unknown = await transferIn(transfer, REQUEST);
    assert.equal(unknown.waiting, 1);
    assert.equal((await here.values(id))['assigned_user_id'], '19x1');
    await here.install.administration.addUser({ name: 'clerk', admin: false });
    const anna = await here.install.administration.addUser({ name: 'anna', admin: false });
    await here.install.administration.changeUser({ name: 'anna', active: false });
    await transferIn(transfer, REQUEST);
    assert.equal((await here.values(id))['assigned_user_id'], anna.user.id);
  });

  it('come after people whose names are made to fit, and who are known by them again', async (t) => {
    const { here } = await installs(t);
    const { administration } = here.install;
    const user = { id: '19x5', name: 'anna@example.com', admin: false, active: false, firstName: 'Anna', email: '' };
    const group = { id: '20x3', name: 'Support Group', description: '', members: ['anna@example.com'] };
    const take = async (mode: 'plan' | 'create' | 'match') => {
      const people = await administration.importPeople({
        source: 'https://x.example',
        users: [user],
        groups: [group],
        mode,
      });
      return people.map(({ name, outcome }) => `${name} ${outcome}`);
    };
    assert.deepEqual(await take('match'), ['anna-example.com unknown', 'Support-Group unknown']);
    assert.deepEqual(await take('plan'), ['anna-example.com created', 'Support-Group created']);
    assert.deepEqual(await administration.groups(), []);
    assert.deepEqual(await take('create'), ['anna-example.com created', 'Support-Group created']);
    assert.deepEqual(await take('create'), ['anna-example.com unchanged', 'Support-Group unchanged']);
    assert.deepEqual((await administration.groups())[0]?.members, ['anna-example.com']);
    assert.equal((await administration.users()).find(({ name }) => name === 'anna-example.com')?.active, false);
  });

  it('go the other way too, and are made there once', async (t) => {
    const { there, here, transfer } = await installs(t);
    await there.create('Accounts', { accountname: 'Theirs' });
    const first = await here.create({ accountname: 'One' }, 'Accounts');
    const second = await here.create({ accountname: 'Two', parent: first.id }, 'Accounts');
    await here.revise({ id: first.id, parent: second.id });
    const request = { ...REQUEST, identity: { by: 'link', field: 'remote_id' } } as const;
    const report = await transferOut(transfer, request);
    assert.deepEqual([report.progress.created, report.progress.failed], [2, 0]);
    const given = await there.install.crm.query("select * from Accounts where accountname <> 'Theirs';");
    assert.equal(given.total, 2);
    const [one, two] = given.records;
    assert.equal((await here.values(first.id))['remote_id'], one?.id);
    assert.deepEqual([one?.values['parent'], two?.values['parent']], [two?.id, one?.id]);
    const again = await transferOut(transfer, request);
    assert.deepEqual([again.progress.created, again.progress.changed], [0, 2]);
    assert.equal((await there.install.crm.query('select count(*) from Accounts;')).total, 3);
  });
});
