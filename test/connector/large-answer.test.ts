import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSecureServer } from 'node:http2';
import type { RequestListener } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { CallRequest } from '../../src/core/call.ts';
import { wholeBody } from '../../src/core/large-body.ts';
import { answerOf, connectorFor, failureOf, fixture, httpPeer, listen, type Peer, requestTo, tlsPeer } from './peer.ts';

const MIB = 1024 * 1024;
/** Half of it is packed small, half not at all. */
const BODY = Buffer.concat([Buffer.alloc(0.75 * MIB, 'Söhne '), randomBytes(0.75 * MIB)]);
/** What was packed and is garbled behind its half. */
const BROKEN = gzipSync(BODY).fill(0xff, 0.5 * MIB);
const NETWORK = { authority: fixture('authority.cert.pem') };

/** Pieces of sizes that fit nothing else. */
const inPieces: RequestListener = (_, response) => {
  for (let at = 0, size = 1; at < BODY.length; at += size, size = (size * 7) % 90_001) {
    response.write(BODY.subarray(at, at + size));
  }
  response.end();
};
const atOnce: RequestListener = (_, response) => void response.setHeader('content-length', BODY.length).end(BODY);
const packed =
  (coding: string, bytes: Uint8Array): RequestListener =>
  (_, response) =>
    void response.setHeader('content-encoding', coding).end(bytes);

function http2Peer(t: TestContext): Promise<Peer> {
  const server = createSecureServer({ key: fixture('private.key.pem'), cert: fixture('private.cert.pem') });
  server.on('sessionError', () => undefined);
  server.on('request', (_, response) => void response.end(BODY));
  return listen(t, server, 'https');
}

const WAYS: Readonly<Record<string, (t: TestContext) => Promise<Peer>>> = {
  'of a declared length': (t) => httpPeer(t, atOnce),
  'in chunks of any size': (t) => httpPeer(t, inPieces),
  'over TLS': (t) => tlsPeer(t, 'private', atOnce),
  'over TLS in chunks of any size': (t) => tlsPeer(t, 'private', inPieces),
  'over HTTP/2': http2Peer,
  'in gzip': (t) => httpPeer(t, packed('gzip', gzipSync(BODY))),
  'in deflate': (t) => httpPeer(t, packed('deflate', deflateSync(BODY))),
  'in brotli': (t) =>
    httpPeer(t, packed('br', brotliCompressSync(BODY, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }))),
  'in zstd': (t) => httpPeer(t, packed('zstd', zstdCompressSync(BODY))),
  'in gzip twice': (t) => httpPeer(t, packed('gzip, gzip', gzipSync(gzipSync(BODY)))),
};

const requestOf = ({ url }: Peer, changes: Partial<CallRequest> = {}): CallRequest =>
  requestTo(url, {
    maxAnswerBytes: 10 * MIB,
    ...(url.startsWith('https:') ? { network: { ...NETWORK, http2: true } } : {}),
    ...changes,
  });

describe('a large answer', () => {
  for (const [way, open] of Object.entries(WAYS)) {
    it(`${way} is whole, and so are those that follow on its connection when it was given back`, async (t) => {
      const peer = await open(t);
      const connector = connectorFor(t, { maxConnectionsPerOrigin: 1 });
      for (let count = 0; count < 3; count++) {
        const { body } = answerOf(await connector.send(requestOf(peer), {}));
        assert.ok(!(body instanceof Uint8Array), 'it is put together although nobody has asked for that');
        assert.equal(body.length, BODY.length);
        assert.ok(BODY.subarray(0, 100_000).equals(body.start(100_000)));
        assert.ok(BODY.equals(body.bytes()));
        body.free();
      }
      assert.equal(peer.accepted(), 1);
    });

    it(`${way} is told by its start when it is too large`, async (t) => {
      const peer = await open(t);
      const connector = connectorFor(t);
      const failure = failureOf(await connector.send(requestOf(peer, { maxAnswerBytes: MIB }), {}));
      assert.equal(failure.code, 'CALL_TOO_LARGE');
      const { body = new Uint8Array() } = failure.partial ?? {};
      if (body.length > 0 && !way.startsWith('in ')) assert.ok(BODY.subarray(0, MIB).equals(wholeBody(body)));
      if (!(body instanceof Uint8Array)) body.free();
      const { body: next } = answerOf(await connector.send(requestOf(peer), {}));
      assert.ok(BODY.equals(wholeBody(next)));
    });
  }

  it('that cannot be unpacked is kept as it came, and cannot be given back while it may still be looked at', async (t) => {
    const peer = await httpPeer(t, packed('gzip', BROKEN));
    const failure = failureOf(await connectorFor(t).send(requestOf(peer), {}));
    assert.equal(failure.code, 'CALL_GARBLED');
    assert.ok(failure.partial?.body instanceof Uint8Array);
    assert.ok(BROKEN.equals(failure.partial.body));
  });
});
