import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { CallRequest } from '../../src/core/call.ts';
import { createHttpConnector } from '../../src/connector/http-connector.ts';
import {
  answerOf,
  bytesPeer,
  connectorFor,
  failureOf,
  fixture,
  httpPeer,
  rawPeer,
  requestTo,
  socketsClosed,
  textOf,
  tlsPeer,
} from './peer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';

describe('a call that cannot be sent', () => {
  const cases: readonly (readonly [what: string, changes: Partial<CallRequest>])[] = [
    ['line break in a header value', { headers: [['X-A', 'a\r\nX-B: b']] }],
    ['NUL in a header value', { headers: [['X-A', 'a\0b']] }],
    ['line break in a header name', { headers: [['X-A\n', 'a']] }],
    ['empty header name', { headers: [['', 'a']] }],
    ['colon in a header name', { headers: [['X-A:', 'a']] }],
    ['Content-Length', { headers: [['content-length', '3']] }],
    ['Transfer-Encoding', { headers: [['Transfer-Encoding', 'chunked']] }],
    ['Connection', { headers: [['Connection', 'close']] }],
    ['Host', { headers: [['Host', 'example.com']] }],
    ['Expect', { headers: [['Expect', '100-continue']] }],
    ['Upgrade', { headers: [['Upgrade', 'websocket']] }],
    ['method with a blank', { method: 'GE T' }],
    ['method with a line break', { method: 'GET / HTTP/1.1\r\nX: y' }],
    ['empty method', { method: '' }],
    ['CONNECT', { method: 'CONNECT' }],
  ];
  for (const [what, changes] of cases) {
    it(`fails with CALL_INVALID: ${what}`, async (t) => {
      const peer = await httpPeer(t, (_, response) => void response.end());
      const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, changes), {}));
      assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_INVALID', 'refused', false]);
      assert.equal(peer.accepted(), 0);
    });
  }

  const urls = [
    '',
    'x',
    '/path',
    'ftp://example.com/',
    'file:///etc/passwd',
    'http:example.com',
    'http://',
    'http:///a',
    'http://user:pw@127.0.0.1/',
    'http://user@127.0.0.1/',
    'http://a\\b/',
    'http://127.0.0.1\\@example.com/',
    'http://127.0.0.1:99999/',
    'http://127.0.0.1:0/',
    'http://127.0.0.1/a\r\nb',
    'http://127.0.0.1/\0',
    'http://127.0.0.1/\ud800',
    'http://a%zz/',
    'http://[::1',
    'http://[fe80::1%25eth0]/',
    'http://1.2.3.4.5/',
  ];
  for (const url of urls) {
    it(`fails with CALL_INVALID: URL ${JSON.stringify(url)}`, async (t) => {
      const failure = failureOf(await connectorFor(t).send(requestTo(url), {}));
      assert.deepEqual([failure.code, failure.inDoubt], ['CALL_INVALID', false]);
    });
  }
});

describe('a call that finds nobody', () => {
  it('fails with CALL_REFUSED when nothing listens', async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    await new Promise((resolve) => server.close(resolve));
    const failure = failureOf(await connectorFor(t).send(requestTo(`http://127.0.0.1:${address.port}/`), {}));
    assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_REFUSED', 'network', false]);
  });

  it('fails with CALL_UNREACHABLE when the name is not known', async (t) => {
    const lookup = async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    for (const options of [{ lookup }, { lookup: async () => [] }, {}]) {
      const failure = failureOf(await connectorFor(t, options).send(requestTo('http://name.invalid/'), {}));
      assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_UNREACHABLE', 'network', false]);
    }
  });

  it('fails with CALL_TIMEOUT, not in doubt, when the name is not resolved in time', async (t) => {
    const lookup = () => new Promise<never>(() => {});
    const request = requestTo('http://name.example/', { connectTimeoutMs: 20 });
    const failure = failureOf(await connectorFor(t, { lookup }).send(request, {}));
    assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_TIMEOUT', 'timeout', false]);
  });

  it('fails with CALL_TIMEOUT, not in doubt, when TLS does not come about in time, and closes the socket', async (t) => {
    const peer = await rawPeer(t, () => {});
    const request = requestTo(`https://127.0.0.1:${peer.port}/`, { connectTimeoutMs: 50 });
    const failure = failureOf(await connectorFor(t).send(request, {}));
    assert.deepEqual([failure.code, failure.inDoubt, peer.accepted()], ['CALL_TIMEOUT', false, 1]);
    await socketsClosed(peer);
  });
});

