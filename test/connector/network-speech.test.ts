import assert from 'node:assert/strict';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { IncomingMessage } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { CallRequest } from '../../src/core/call.ts';
import {
  answerOf,
  connectorFor,
  failureOf,
  fixture,
  httpPeer,
  listen,
  type Peer,
  rawPeer,
  requestTo,
  textOf,
  tlsPeer,
} from './peer.ts';

const AUTHORITY = fixture('authority.cert.pem');

function http2Peer(t: TestContext, serve: (server: Http2SecureServer) => void): Promise<Peer> {
  const pair = { key: fixture('private.key.pem'), cert: fixture('private.cert.pem') };
  const server = createSecureServer({ ...pair, allowHTTP1: true });
  server.on('sessionError', () => undefined);
  serve(server);
  return listen(t, server, 'https');
}

describe('HTTP/2', () => {
  it('is spoken where the service says so and the other side offers it', async (t) => {
    const peer = await http2Peer(t, (server) =>
      server.on('request', async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        response.writeHead(201, { 'X-Kind': 'Ünï', 'Set-Cookie': ['a=1', 'b=2'] });
        response.end(`${request.httpVersion} ${request.method} ${request.url} ${request.headers['x-a']} ${body}`);
      }),
    );
    const connector = connectorFor(t);
    const ask = (http2: boolean): CallRequest =>
      requestTo(`${peer.url}p?q=1`, {
        method: 'POST',
        headers: [['X-A', 'b']],
        body: 'body',
        network: { authority: AUTHORITY, http2 },
      });
    for (let round = 0; round < 3; round++) {
      const answer = answerOf(await connector.send(ask(true), {}));
      assert.equal(textOf(answer), '2.0 POST /p?q=1 b body');
      assert.deepEqual(
        answer.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
        ['a=1', 'b=2'],
      );
      assert.equal(answer.headers.find(([name]) => name === 'x-kind')?.[1], 'Ünï');
      assert.ok(answer.headers.every(([name]) => !name.startsWith(':')));
      assert.equal(answer.status, 201);
    }
    assert.equal(peer.accepted(), 1);
    assert.match(textOf(answerOf(await connector.send(ask(false), {}))), /^1\.1 /u);
  });

  it('gives way to HTTP/1.1 where it is not offered', async (t) => {
    const peer = await tlsPeer(t, 'private', (request, response) => response.end(request.httpVersion));
    const network = { authority: AUTHORITY, http2: true };
    assert.equal(textOf(answerOf(await connectorFor(t).send(requestTo(peer.url, { network }), {}))), '1.1');
  });

  it('keeps to the same limits: size, time, and a stream that breaks off is in doubt', async (t) => {
    const peer = await http2Peer(t, (server) =>
      server.on('stream', (stream, headers) => {
        const path = String(headers[':path']);
        if (path === '/large') stream.end('x'.repeat(50_000));
        if (path === '/reset') stream.close(2);
        if (path === '/cut') {
          stream.respond({ ':status': 200, 'content-length': '10' });
          stream.write('abc', () => stream.session?.destroy());
        }
        stream.on('error', () => undefined);
      }),
    );
    const connector = connectorFor(t);
    const fail = async (path: string, changes: Partial<CallRequest> = {}): Promise<[string, boolean]> => {
      const network = { authority: AUTHORITY, http2: true };
      const request = requestTo(`${peer.url}${path}`, { method: 'POST', body: 'x', network, ...changes });
      const { code, inDoubt } = failureOf(await connector.send(request, {}));
      return [code, inDoubt];
    };
    assert.deepEqual(await fail('large', { maxAnswerBytes: 1_000 }), ['CALL_TOO_LARGE', true]);
    assert.deepEqual(await fail('silent', { totalTimeoutMs: 150 }), ['CALL_TIMEOUT', true]);
    assert.deepEqual(await fail('silent', { readTimeoutMs: 100 }), ['CALL_TIMEOUT', true]);
    assert.equal((await fail('reset'))[1], true);
    assert.deepEqual(await fail('cut'), ['CALL_CUT_OFF', true]);
  });
});

