import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument, shippedDocuments } from './documents.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { PeerInstall } from './peer-install.ts';
import { until } from './poll.ts';

const SERVICE = `<limit concurrent="16"/>
<expect when="response.body.success = true" code="{response.body.error.code}" message="{response.body.error.message}"/>`;

const CREATE = `<call method="POST" body="form"/>
<parameters>
  <parameter name="operation" value="create"/>
  <parameter name="elementType" value="Products"/>
  <parameter name="element" encode="json">
    <parameter name="productname" field="productname"/><parameter name="assigned_user_id" value="19x1"/>
  </parameter>
</parameters>
<response><output path="result.id" field="remote_id"/></response>`;

const RETRIEVE = `<call method="GET"/>
<parameters><parameter name="operation" value="retrieve"/><parameter name="id" field="remote_id"/></parameters>
<response><output path="result.productname" field="description"/></response>`;

/** Sends products with one session for all, which nothing but the credential knows of. */
async function documents(): Promise<SourceFile[]> {
  const products = (await shippedDocuments('product-sync')).filter(({ file }) => file === 'Products.xml');
  return [
    ...products,
    nativeDocument(
      'credential',
      'name="head-office-login" kind="vtiger"',
      '<login user="{setting.head_office_user}" secret="head_office_key"/>',
    ),
    nativeDocument(
      'service',
      'name="head-office" url="{setting.head_office_url}/webservice.php" credential="head-office-login"',
      SERVICE,
    ),
    nativeDocument('map', 'name="send" module="Products" service="head-office"', CREATE),
    nativeDocument('map', 'name="read" module="Products" service="head-office"', RETRIEVE),
    nativeDocument(
      'workflow',
      'name="product-created" module="Products"',
      '<trigger on="create"/><tasks><webservice id="send" map="send"/><webservice id="read" map="read"/></tasks>',
    ),
  ];
}

async function open(t: TestContext, peer: Parameters<typeof callingPeer>[0]): Promise<TestInstall> {
  return TestInstall.open(t, { documents: await documents(), ...callingPeer(peer) });
}

describe('a vtiger credential', () => {
  it('opens one session for a thousand products', async (t) => {
    const peer = await PeerInstall.open(t);
    const install = await open(t, peer);
    const names = Array.from({ length: 1_000 }, (_, index) => `Bolt ${index}`);
    await Promise.all(names.map((productname) => install.create({ productname })));
    for (let some = 100; some <= names.length; some += 100) {
      await until(`${some} are done`, async () => {
        const { completed } = await install.install.engine.journal.counts();
        return completed >= some ? completed : undefined;
      });
    }
    assert.equal(await peer.openSessions(), 1);
  });

  it('shows the session as dots where it stands: a field of a form, a parameter of a GET', async (t) => {
    const peer = await PeerInstall.open(t);
    const install = await open(t, peer);
    const product = await install.create({ productname: 'Bolt' });
    assert.equal((await install.ended(1)).status, 'completed');
    assert.equal((await install.values(product.id))['description'], 'Bolt');
    const steps = await install.steps(1);
    assert.match(stepOf(steps, 'send').attempts[0]?.request?.body?.text ?? '', /&sessionName=••••$/u);
    assert.match(stepOf(steps, 'read').attempts[0]?.request?.url ?? '', /[?&]sessionName=••••$/u);
  });

  it('opens another session when the other side has forgotten it, and nothing fails', async (t) => {
    const peer = await PeerInstall.open(t);
    const install = await open(t, peer);
    for (let run = 1; run <= 3; run++) {
      await install.create({ productname: `Bolt ${run}` });
      assert.equal((await install.ended(run)).status, 'completed');
      assert.equal(await peer.openSessions(), 1);
      peer.expireSessions();
    }
    const steps = await install.steps(3);
    assert.deepEqual(
      steps.map(({ attempts }) => attempts.length),
      [1, 1],
    );
    assert.equal((await peer.products()).length, 3);
  });

  it('that is wrong waits for a person, in the words of the other side', async (t) => {
    const peer = await PeerInstall.open(t);
    const install = await open(t, { url: peer.url, key: 'not the key at all' });
    await install.create({ productname: 'Bolt' });
    const wait = await install.waiting(1, 'person');
    assert.match(wait.reason, /^send: CREDENTIAL_REFUSED .*INVALID_USER_CREDENTIALS/u);
    assert.equal(JSON.stringify(await install.details(1)).includes('not the key at all'), false);
  });

  it('for an address that is no web service says so', async (t) => {
    const server = createServer((_, response) => response.end('<html>Welcome</html>'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => void server.close().closeAllConnections());
    const install = await open(t, {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      key: 'any key',
    });
    await install.create({ productname: 'Bolt' });
    assert.match((await install.waiting(1, 'person')).reason, /^send: CREDENTIAL_TOKEN_INVALID /u);
  });
});
