import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { it } from 'node:test';
import { type Arrived, listening } from '../connector/credential/credential-world.ts';
import { DigestPeer } from '../connector/credential/digest-peer.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';

const SECRET = 'Zw9/kq+2==:"ä';

function documents(url: string, credential: string) {
  return [
    nativeDocument(
      'module',
      'name="Orders" label="Orders" prefix="15" title="number"',
      '<field name="number" label="Number" type="string" length="40"/>',
    ),
    {
      file: 'credential.xml',
      text: credential.replace('<credential ', '<credential xmlns="urn:mapwright:1" name="login" '),
    },
    nativeDocument('service', `name="shop" url="${url}/api" credential="login"`, ''),
    nativeDocument(
      'map',
      'name="send" module="Orders" service="shop"',
      '<call method="POST" path="/orders/ü" in-doubt="resend"/><parameters><parameter name="number" field="number"/></parameters>',
    ),
    nativeDocument(
      'workflow',
      'name="send-orders" label="Send" module="Orders"',
      '<trigger on="create"/><tasks><webservice id="send" map="send"/></tasks>',
    ),
  ];
}

const PATH = '/api/orders/%C3%BC';

function signed(text: string): string {
  return createHmac('sha256', SECRET).update(text).digest('hex');
}

/** What each credential sends, and what history shows in its place. */
const cases: readonly (readonly [
  kind: string,
  credential: string,
  check: (call: Arrived) => boolean,
  shown: RegExp,
])[] = [
  [
    'a key in a header',
    '<credential kind="api-key"><key secret="s"/><send header="X-Key"/></credential>',
    ({ headers }) => Buffer.from(String(headers['x-key']), 'latin1').toString() === `Bearer ${SECRET}`,
    /"X-Key","[^"]*••••"/u,
  ],
  [
    'a key in the address',
    '<credential kind="api-key"><key secret="s"/><send query="key"/></credential>',
    ({ path }) => path === `${PATH}?key=${encodeURIComponent(SECRET)}`,
    /key=••••/u,
  ],
  [
    'Basic',
    '<credential kind="basic"><login user="crm" secret="s"/></credential>',
    ({ headers }) => headers.authorization === `Basic ${Buffer.from(`crm:${SECRET}`).toString('base64')}`,
    /"Authorization","Basic ••••"/u,
  ],
  [
    'HMAC',
    '<credential kind="hmac"><key secret="s"/><signature timestamp-header="X-Time">{method} {path}\n{timestamp} {body}</signature><send header="X-Sign" prefix=""/></credential>',
    ({ method, headers, body }) =>
      headers['x-sign'] === signed(`${method} ${PATH}\n${String(headers['x-time'])} ${body}`),
    /"X-Sign","••••"/u,
  ],
  [
    'AWS',
    '<credential kind="aws-sigv4"><aws access-key="AK1" secret="s" region="eu-west-1" service="execute-api"/></credential>',
    ({ headers }) =>
      /^AWS4-HMAC-SHA256 Credential=AK1\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=content-type;host;idempotency-key;x-amz-date, Signature=[0-9a-f]{64}$/u.test(
        headers.authorization ?? '',
      ),
    /"Authorization","AWS4-HMAC-SHA256 ••••"/u,
  ],
];

for (const [kind, credential, check, shown] of cases) {
  it(`calls with ${kind} as the document says, and shows dots`, async (t) => {
    const peer = await listening(t, (call, response) => void response.writeHead(check(call) ? 200 : 401).end('{}'));
    const install = await TestInstall.open(t, { documents: documents(peer.url, credential), secrets: { s: SECRET } });
    await install.create({ number: 'SO-17' }, 'Orders');
    assert.equal((await install.ended(1)).status, 'completed', JSON.stringify(peer.arrived[0]));
    const history = JSON.stringify(stepOf(await install.steps(1), 'send').attempts);
    assert.match(history, shown);
    for (const form of [SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64')]) {
      assert.ok(!history.includes(form.slice(0, 10)), form);
    }
  });
}

it('calls with Digest: challenged once, counted from then on', async (t) => {
  const peer = await DigestPeer.open(t, {
    user: 'crm',
    password: SECRET,
    realm: 'shop',
    algorithm: 'SHA-256',
    qop: 'auth-int',
  });
  const credential = '<credential kind="digest"><login user="crm" secret="s"/></credential>';
  const install = await TestInstall.open(t, { documents: documents(peer.url, credential), secrets: { s: SECRET } });
  await install.create({ number: 'SO-17' }, 'Orders');
  await install.ended(1);
  await install.create({ number: 'SO-18' }, 'Orders');
  await install.ended(2);
  assert.deepEqual(peer.counts, ['00000001', '00000002']);
  assert.equal(peer.challenges, 1);
  assert.match(JSON.stringify(stepOf(await install.steps(1), 'send').attempts), /"Authorization","Digest ••••"/u);
});
