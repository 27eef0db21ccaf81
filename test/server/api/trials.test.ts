import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { nativeDocument } from '../../whole/documents.ts';
import { ORDERS, ScriptedPeer, shop } from '../../whole/scripted-peer.ts';
import { ApiTest, at } from './api-fixture.ts';

const CREATE = nativeDocument(
  'map',
  'name="create" module="Orders" service="shop"',
  `<call method="POST" path="/orders/{folder}"/>
   <parameters><parameter name="folder" context="folder"/><parameter name="no" field="order_no"/></parameters>
   <response><output path="id" field="remote" optional="true"/></response>`,
);
const GIVEN = { record: { order_no: 'SO-1' }, overrides: { parameters: [{ name: 'folder', value: '7', in: 'path' }] } };

async function open(t: TestContext) {
  const peer = await ScriptedPeer.open(t);
  const test = await ApiTest.open(t, { documents: [ORDERS, shop(peer), CREATE] });
  await test.install.administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
  return { peer, test };
}

describe('POST /maps/{name}/try', () => {
  it('lets operators call what is in force, and nobody but administrators anything else', async (t) => {
    const { peer, test } = await open(t);
    const [operator, administrator] = [await test.token('operator'), await test.token('administrator')];
    const post = (token: string, body: unknown) => test.call('POST', '/maps/create/try', { token, body });
    const { status, body } = await post(operator, { ...GIVEN, send: true });
    assert.deepEqual([status, at(body, 'answer.status')], [200, 200]);
    assert.equal(peer.of('/orders/7').length, 1);
    const others = [
      { documents: [CREATE] },
      { overrides: { ...GIVEN.overrides, set: { url: peer.url } } },
      { overrides: { ...GIVEN.overrides, set: { 'network.verify': 'false' } } },
      { overrides: { ...GIVEN.overrides, settings: { a: 'b' } } },
      { overrides: { ...GIVEN.overrides, credential: 'none' } },
    ];
    for (const other of others) {
      const refused = await post(operator, { ...GIVEN, ...other });
      assert.equal(at(refused.body, 'code'), 'API_FORBIDDEN', JSON.stringify(other));
      assert.equal((await post(administrator, { ...GIVEN, ...other })).status, 200, JSON.stringify(other));
    }
    assert.equal(
      (await post(operator, { overrides: { ...GIVEN.overrides, set: { 'timeout.total': '2s' } } })).status,
      200,
    );
  });

  it('asks for the scope of each thing that it reads and writes', async (t) => {
    const { test } = await open(t);
    const { id } = await test.install.crm.create({
      actor: { user: '19x1' },
      module: 'Orders',
      element: { order_no: 'SO-1' },
    });
    const needed = [
      [{ recordId: id }, 'records:read'],
      [{ recordId: id, write: true, send: true }, 'records:write'],
      [{ step: { run: 1, task: 'x' } }, 'runs:read'],
      [{ step: { run: 1, task: 'x' } }, 'records:read'],
    ] as const;
    for (const [body, scope] of needed) {
      const others = (['maps:try', 'records:read', 'records:write', 'runs:read'] as const).filter(
        (one) => one !== scope,
      );
      const refused = await test.call('POST', '/maps/create/try', { token: await test.token(...others), body });
      assert.deepEqual([refused.status, at(refused.body, 'code')], [403, 'API_FORBIDDEN'], scope);
      assert.ok(String(at(refused.body, 'detail')).includes(scope), scope);
    }
  });

  it('gives the request as a command without secrets, and tells who tried what', async (t) => {
    const { peer, test } = await open(t);
    const token = await test.token('operator');
    const body = { ...GIVEN, curl: true, send: true };
    const answer = await test.call('POST', '/maps/create/try', { token, body });
    assert.match(String(at(answer.body, 'curl.command')), /^curl --request POST /u);
    const [entry] = await test.install.administration.audit({ limit: 1, action: 'tryMap' });
    assert.equal(entry?.kind, 'token');
    assert.deepEqual(at(entry?.detail, 'after.host'), new URL(peer.url).host);
    const withSecrets = await test.call('POST', '/maps/create/try', { token, body: { ...body, curl: 'secrets' } });
    assert.equal(withSecrets.status, 422);
  });

  it('tells what is wrong with what was given', async (t) => {
    const { test } = await open(t);
    const token = await test.token('operator');
    const wrong = { overrides: { parameters: [{ name: 'foldr', value: '7' }] } };
    const refused = await test.call('POST', '/maps/create/try', { token, body: wrong });
    assert.equal(at(refused.body, 'code'), 'TRIAL_PARAMETER_UNKNOWN');
    assert.match(String(at(refused.body, 'hint')), /folder/u);
    const unknown = await test.call('POST', '/runs/99/steps/x/try', { token, body: {} });
    assert.equal(at(unknown.body, 'code'), 'RUN_UNKNOWN');
  });

  it('keeps names in the audit short, however long they are given', async (t) => {
    const { test } = await open(t);
    const parameters = Array.from({ length: 60 }, () => ({ name: 'n'.repeat(10_000), value: '7' }));
    const body = { overrides: { parameters }, send: true };
    const refused = await test.call('POST', '/maps/create/try', { token: await test.token('operator'), body });
    assert.equal(at(refused.body, 'code'), 'TRIAL_PARAMETER_UNKNOWN');
    const [entry] = await test.install.administration.audit({ limit: 1, action: 'tryMap' });
    assert.ok(JSON.stringify(entry).length < 15_000);
  });
});
