import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { PeerInstall } from './peer-install.ts';
import { until } from './poll.ts';
import { ServiceClient } from './webservice-client.ts';

async function openClient(t: TestContext) {
  const peer = await PeerInstall.open(t);
  const admin = new ServiceClient(peer.url);
  assert.equal(await admin.logIn('admin', peer.key), undefined);
  return { peer, admin, administration: peer.install.administration };
}

test('a user with a name and a group get records, and leave', async (t) => {
  const { peer, admin, administration } = await openClient(t);
  const named = { firstName: 'Anna', lastName: 'Berg', email: 'anna@example.com' };
  const { user, accessKey } = await administration.addUser({ name: 'anna', admin: false, ...named });
  await administration.addGroup({ name: 'support', description: 'answers customers' });
  assert.equal(await administration.addGroupMember({ group: 'support', user: 'anna' }), true);
  const anna = new ServiceClient(peer.url);
  assert.equal(await anna.logIn('anna', accessKey), undefined);
  const element = JSON.stringify({ productname: 'Bolt', assigned_user_id: '20x1' });
  const { id } = await anna.object('create', { elementType: 'Products', element });
  const shown = await anna.object('retrieve', { id: String(id) });
  assert.deepEqual(shown['assigned_user_idename'], { module: 'Groups', reference: 'support', cbuuid: '' });
  await assert.rejects(administration.removeGroup({ name: 'support' }), { code: 'GROUP_OWNS_RECORDS' });
  await admin.object('revise', { element: JSON.stringify({ id, assigned_user_id: user.id }) });
  await administration.removeGroup({ name: 'support' });
  assert.deepEqual(await administration.groups(), []);
  await administration.changeUser({ name: 'anna', active: false });
  assert.equal((await anna.call('listtypes')).error, 'AUTHENTICATION_REQUIRED');
  assert.equal(await anna.logIn('anna', accessKey), 'AUTHENTICATION_REQUIRED');
  const kept = await admin.object('revise', { element: JSON.stringify({ id, serial_no: 'SN-1' }) });
  assert.deepEqual(kept['assigned_user_idename'], { module: 'Users', reference: 'Anna Berg', cbuuid: '' });
  const given = JSON.stringify({ productname: 'Nut', assigned_user_id: user.id });
  assert.equal((await admin.call('create', { elementType: 'Products', element: given })).error, 'REFERENCE_INVALID');
});

const MISTAKES: readonly (readonly [what: string, code: string])[] = [
  ['changeUser', 'USER_UNKNOWN'],
  ['renewAccessKey', 'USER_UNKNOWN'],
  ['addGroupMember of nobody', 'USER_UNKNOWN'],
  ['addGroupMember of no group', 'GROUP_UNKNOWN'],
  ['removeGroup', 'GROUP_UNKNOWN'],
  ['addGroup of a wrong name', 'NAME_INVALID'],
  ['addGroup twice', 'IDENTITY_GROUP_EXISTS'],
  ['addUser twice', 'IDENTITY_USER_EXISTS'],
  ['addUser with a wrong address', 'USER_EMAIL_INVALID'],
  ['changeUser with a wrong address', 'USER_EMAIL_INVALID'],
  ['addUser with a wrong separator', 'USER_PREFERENCE_INVALID'],
  ['changeUser to a time zone that is none', 'USER_PREFERENCE_INVALID'],
  ['changeUser of the last administrator', 'IDENTITY_LAST_ADMINISTRATOR'],
];

test('mistakes are told by their codes, and change nothing', async (t) => {
  const { administration } = await openClient(t);
  await administration.addGroup({ name: 'support', description: '' });
  const before = [await administration.users(), await administration.groups()];
  const tries: Readonly<Record<string, () => Promise<unknown>>> = {
    changeUser: () => administration.changeUser({ name: 'admni', firstName: 'x' }),
    renewAccessKey: () => administration.renewAccessKey({ name: 'nobody' }),
    'addGroupMember of nobody': () => administration.addGroupMember({ group: 'support', user: 'nobody' }),
    'addGroupMember of no group': () => administration.addGroupMember({ group: 'suport', user: 'admin' }),
    removeGroup: () => administration.removeGroup({ name: 'sales' }),
    'addGroup of a wrong name': () => administration.addGroup({ name: 'two words', description: '' }),
    'addGroup twice': () => administration.addGroup({ name: 'support', description: '' }),
    'addUser twice': () => administration.addUser({ name: 'admin', admin: false }),
    'addUser with a wrong address': () => administration.addUser({ name: 'x', admin: false, email: 'nowhere' }),
    'changeUser with a wrong address': () => administration.changeUser({ name: 'admin', email: 'a b@c' }),
    'addUser with a wrong separator': () =>
      administration.addUser({ name: 'x', admin: false, preferences: { decimalSeparator: '12' } }),
    'changeUser to a time zone that is none': () =>
      administration.changeUser({ name: 'admin', preferences: { timeZone: 'Europe/Atlantis' } }),
    'changeUser of the last administrator': () => administration.changeUser({ name: 'admin', active: false }),
  };
  for (const [what, code] of MISTAKES) {
    await t.test(what, () => assert.rejects(tries[what] ?? assert.fail(), { code }));
  }
  assert.deepEqual([await administration.users(), await administration.groups()], before);
});