describe('TLS', () => {
  const ok = (_: unknown, response: { end(): unknown }): void => void response.end();

  it('is verified: a self-signed certificate fails with CALL_TLS, whatever the environment says', async (t) => {
    const peer = await tlsPeer(t, 'localhost', ok);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    t.after(() => delete process.env.NODE_TLS_REJECT_UNAUTHORIZED);
    const failure = failureOf(await connectorFor(t).send(requestTo(peer.url), {}));
    assert.deepEqual([failure.code, failure.inDoubt], ['CALL_TLS', false]);
    assert.notEqual(failure.hint, undefined);
  });

  it('trusts extra certificates', async (t) => {
    const peer = await tlsPeer(t, 'localhost', ok);
    const connector = connectorFor(t, { extraCertificates: fixture('localhost.cert.pem') });
    for (const host of ['127.0.0.1', 'localhost']) {
      const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
      const named =
        host === 'localhost'
          ? connectorFor(t, { extraCertificates: fixture('localhost.cert.pem'), lookup })
          : connector;
      assert.equal(answerOf(await named.send(requestTo(`https://${host}:${peer.port}/`), {})).status, 200);
    }
  });

  it('fails for a certificate of another host and for one that has expired, each time it is tried', async (t) => {
    for (const pair of ['elsewhere', 'expired']) {
      const peer = await tlsPeer(t, pair, ok);
      const connector = connectorFor(t, { extraCertificates: fixture(`${pair}.cert.pem`) });
      for (let round = 0; round < 3; round++) {
        const failure = failureOf(await connector.send(requestTo(peer.url), {}));
        assert.deepEqual([failure.code, failure.inDoubt], ['CALL_TLS', false], pair);
        assert.notEqual(failure.hint, undefined);
      }
    }
  });

  it('fails with CALL_TLS where plain HTTP is spoken', async (t) => {
    const peer = await httpPeer(t, ok);
    const failure = failureOf(await connectorFor(t).send(requestTo(`https://127.0.0.1:${peer.port}/`), {}));
    assert.deepEqual([failure.code, failure.inDoubt], ['CALL_TLS', false]);
  });

  it('refuses extra certificates that are none', () => {
    const options = { egress: () => ({ allow: [] }), clock: { now: () => 0 }, extraCertificates: 'nonsense' };
    assert.throws(() => createHttpConnector(options), { code: 'CALL_CERTIFICATES' });
  });
});

describe('a call that is given up', () => {
  it('fails with CALL_ABORTED: before it began, while it waits for a name, and in flight', async (t) => {
    const connector = connectorFor(t, { lookup: () => new Promise<never>(() => {}) });
    const early = failureOf(await connector.send(requestTo('http://127.0.0.1:1/'), { signal: AbortSignal.abort() }));
    assert.deepEqual([early.code, early.cause, early.inDoubt], ['CALL_ABORTED', 'aborted', false]);
    const naming = new AbortController();
    const named = connector.send(requestTo('http://name.example/'), { signal: naming.signal });
    naming.abort();
    assert.deepEqual([failureOf(await named).code, failureOf(await named).inDoubt], ['CALL_ABORTED', false]);

    const flying = new AbortController();
    const peer = await httpPeer(t, () => flying.abort());
    const failure = failureOf(await connector.send(requestTo(peer.url), { signal: flying.signal }));
    assert.deepEqual([failure.code, failure.inDoubt], ['CALL_ABORTED', true]);
    await socketsClosed(peer);
  });
});

describe('an answer that does not come', () => {
  it('fails with CALL_TIMEOUT, in doubt, and closes the socket', async (t) => {
    let arrived = 0;
    const peer = await httpPeer(t, () => void arrived++);
    // On a busy machine the time may be over before anything is sent.
    for (let totalTimeoutMs = 50; arrived === 0 && totalTimeoutMs < 60_000; totalTimeoutMs *= 5) {
      const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, { totalTimeoutMs }), {}));
      assert.deepEqual([failure.code, failure.cause], ['CALL_TIMEOUT', 'timeout']);
      assert.ok(failure.inDoubt || arrived === 0);
      assert.equal(failure.partial, undefined);
    }
    assert.ok(arrived > 0);
    await socketsClosed(peer);
  });

  it('fails with CALL_TIMEOUT when head or body trickle in', async (t) => {
    for (const start of [
      'HTTP/1.1 200 OK\r\nX-A: ',
      `${HEAD}Content-Length: 100000\r\n\r\n`,
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
    ]) {
      const piece = start.includes('chunked') ? '1\r\nx\r\n' : 'x';
      const peer = await rawPeer(t, (socket) => {
        socket.write(start);
        const drip = setInterval(() => socket.write(piece), 5);
        socket.on('close', () => clearInterval(drip));
      });
      const hasHead = !start.includes('X-A');
      // On a busy machine the time may be over before the head is there.
      for (let [totalTimeoutMs, isSeen] = [80, false]; !isSeen && totalTimeoutMs < 60_000; totalTimeoutMs *= 5) {
        const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, { totalTimeoutMs }), {}));
        assert.equal(failure.code, 'CALL_TIMEOUT');
        isSeen = failure.inDoubt && (failure.partial !== undefined) === hasHead;
        assert.ok(!isSeen || failure.partial?.status === (hasHead ? 200 : undefined));
      }
      await socketsClosed(peer);
    }
  });

  it('fails with CALL_RESET when the connection closes or breaks first', async (t) => {
    for (const end of ['end', 'reset'] as const) {
      for (const bytes of ['', 'HTTP/1.1 200', `${HEAD}X-A: b\r\n`]) {
        const peer = await bytesPeer(t, bytes, end);
        const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, { method: 'POST', body: 'x' }), {}));
        assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_RESET', 'network', true], bytes);
      }
    }
  });
});

