import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { CallAnswer, CallRequest } from '../../../src/core/call.ts';
import type { Credential } from '../../../src/core/credential.ts';
import { digestChallenge } from '../../../src/connector/credential/digest-challenge.ts';
import { DigestLogins } from '../../../src/connector/credential/digest.ts';
import { call, calling, came, type Node, openWorld } from './credential-world.ts';
import { DigestPeer, type DigestRules } from './digest-peer.ts';
import { applyingWith, headersOf, sending } from './signed-calls.ts';

type Digest = Extract<Credential, { kind: 'digest' }>;

function login(user = 'Mufasa', password = 'Circle of Life'): Digest {
  return { kind: 'digest', name: 'camera', subject: '', user, password };
}

function refused(...challenges: string[]): CallAnswer {
  const headers = challenges.map((value): [string, string] => ['www-authenticate', value]);
  return { status: 401, headers, body: new Uint8Array(), durationMs: 1 };
}

function answered(
  challenge: string,
  parts: { url: string; login: Digest; nonce: string } & Partial<CallRequest>,
): string {
  const { url, login: who, nonce, ...more } = parts;
  const on = applyingWith(0, Buffer.from(nonce, 'base64'));
  const sent = new DigestLogins().answerChallenge(sending(url, more), who, refused(challenge), on);
  return headersOf(sent ?? sending(url), 'Authorization')[0] ?? '';
}

