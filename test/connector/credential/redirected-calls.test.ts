import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { Credential } from '../../../src/core/credential.ts';
import { applyAws } from '../../../src/connector/credential/aws.ts';
import { type Arrived, call, calling, came, type Listening, listening, openWorld } from './credential-world.ts';
import { DigestPeer } from './digest-peer.ts';

const NAMED = { name: 'login', subject: '' } as const;
const HMAC: Credential = {
  ...NAMED,
  kind: 'hmac',
  key: 'a key to sign with',
  algorithm: 'sha256',
  encoding: 'hex',
  covers: '{method} {path}?{query} {body}',
  send: { in: 'header', name: 'X-Signature', prefix: '' },
  timestampHeader: undefined,
  nonceHeader: undefined,
};
const AWS = {
  ...NAMED,
  kind: 'aws-sigv4',
  accessKey: 'AK1',
  secretKey: 'a secret of the cloud',
  sessionToken: undefined,
  region: 'eu-west-1',
  service: 'execute-api',
} as const;
const API_KEY: Credential = { ...NAMED, kind: 'api-key', key: 'key-in-query', send: { in: 'query', name: 'apikey' } };
const WS: Credential = {
  ...NAMED,
  kind: 'ws-username-token',
  user: 'crm',
  password: 'p4ss of the service',
  isDigest: false,
};
const ENVELOPE =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a>1</a></s:Body></s:Envelope>';

/** Sends `/from` on with this status, and answers everything else. */
async function sendingOn(t: TestContext, status: number, to: () => string): Promise<Listening> {
  return listening(t, (request, response) => {
    if (request.path.startsWith('/from')) response.writeHead(status, { Location: to() }).end();
    else response.end('arrived');
  });
}

async function sent(
  t: TestContext,
  credential: Credential,
  more: Partial<Parameters<typeof calling>[2] & object> = {},
) {
  const { connector } = (await openWorld(t)).node();
  const [status, redirects] = [307, 'any'] as const;
  const elsewhere = await listening(t, (_request, response) => void response.end('elsewhere'));
  const near = await sendingOn(t, status, () => '/there/new?x=1');
  const far = await sendingOn(t, status, () => `${elsewhere.url}/there`);
  const from = async (peer: Listening): Promise<void> => {
    const request = calling(`${peer.url}/from?a=1`, credential, { network: { redirects }, ...more });
    assert.equal(came(await connector.send(request, {})), 200);
  };
  await from(near);
  await from(far);
  return { near, there: near.arrived.at(-1) as Arrived, elsewhere: elsewhere.arrived };
}

const POSTED = { method: 'POST', body: '{"a":1}', headers: [['Content-Type', 'application/json']] } as const;

describe('a signed call that is sent on', () => {
  it('is signed anew for its new address: hmac', async (t) => {
    const { there, elsewhere } = await sent(t, HMAC, POSTED);
    const expected = createHmac('sha256', 'a key to sign with').update('POST /there/new?x=1 {"a":1}').digest('hex');
    assert.equal(there.headers['x-signature'], expected);
    assert.equal(elsewhere.length, 1);
    assert.equal(elsewhere[0]?.headers['x-signature'], undefined);
  });

  it('is signed anew for its new address: AWS', async (t) => {
    const { near, there, elsewhere } = await sent(t, AWS, POSTED);
    const date = String(there.headers['x-amz-date']);
    const iso = date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/u, '$1-$2-$3T$4:$5:$6Z');
    const request = calling(`${near.url}/there/new?x=1`, AWS, POSTED);
    const on = { now: Date.parse(iso), random: () => new Uint8Array(), onSecret: () => undefined };
    const signed = applyAws(request, AWS, on).headers.find(([name]) => name.toLowerCase() === 'authorization');
    assert.equal(there.headers.authorization, signed?.[1]);
    assert.equal(elsewhere[0]?.headers.authorization, undefined);
    assert.equal(elsewhere[0]?.headers['x-amz-date'], undefined);
  });

  it('answers no challenge of another host: digest', async (t) => {
    const rules = { user: 'Mufasa', password: 'Circle of Life', realm: 'r', algorithm: 'SHA-256', qop: 'auth' };
    const peer = await DigestPeer.open(t, rules);
    const first = await sendingOn(t, 302, () => `${peer.url}/camera/1`);
    const login: Credential = { ...NAMED, kind: 'digest', user: rules.user, password: rules.password };
    const node = (await openWorld(t)).node();
    assert.equal(came(await call(node, `${peer.url}/camera/1`, login)), 200);
    // Another host has a login of its own: none is given to it.
    const away = calling(`${first.url}/from`, login, { network: { redirects: 'any' } });
    assert.equal(came(await node.connector.send(away, {})), 401);
    assert.equal(peer.arrived.at(-1)?.headers.authorization, undefined);
  });

  it('takes a key in its query along to the same host alone', async (t) => {
    const { there, elsewhere } = await sent(t, API_KEY);
    assert.equal(there.path, '/there/new?x=1&apikey=key-in-query');
    assert.equal(elsewhere[0]?.path, '/there');
  });

  it('gives nothing that stands in its body to another host', async (t) => {
    const headers = [['Content-Type', 'text/xml']] as const;
    const { there, elsewhere } = await sent(t, WS, { method: 'POST', body: ENVELOPE, headers });
    assert.match(there.body, /p4ss of the service/u);
    assert.equal(elsewhere[0]?.body, ENVELOPE);
  });

  it('is an answer where the service follows no redirect', async (t) => {
    const { connector } = (await openWorld(t)).node();
    const near = await sendingOn(t, 302, () => '/there');
    assert.equal(came(await connector.send(calling(`${near.url}/from`, HMAC), {})), 302);
    assert.equal(near.arrived.length, 1);
  });
});