describe('an answer that breaks off', () => {
  const cases: readonly (readonly [what: string, bytes: string, end: 'end' | 'reset'])[] = [
    ['before its length', `${HEAD}Content-Length: 10\r\n\r\nhello`, 'end'],
    ['before its length, not kept alive', `${HEAD}Connection: close\r\nContent-Length: 10\r\n\r\nhello`, 'end'],
    ['between chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`, 'end'],
    [
      'between chunks, not kept alive',
      `${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      'end',
    ],
    ['by a reset', `${HEAD}Content-Length: 10\r\n\r\nhello`, 'reset'],
    ['by a reset, without a length', `${HEAD}\r\nhello`, 'reset'],
  ];
  for (const [what, bytes, end] of cases) {
    it(`fails with CALL_CUT_OFF: ${what}`, async (t) => {
      const peer = await bytesPeer(t, bytes, end);
      const failure = failureOf(await connectorFor(t).send(requestTo(peer.url), {}));
      assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_CUT_OFF', 'network', true]);
      assert.ok(failure.partial !== undefined);
      assert.deepEqual([failure.partial.status, textOf(failure.partial)], [200, 'hello']);
    });
  }

  it('is whole when it has no length and the connection is closed properly', async (t) => {
    const peer = await bytesPeer(t, `${HEAD}\r\nhello`);
    assert.equal(textOf(answerOf(await connectorFor(t).send(requestTo(peer.url), {}))), 'hello');
  });
});

describe('an answer that is not HTTP', () => {
  const cases: readonly (readonly [what: string, bytes: string])[] = [
    ['HTTP/0.9', '<html>hello</html>\n'],
    ['another protocol', '220 mail.example ESMTP\r\n'],
    ['a wild status', 'HTTP/1.1 9x9 Odd\r\n\r\n'],
    ['control characters in a header', `${HEAD}X-A: a\0b\r\n\r\n`],
    ['a header without a colon', `${HEAD}nonsense\r\n\r\n`],
    ['two lengths', `${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
    ['a length and chunks', `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a length that is none', `${HEAD}Content-Length: five\r\n\r\nhello`],
    ['a length below zero', `${HEAD}Content-Length: -5\r\n\r\nhello`],
    ['a chunk size that is none', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`],
    ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['a 100 nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n`],
    ['huge headers', `${HEAD}X-A: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['many headers', `${HEAD}${'X-Header: value\r\n'.repeat(10_000)}\r\n`],
  ];
  for (const [what, bytes] of cases) {
    it(`fails with CALL_GARBLED: ${what}`, async (t) => {
      const peer = await bytesPeer(t, bytes, 'keep');
      const failure = failureOf(await connectorFor(t).send(requestTo(peer.url), {}));
      assert.deepEqual(
        [failure.code, failure.cause, failure.inDoubt],
        ['CALL_GARBLED', 'answer', true],
        failure.message,
      );
      await socketsClosed(peer);
    });
  }

  it('is not taken for the answer of the next call', async (t) => {
    const peer = await bytesPeer(t, `${HEAD}Content-Length: 2\r\n\r\nok${HEAD}Content-Length: 4\r\n\r\nevil`, 'keep');
    const connector = connectorFor(t);
    assert.equal(textOf(answerOf(await connector.send(requestTo(peer.url), {}))), 'ok');
    assert.equal(textOf(answerOf(await connector.send(requestTo(peer.url), {}))), 'ok');
  });
});

it('200 hostile calls leave no socket, no listener and no unhandled rejection', async (t) => {
  const strays: unknown[] = [];
  const note = (reason: unknown): void => void strays.push(reason);
  process.on('unhandledRejection', note).on('warning', note);
  t.after(() => process.off('unhandledRejection', note).off('warning', note));
  const endings = ['end', 'keep', 'reset'] as const;
  const answers = [
    '',
    'nonsense\n',
    `${HEAD}Content-Length: 9\r\n\r\nx`,
    `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n`,
    HEAD,
  ];
  const peers = await Promise.all(answers.flatMap((bytes) => endings.map((end) => bytesPeer(t, bytes, end))));
  const connector = connectorFor(t);
  const stop = new AbortController();
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const peer = peers[index % peers.length];
      assert.ok(peer !== undefined);
      return connector.send(requestTo(peer.url, { totalTimeoutMs: 20 + (index % 50) }), { signal: stop.signal });
    }),
  );
  assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(['failed']));
  await Promise.all(peers.map(socketsClosed));
  assert.deepEqual(strays, []);
});