function field(header: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="?([^",]+)`, 'u').exec(header)?.[1];
}

const RFC_7616 =
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=ALGORITHM, ' +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

for (const [algorithm, response] of [
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
] as const) {
  test(`the example of RFC 7616 section 3.9.1 with ${algorithm}`, () => {
    const header = answered(RFC_7616.replace('ALGORITHM', algorithm), {
      url: 'http://www.example.org/dir/index.html',
      login: login(),
      nonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    });
    assert.equal(field(header, 'response'), response);
    assert.equal(field(header, 'uri'), '/dir/index.html');
    assert.equal(field(header, 'nc'), '00000001');
    assert.equal(field(header, 'cnonce'), 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ');
  });
}

test('the example of RFC 7616 section 3.9.2, as its erratum 4897 corrects it', () => {
  const header = answered(
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ' +
      'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
    {
      url: 'http://api.example.org/doe.json',
      login: login('Jäsøn Doe', 'Secret, or not?'),
      nonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    },
  );
  assert.equal(field(header, 'username'), '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b');
  assert.equal(field(header, 'userhash'), 'true');
  assert.equal(field(header, 'response'), '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5');
});

test('the example of RFC 2617 section 3.5', () => {
  const header = answered(
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    {
      url: 'http://www.nowhere.org/dir/index.html',
      login: login('Mufasa', 'Circle Of Life'),
      nonce: Buffer.from('0a4f113b', 'base64').toString('base64'),
    },
  );
  assert.equal(field(header, 'response'), '6629fae49393a05397450978507c4ef1');
  assert.equal(field(header, 'algorithm'), undefined);
});

test('a server of RFC 2069 is told neither count nor nonce', () => {
  const header = answered('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"', {
    url: 'http://www.nowhere.org/dir/index.html',
    login: login('Mufasa', 'CircleOfLife'),
    nonce: 'AAAA',
  });
  assert.equal(field(header, 'response'), '1949323746fe6a43ef61f9606e7febea');
  assert.doesNotMatch(header, /\b(?:qop|nc|cnonce)=/u);
});

test('of several challenges the strongest that can be met is taken, wherever it stands', () => {
  const both = digestChallenge(
    refused(
      'Basic realm="x"',
      'Digest realm="r", nonce="1", algorithm=MD5',
      'Digest realm="r", nonce="2", algorithm=SHA-256',
    ),
  );
  assert.equal(both?.nonce, '2');
  const joined = digestChallenge(
    refused('Negotiate, Digest realm="a, Digest b", nonce="1", algorithm=SHA-999, Digest nonce=3 , realm="c"'),
  );
  assert.equal(joined?.nonce, '3');
  assert.equal(joined?.realm, 'c');
});

for (const challenge of [
  'Basic realm="x"',
  'Digest realm="x"',
  'Digest nonce="x"',
  'Digest realm="x", nonce="y", qop="auth-conf"',
  'Digest realm="x", nonce="y", algorithm=unknown',
  'Digest',
  '',
]) {
  test(`an answer that no digest login can meet stands: ${challenge}`, () => {
    const logins = new DigestLogins();
    const again = logins.answerChallenge(sending('http://a.example/'), login(), refused(challenge), applyingWith());
    assert.equal(again, undefined);
  });
}

const RULES: DigestRules = { user: 'anna', password: 'pass:w"ört\\', realm: 'a "quoted" realm, with \\', qop: 'auth' };

async function opened(t: TestContext, rules: Partial<DigestRules>): Promise<{ peer: DigestPeer; node: Node }> {
  const peer = await DigestPeer.open(t, { ...RULES, ...rules });
  return { peer, node: (await openWorld(t)).node() };
}

const whole = login(RULES.user, RULES.password);

for (const algorithm of ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess']) {
  for (const qop of ['auth', 'auth-int', 'auth,auth-int', undefined]) {
    test(`a server that checks takes ${algorithm} with ${qop ?? 'no'} protection`, async (t) => {
      const { peer, node } = await opened(t, { algorithm, ...(qop === undefined ? {} : { qop }) });
      const request = calling(`${peer.url}/a b?x=ü`, whole, { method: 'POST', body: '{"ü":1}' });
      assert.equal(came(await node.connector.send(request, {})), 200);
      assert.equal(came(await node.connector.send(request, {})), 200);
      assert.equal(peer.challenges, 1);
    });
  }
}

test('a name beyond ASCII arrives hashed or in its long form', async (t) => {
  for (const isUserHashed of [true, false]) {
    const { peer, node } = await opened(t, { user: "Jäsøn (D'oe)*", isUserHashed, algorithm: 'SHA-256' });
    assert.equal(came(await call(node, peer.url, login("Ja\u{308}søn (D'oe)*", RULES.password))), 200);
  }
});

test('40 calls at once use each count of a nonce once', async (t) => {
  const { peer, node } = await opened(t, {});
  assert.equal(came(await call(node, peer.url, whole)), 200);
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => call(node, peer.url, whole)));
  assert.deepEqual(new Set(outcomes.map(came)), new Set([200]));
  assert.equal(peer.challenges, 1);
  assert.equal(new Set(peer.counts).size, 41);
});

test('a nonce that is stale, or that a restarted server does not know, is replaced within the call', async (t) => {
  const { peer, node } = await opened(t, { usesPerNonce: 2 });
  for (let index = 0; index < 4; index++) assert.equal(came(await call(node, peer.url, whole)), 200);
  assert.equal(peer.challenges, 2);
  peer.forget();
  assert.equal(came(await call(node, peer.url, whole)), 200);
});

test('the nonce that a server tells for the next request is used for it', async (t) => {
  const { peer, node } = await opened(t, { usesPerNonce: 1, tellsNext: true });
  for (let index = 0; index < 3; index++) assert.equal(came(await call(node, peer.url, whole)), 200);
  assert.equal(peer.challenges, 1);
});

test('a wrong password is offered once for each call', async (t) => {
  const { peer, node } = await opened(t, {});
  assert.equal(came(await call(node, peer.url, login('anna', 'wrong'))), 401);
  assert.equal(peer.arrived.length, 2);
  assert.equal(came(await call(node, peer.url, login('anna', 'wrong'))), 401);
  assert.equal(peer.arrived.length, 4);
  assert.equal(peer.arrived.filter(({ headers }) => headers.authorization !== undefined).length, 2);
});
