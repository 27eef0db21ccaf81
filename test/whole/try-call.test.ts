import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { localCaller } from '../../src/core/access.ts';
import type { TryMapParams, TryMapReport } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { onCreate, ORDERS, ScriptedPeer, shop } from './scripted-peer.ts';

const KEY = 'canary-5f0c7e21-of-the-shop';

const CREATE = nativeDocument(
  'map',
  'name="create" module="Orders" service="shop"',
  `<call method="POST" path="/folders/{folder}/orders"/>
   <parameters>
     <parameter name="folder" context="folder"/>
     <parameter name="notify" in="query" value="true"/>
     <parameter name="X-Source" in="header" value="crm"/>
     <parameter name="no" field="order_no"/>
     <parameter name="size" value="1" type="integer"/>
     <parameter name="tags" jsonata='[]' type="array"/>
   </parameters>
   <response>
     <expect status="200 201"/>
     <output path="id" field="remote"/>
     <output path="size" context="size" type="integer"/>
     <output path="link" context="link" optional="true"/>
     <output path="error" field="note" on="failure" optional="true"/>
   </response>`,
);

const CREDENTIAL = nativeDocument(
  'credential',
  'name="shop-key" kind="api-key"',
  '<key secret="shop-key"/><send header="Authorization" prefix="Bearer"/>',
);

async function open(t: TestContext, more: { readonly worker?: boolean } = {}) {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/folders/7/orders?notify=true', { status: 201, body: { id: 'R1', size: '12' } });
  const test = await TestInstall.open(t, {
    documents: [
      ORDERS,
      shop(peer, '', 'credential="shop-key"'),
      CREDENTIAL,
      CREATE,
      onCreate('<webservice id="tell" map="create"/>'),
    ],
    secrets: { 'shop-key': KEY },
    worker: false,
    ...more,
  });
  const { administration } = test.install;
  const given = { map: 'create', documents: [], record: {}, context: { folder: 7 }, send: true };
  const attempt = (params: Partial<TryMapParams> = {}): Promise<TryMapReport> =>
    administration.tryMap({ ...given, ...params });
  return { peer, test, administration, attempt };
}

const tried = ({ tried: told = [] }: TryMapReport): string[] =>
  told.map(({ from, outcome, type = '', code = '' }) => [from, outcome, type, code].join(' ').trim());