describe('compression', () => {
  const codings = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const;
  for (const [coding, encode] of codings) {
    it(`of answers is asked for and undone: ${coding}`, async (t) => {
      const peer = await httpPeer(t, (request, response) => {
        assert.ok(request.headers['accept-encoding']?.includes(coding));
        response.writeHead(200, { 'Content-Encoding': coding }).end(encode(Buffer.from('Söhne '.repeat(500))));
      });
      const request = requestTo(peer.url, { network: { compression: 'answers' } });
      assert.equal(textOf(answerOf(await connectorFor(t).send(request, {}))), 'Söhne '.repeat(500));
    });

    it(`that unpacks to too much is stopped: ${coding}`, async (t) => {
      const bomb = encode(Buffer.alloc(20_000_000));
      const peer = await httpPeer(t, (_, response) => {
        response.writeHead(200, { 'Content-Encoding': coding }).end(bomb);
      });
      const request = requestTo(peer.url, { network: { compression: 'answers' }, maxAnswerBytes: 100_000 });
      assert.equal(failureOf(await connectorFor(t).send(request, {})).code, 'CALL_TOO_LARGE');
    });
  }

  it('of requests is for larger ones that nobody signs, where the service says so', async (t) => {
    const seen: { coding: string | undefined; body: string }[] = [];
    const peer = await httpPeer(t, async (request: IncomingMessage, response) => {
      const bytes: Buffer[] = [];
      for await (const chunk of request) bytes.push(Buffer.from(chunk as Uint8Array));
      const raw = Buffer.concat(bytes);
      const coding = request.headers['content-encoding'];
      seen.push({ coding, body: (coding === 'gzip' ? gunzipSync(raw) : raw).toString() });
      response.end('ok');
    });
    const connector = connectorFor(t);
    const large = 'Söhne '.repeat(1_000);
    const send = async (changes: Partial<CallRequest>): Promise<void> => {
      const request = requestTo(peer.url, {
        method: 'POST',
        network: { compression: 'both' },
        body: large,
        ...changes,
      });
      answerOf(await connector.send(request, {}));
    };
    await send({});
    await send({ body: 'short' });
    await send({ network: { compression: 'answers' } });
    await send({ headers: [['Content-Encoding', 'identity']] });
    const key = { key: 'k', algorithm: 'sha256', encoding: 'hex', covers: '{body}' } as const;
    const place = { in: 'header', name: 'X-Signature', prefix: '' } as const;
    const headers = { send: place, timestampHeader: undefined, nonceHeader: undefined };
    await send({ credential: { kind: 'hmac', name: 'h', subject: '', ...key, ...headers } });
    assert.deepEqual(
      seen.map(({ coding }) => coding),
      ['gzip', undefined, undefined, 'identity', undefined],
    );
    assert.deepEqual(
      seen.map(({ body }) => body),
      [large, 'short', large, large, large],
    );
  });
});

describe('limits of a service', () => {
  it('end a call after silence, not one that is slow and steady', async (t) => {
    const steady = await httpPeer(t, (_, response) => {
      let left = 10;
      response.flushHeaders();
      const timer = setInterval(() => {
        response.write('x');
        left -= 1;
        if (left === 0) {
          clearInterval(timer);
          response.end();
        }
      }, 200);
    });
    const connector = connectorFor(t);
    const slow = answerOf(await connector.send(requestTo(steady.url, { readTimeoutMs: 1_500 }), {}));
    assert.equal(textOf(slow), 'xxxxxxxxxx');
    for (const begin of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc']) {
      const silent = await rawPeer(t, (socket) => void socket.once('data', () => socket.write(begin)));
      const failure = failureOf(await connector.send(requestTo(silent.url, { readTimeoutMs: 150 }), {}));
      assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_TIMEOUT', 'timeout', true]);
    }
  });

  it('keep to so many connections', async (t) => {
    let [open, most] = [0, 0];
    const peer = await httpPeer(t, (_, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end('ok');
      }, 20);
    });
    const connector = connectorFor(t);
    const request = requestTo(peer.url, { network: { connections: 3 } });
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => connector.send(request, {})));
    assert.deepEqual(new Set(outcomes.map((outcome) => answerOf(outcome).status)), new Set([200]));
    assert.deepEqual([most, peer.accepted()], [3, 3]);
  });
});

describe('the timings of a call', () => {
  it('say what a new connection took, and that a kept one took nothing', async (t) => {
    // A clock that tells how often it was asked: every part of the call then has a time of its own.
    let now = 0;
    const clock = { now: () => (now += 1) };
    const peer = await tlsPeer(t, 'private', (_, response) => response.end('ok'));
    const connector = connectorFor(t, {
      clock,
      egress: () => ({ allow: ['shop.example:*', 'localhost:*'] }),
      lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    const url = `https://localhost:${peer.port}/`;
    const request = requestTo(url, { network: { authority: AUTHORITY } });
    const first = answerOf(await connector.send(request, {}));
    const { dnsMs = 0, connectMs = 0, tlsMs = 0, firstByteMs = 0, totalMs = 0 } = first.timings ?? {};
    assert.ok(dnsMs > 0 && connectMs > 0 && tlsMs > 0 && firstByteMs > 0);
    assert.ok(totalMs >= dnsMs + connectMs + tlsMs + firstByteMs);
    assert.equal(totalMs, first.durationMs);
    const second = answerOf(await connector.send(request, {})).timings;
    assert.deepEqual(Object.keys(second ?? {}).toSorted(), ['firstByteMs', 'totalMs']);
  });

  it('are told of failures as far as they came, and add up over redirects', async (t) => {
    const peer = await httpPeer(t, (request, response) => {
      if (request.url === '/') response.writeHead(302, { Location: `http://localhost:${peer.port}/x` }).end();
      else response.end('ok');
    });
    const connector = connectorFor(t, { lookup: async () => [{ address: '127.0.0.1', family: 4 }] });
    const refused = failureOf(await connector.send(requestTo('http://localhost:1/'), {}));
    assert.deepEqual(Object.keys(refused.timings ?? {}).toSorted(), ['dnsMs', 'totalMs']);
    const moved = answerOf(await connector.send(requestTo(peer.url, { network: { redirects: 'any' } }), {}));
    assert.deepEqual(Object.keys(moved.timings ?? {}).toSorted(), ['connectMs', 'dnsMs', 'firstByteMs', 'totalMs']);
    assert.equal(moved.timings?.totalMs, moved.durationMs);
  });
});
