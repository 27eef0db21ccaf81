import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { describe, it, type TestContext } from 'node:test';
import type { ClientCertificate } from '../../src/core/credential.ts';
import type { CallRequest } from '../../src/core/call.ts';
import { answerOf, connectorFor, failureOf, fixture, listen, type Peer, requestTo, textOf, tlsPeer } from './peer.ts';

const AUTHORITY = fixture('authority.cert.pem');
const PASSPHRASE = 'open-sesame';

function certificate(parts: ClientCertificate['certificate']): Partial<CallRequest> {
  return {
    credential: { kind: 'client-certificate', name: 'bank', subject: '', certificate: parts },
    network: { authority: AUTHORITY },
  };
}

function pem(key: string, passphrase?: string): Partial<CallRequest> {
  return certificate({ format: 'pem', certificate: fixture('client.cert.pem'), key: fixture(key), passphrase });
}

function p12(name: string, passphrase: string | undefined): Partial<CallRequest> {
  const file = readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url)).toString('base64');
  return certificate({ format: 'p12', file, passphrase });
}

/** Demands a certificate of the authority, and answers whose it was. */
function askingPeer(t: TestContext, options: ServerOptions = {}): Promise<Peer> {
  const pair = { key: fixture('private.key.pem'), cert: fixture('private.cert.pem') };
  const rules = { ca: AUTHORITY, requestCert: true, rejectUnauthorized: true };
  const server = createServer({ ...pair, ...rules, ...options }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate() as { subject?: { CN?: string } };
    response.end(String(subject?.CN));
  });
  return listen(t, server, 'https');
}

describe('a client certificate', () => {
  const ways = [
    ['PEM', pem('client.key.pem')],
    ['PEM with a passphrase', pem('client-locked.key.pem', PASSPHRASE)],
    ['PKCS #12', p12('client.p12', PASSPHRASE)],
  ] as const;
  for (const [name, changes] of ways) {
    it(`proves who calls: ${name}`, async (t) => {
      const peer = await askingPeer(t);
      const connector = connectorFor(t);
      for (let round = 0; round < 3; round++) {
        assert.equal(textOf(answerOf(await connector.send(requestTo(peer.url, changes), {}))), 'mapwright-client');
      }
      assert.equal(peer.accepted(), 1);
    });
  }

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`is asked for when it is missing, and nothing is in doubt: ${maxVersion}`, async (t) => {
      const peer = await askingPeer(t, { maxVersion });
      const request = requestTo(peer.url, { method: 'POST', body: 'x', network: { authority: AUTHORITY } });
      const failure = failureOf(await connectorFor(t).send(request, {}));
      assert.equal(failure.code, 'CALL_TLS');
      assert.equal(failure.inDoubt, false);
      assert.match(failure.hint ?? '', /client-certificate/u);
    });
  }

  const unusable = [
    ['a wrong passphrase', p12('client.p12', 'wrong'), /passphrase/u],
    ['no passphrase', p12('client.p12', undefined), /passphrase="NAME/u],
    ['a locked key without passphrase', pem('client-locked.key.pem'), /passphrase="NAME/u],
    ['an encryption out of use', p12('client-legacy.p12', PASSPHRASE), /openssl pkcs12 -legacy/u],
    ['the key of another certificate', pem('private.key.pem'), /another certificate/u],
    ['no PKCS #12 at all', certificate({ format: 'p12', file: 'aGVsbG8=', passphrase: undefined }), /base64/u],
  ] as const;
  for (const [name, changes, hint] of unusable) {
    it(`that cannot be used is told before anything is sent: ${name}`, async (t) => {
      const peer = await askingPeer(t);
      const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, changes), {}));
      assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_CERTIFICATES', 'refused', false]);
      assert.match(failure.hint ?? '', hint);
      assert.equal(peer.accepted(), 0);
    });
  }

  it('is not shared with calls that have none, and the other way round', async (t) => {
    const peer = await askingPeer(t, { rejectUnauthorized: false });
    const connector = connectorFor(t);
    const named = async (changes: Partial<CallRequest>): Promise<string> =>
      textOf(answerOf(await connector.send(requestTo(peer.url, changes), {})));
    assert.equal(await named(pem('client.key.pem')), 'mapwright-client');
    assert.equal(await named({ network: { authority: AUTHORITY } }), 'undefined');
    assert.equal(await named(pem('client.key.pem')), 'mapwright-client');
    assert.equal(peer.accepted(), 2);
  });
});

describe('the authority of a service', () => {
  it('is trusted for its calls alone', async (t) => {
    const peer = await tlsPeer(t, 'private', (_, response) => response.end('ok'));
    const connector = connectorFor(t);
    const network = { authority: AUTHORITY };
    assert.equal(answerOf(await connector.send(requestTo(peer.url, { network }), {})).status, 200);
    assert.equal(failureOf(await connector.send(requestTo(peer.url), {})).code, 'CALL_TLS');
  });

  it('may have lost its line breaks', async (t) => {
    const peer = await tlsPeer(t, 'private', (_, response) => response.end('ok'));
    const network = { authority: AUTHORITY.replaceAll('\n', ' ') };
    assert.equal(answerOf(await connectorFor(t).send(requestTo(peer.url, { network }), {})).status, 200);
  });

  it('does not replace those of the install', async (t) => {
    const peer = await tlsPeer(t, 'localhost', (_, response) => response.end('ok'));
    const connector = connectorFor(t, { extraCertificates: fixture('localhost.cert.pem') });
    const network = { authority: AUTHORITY };
    assert.equal(answerOf(await connector.send(requestTo(peer.url, { network }), {})).status, 200);
  });

  for (const authority of ['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
    it(`that cannot be read is told: ${JSON.stringify(authority)}`, async (t) => {
      const peer = await tlsPeer(t, 'private', (_, response) => response.end('ok'));
      const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, { network: { authority } }), {}));
      assert.deepEqual([failure.code, failure.inDoubt, peer.accepted()], ['CALL_CERTIFICATES', false, 0]);
    });
  }
});

describe('verification', () => {
  for (const pair of ['private', 'elsewhere', 'expired']) {
    it(`is left out only where a service says so: ${pair}`, async (t) => {
      const peer = await tlsPeer(t, pair, (_, response) => response.end('ok'));
      const connector = connectorFor(t);
      const network = { verify: false };
      assert.equal(answerOf(await connector.send(requestTo(peer.url, { network }), {})).status, 200);
      // The connection that nobody verified serves no call that wants it verified.
      assert.equal(failureOf(await connector.send(requestTo(peer.url), {})).code, 'CALL_TLS');
      assert.equal(failureOf(await connector.send(requestTo(peer.url, { network: {} }), {})).code, 'CALL_TLS');
    });
  }
});

describe('the lowest version of TLS', () => {
  it('is refused below what the service demands', async (t) => {
    const pair = { key: fixture('private.key.pem'), cert: fixture('private.cert.pem') };
    const server = createServer({ ...pair, maxVersion: 'TLSv1.2' }, (_, response) => response.end('ok'));
    const peer = await listen(t, server, 'https');
    const connector = connectorFor(t);
    const send = async (minTls: '1.2' | '1.3') =>
      connector.send(requestTo(peer.url, { network: { authority: AUTHORITY, minTls } }), {});
    assert.equal(answerOf(await send('1.2')).status, 200);
    const failure = failureOf(await send('1.3'));
    assert.deepEqual([failure.code, failure.inDoubt], ['CALL_TLS', false]);
  });
});