describe('a call tried by hand', () => {
  it('takes values of its own for every place, as the map has them converted and encoded', async (t) => {
    const { peer, attempt } = await open(t);
    const parameters = [
      { name: 'folder', value: 'a/b', in: 'path' },
      { name: 'notify', value: 'no', in: 'query' },
      { name: 'no', value: 'SO-9', in: 'form' },
      { name: 'size', value: '12' },
      { name: 'tags', value: ['x', 'y'] },
    ] as const;
    const report = await attempt({
      overrides: {
        parameters,
        headers: [
          ['x-source', 'hand'],
          ['X-Debug', '1'],
        ],
      },
    });
    const [request] = peer.requests;
    assert.equal(request?.path, '/folders/a%2Fb/orders?notify=no');
    assert.deepEqual(JSON.parse(request.body), { no: 'SO-9', size: 12, tags: ['x', 'y'] });
    assert.deepEqual([request.headers['x-source'], request.headers['x-debug']], ['hand', '1']);
    assert.equal(report.request?.parameters.find(({ name }) => name === 'size')?.source, 'given');
  });

  it('names the right parameters when one is unknown, or stands elsewhere', async (t) => {
    const { peer, attempt } = await open(t);
    const wrong = [
      { name: 'foldr', value: '1' },
      { name: 'folder', value: '1', in: 'query' },
      { name: 'no', value: '1', in: 'file' },
    ] as const;
    for (const parameter of wrong) {
      await assert.rejects(attempt({ overrides: { parameters: [parameter] } }), (error: Error & { hint?: string }) => {
        assert.equal(Reflect.get(error, 'code'), 'TRIAL_PARAMETER_UNKNOWN');
        assert.match(error.hint ?? '', /path folder; query notify; headers X-Source; body no, size, tags/u);
        return true;
      });
    }
    assert.equal(peer.requests.length, 0);
  });

  it('says which rule the status met, and what each output came to', async (t) => {
    const { peer, attempt } = await open(t);
    const good = await attempt({ record: { order_no: 'SO-1' } });
    assert.deepEqual(good.rule, { expected: ['200', '201'], from: 'map', status: 201, isMet: true });
    assert.deepEqual(tried(good), ['id written string', 'size written integer', 'link absent', 'error unasked']);
    assert.equal(good.mayChange, true);
    assert.ok((good.answer?.timings?.totalMs ?? -1) >= 0);

    peer.reply('/folders/7/orders?notify=true', { status: 201, body: { id: 'R1', size: 'many' } });
    const broken = await attempt({ record: { order_no: 'SO-1' } });
    assert.equal(broken.failure?.code, 'PARAMETER_TYPE');
    assert.deepEqual(tried(broken), [
      'id kept string',
      'size failed integer PARAMETER_TYPE',
      'link absent',
      'error absent',
    ]);

    peer.reply('/folders/7/orders?notify=true', { status: 422, body: { error: 'no such folder' } });
    const refused = await attempt({ record: { order_no: 'SO-1' } });
    assert.deepEqual([refused.failure?.code, refused.rule?.isMet], ['CALL_STATUS', false]);
    assert.deepEqual(tried(refused).at(-1), 'error written string');
  });

  it('is set otherwise for this call alone', async (t) => {
    const { peer, attempt, administration } = await open(t);
    const other = await ScriptedPeer.open(t);
    const set = { url: `${other.url}/api`, path: '/x/{folder}', method: 'PUT', 'expect.status': '418' };
    other.reply('/api/x/7?notify=true', { status: 418, body: { id: 'R2', size: 1 } });
    const report = await attempt({ record: { order_no: 'a' }, overrides: { set, credential: 'none' } });
    assert.equal(report.failure, undefined);
    assert.deepEqual([other.requests[0]?.method, other.requests[0]?.headers['authorization']], ['PUT', undefined]);
    await attempt({ record: { order_no: 'a' } });
    assert.equal(peer.requests[0]?.headers['authorization'], `Bearer ${KEY}`);
    const addresses = ['ftp://x', 'http://x?a=1', 'http://x/#', 'http://u:p@x', 'http://'].map((url) => ({ url }));
    for (const wrong of [...addresses, { 'timeout.total': '5' }, { 'network.verify': 'maybe' }]) {
      await assert.rejects(attempt({ overrides: { set: wrong } }), { code: 'TRIAL_SETTING_INVALID' });
    }
    await assert.rejects(attempt({ overrides: { set: { timeout: '5s' } } }), { code: 'TRIAL_SETTING_UNKNOWN' });
    await assert.rejects(attempt({ overrides: { credential: 'shop-kee' } }), { code: 'CREDENTIAL_UNKNOWN' });
    const unread = await attempt({ send: false, record: { order_no: 'a' }, overrides: { settings: { nothing: '1' } } });
    assert.match(unread.warnings.join(), /nothing/u);
    assert.equal((await administration.settings())['nothing'], undefined);
  });

  it('says what is wrong with the documents given, and not what is with all others', async (t) => {
    const { attempt, administration } = await open(t);
    const unset = nativeDocument('service', 'name="other" url="{setting.nowhere}"', '');
    await administration.apply({ documents: [unset], prune: false, dryRun: false, by: 'test' });
    const record = { order_no: 'a' };
    assert.deepEqual((await attempt({ send: false, record })).diagnostics, []);
    const given = await attempt({ send: false, record, documents: [unset] });
    assert.deepEqual(
      given.diagnostics.map(({ code }) => code),
      ['SETTING_NOT_SET'],
    );
  });

  it('takes a whole body, as text and as a file', async (t) => {
    const { peer, attempt, administration } = await open(t);
    await attempt({ overrides: { body: '{"by":"hand"}' } });
    assert.equal(peer.requests[0]?.body, '{"by":"hand"}');
    assert.equal(peer.requests[0]?.headers['content-type'], 'application/json');
    const { id } = await administration.beginFile({ name: 'b.json', type: 'application/json' });
    await administration.appendFile({ id, offset: 0, base64: Buffer.from('[1]').toString('base64') });
    await attempt({ overrides: { body: await administration.finishFile({ id }) } });
    assert.equal(peer.requests[1]?.body, '[1]');
    const parameters = [{ name: 'no', value: 'x' }];
    await assert.rejects(attempt({ overrides: { body: '{}', parameters } }), { code: 'TRIAL_BODY' });
  });

  it('shows what a stored record would become, and writes it when asked, without starting anything', async (t) => {
    const { attempt, test, administration } = await open(t);
    const { id } = await test.create({ order_no: 'SO-1', remote: 'old' }, 'Orders');
    const runs = (await test.runs()).length;
    const shown = await attempt({ recordId: id });
    assert.deepEqual(shown.outputs[0], { kind: 'field', name: 'remote', from: 'id', value: 'R1', previous: 'old' });
    assert.equal((await test.values(id))['remote'], 'old');
    const written = await attempt({ recordId: id, write: true });
    assert.deepEqual(written.written, { id, fields: ['remote'] });
    assert.equal((await test.values(id))['remote'], 'R1');
    assert.deepEqual((await attempt({ recordId: id, write: true })).written?.fields, []);
    assert.equal((await test.runs()).length, runs);
    await assert.rejects(attempt({ write: true }), { code: 'TRIAL_WRITE' });
    await assert.rejects(attempt({ recordId: id, write: true, send: false }), { code: 'TRIAL_WRITE' });
    assert.equal((await administration.record({ id })).values['remote'], 'R1');
  });

  it('says what the record would refuse, and writes nothing of it', async (t) => {
    const { peer, attempt, test } = await open(t);
    peer.reply('/folders/7/orders?notify=true', { status: 201, body: { id: 'R'.repeat(300), size: 1 } });
    const { id } = await test.create({ order_no: 'SO-1' }, 'Orders');
    const report = await attempt({ recordId: id, write: true });
    assert.equal(report.failure?.code, 'RECORD_INVALID');
    assert.equal(report.written, undefined);
  });

  it('goes by what a step of a run knew', async (t) => {
    const { peer, attempt, test } = await open(t, { worker: true });
    peer.reply('/folders/9/orders?notify=true', { status: 200, body: { id: 'R9', size: 1 } });
    const { id } = await test.create({ order_no: 'SO-1' }, 'Orders');
    const [run] = await test.runs();
    await test.waiting(run?.id ?? 0, 'person');
    const step = { run: run?.id ?? 0, task: 'tell' };
    const report = await attempt({ map: undefined, step, context: { folder: 9 } });
    assert.equal(report.map, 'create');
    const sent = peer.of('/folders/9/orders?notify=true')[0];
    assert.equal(JSON.parse(sent?.body ?? '{}').no, 'SO-1');
    // The run's own key is left to the run.
    assert.match(String(sent?.headers['idempotency-key']), /^mw-\w+-0-create-try-/u);
    assert.equal(report.outputs.find(({ kind }) => kind === 'field')?.previous, null);
    assert.equal((await test.values(id))['remote'] ?? null, null);
    await assert.rejects(attempt({ map: undefined, step: { ...step, task: 'tel' } }), { code: 'TRIAL_STEP_UNKNOWN' });
    await assert.rejects(attempt({ map: undefined, step: { run: 99, task: 'tell' } }), { code: 'RUN_UNKNOWN' });
    await assert.rejects(attempt({ map: undefined }), { code: 'TRIAL_MAP_MISSING' });
  });
});