test('upserts of many clients make one record per key, though the server stops in the middle', async (t) => {
  const { peer, admin } = await openClient(t);
  const keys = ['SN-1', 'SN-2', "SN'3", 'SN"4'];
  const work = Array.from({ length: 48 }, (_, index) => ({ serial_no: keys[index % keys.length] ?? '', index }));
  let answered = 0;
  const upsert = ({ serial_no, index }: (typeof work)[number]) =>
    until(`upsert ${index}`, async () => {
      const call = admin.call('upsert', {
        elementType: 'Products',
        element: JSON.stringify({ productname: `Bolt ${index}`, serial_no }),
        searchOn: 'serial_no',
        cbwsOptions: JSON.stringify({ ClientRequestIdentifier: `upsert-${index}` }),
      });
      // While the server is down no answer comes; the client tries again under the same identifier.
      const answer = await call.catch(() => undefined);
      if (answer === undefined || answer.error === 'INTERNAL_SERVER_ERROR') return undefined;
      assert.equal(answer.error, undefined, answer.message);
      answered++;
      return answer;
    });
  const all = Promise.all(work.map(upsert));
  await until('some answers', () => (answered >= 4 ? true : undefined));
  await peer.stop();
  await peer.start();
  assert.equal((await all).length, work.length);
  const products = await peer.products();
  assert.deepEqual(products.map(({ values }) => values['serial_no']).toSorted(), keys.toSorted());
  const versions = products.reduce((sum, { version }) => sum + version, 0);
  // One version per request: none was lost, and none took effect twice.
  assert.equal(versions, work.length);
});

const TICKETS = (
  options: string,
): string => `<module xmlns="urn:mapwright:1" name="Tickets" prefix="81" title="subject">
  <field name="subject" type="string" mandatory="true"/>
  <field name="state" type="picklist">${options}</field>
  <field name="channels" type="multipicklist"><option value="web" label="Web shop"/><option value="phone"/></field>
  <field name="assigned_user_id" type="owner"/>
</module>`;

test('a choice taken off the list breaks no record', async (t) => {
  const { admin, administration } = await openClient(t);
  const apply = async (options: string) => {
    const documents = [{ file: 'Tickets.xml', text: TICKETS(options) }];
    const report = await administration.apply({ documents, prune: false, dryRun: false, by: 'test' });
    assert.deepEqual(report.diagnostics, []);
  };
  await apply('<option value="Open"/><option value="Parked" label="On hold"/>');
  const first = { subject: 'Broken', state: 'Parked', channels: ['web', 'phone'] };
  const { id } = await admin.object('create', { elementType: 'Tickets', element: JSON.stringify(first) });
  await apply('<option value="Open"/><option value="Closed"/>');
  const whole = { ...(await admin.object('retrieve', { id: String(id) })), subject: 'Still broken' };
  const updated = await admin.object('update', { element: JSON.stringify(whole) });
  assert.deepEqual(
    [updated['subject'], updated['state'], updated['channels']],
    ['Still broken', 'Parked', 'web |##| phone'],
  );
  await admin.object('revise', { element: JSON.stringify({ id, state: 'Closed' }) });
  const back = await admin.call('revise', { element: JSON.stringify({ id, state: 'Parked' }) });
  assert.equal(back.error, 'RECORD_INVALID');
  const values = await admin.object('getPicklistValues', { module: 'Tickets' });
  assert.deepEqual(values, { state: ['Open', 'Closed'], channels: ['web', 'phone'] });
});