describe('what holds for every call', () => {
  it('holds for one by hand: the guard, what is held back, and what others go by', async (t) => {
    const { peer, attempt, administration, test } = await open(t);
    const record = { order_no: 'x' };
    const set = { url: 'http://169.254.169.254/latest' };
    assert.equal((await attempt({ record, overrides: { set } })).failure?.code, 'CALL_EGRESS');
    // An address of its own that does not answer says nothing about the shop.
    for (let tries = 0; tries < 8; tries++) {
      const report = await attempt({ record, overrides: { set: { url: 'http://127.0.0.1:1' } } });
      assert.equal(report.failure?.code, 'CALL_REFUSED');
    }
    assert.equal((await attempt()).failure?.code, 'PARAMETER_SOURCE_MISSING');
    assert.equal((await attempt({ record })).answer?.status, 201);
    await administration.holdDestination({ name: 'shop', reason: 'test', by: 'test' });
    assert.equal((await attempt({ record })).failure?.code, 'DESTINATION_DOWN');
    assert.equal(peer.requests.length, 1);
    assert.equal((await test.install.engine.journal.runs({ limit: 1 })).length, 0);
  });

  it('shows no secret, in reports, in commands and in the audit', async (t) => {
    const { peer, test } = await open(t);
    peer.reply('/folders/7/orders?notify=true', { status: 201, body: { id: 'R1', size: 1, said: `you sent ${KEY}` } });
    const owner = test.install.administrationFor(localCaller('anna'));
    const given = { map: 'create', documents: [], record: { order_no: 'hand-value' }, context: { folder: 7 } };
    const report = await owner.tryMap({ ...given, send: true, curl: 'placeholders' });
    assert.ok(!JSON.stringify(report).includes(KEY));
    assert.deepEqual(report.curl?.variables, ['MW_AUTHORIZATION']);
    const plain = await owner.tryMap({ ...given, send: false, curl: 'secrets' });
    assert.ok(plain.curl?.command.includes(KEY));
    const told = await owner.audit({ limit: 10, action: 'tryMap' });
    assert.equal(told.length, 2);
    assert.ok(!JSON.stringify(told).includes('hand-value') && !JSON.stringify(told).includes(KEY));
    assert.deepEqual(told[0]?.detail['asked'], { send: false, secretsShown: true });
    assert.deepEqual(told[1]?.detail['after'], {
      map: 'create',
      method: 'POST',
      host: new URL(peer.url).host,
      status: 201,
      failure: null,
    });
  });
});
