import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { wholeBody } from '../../src/core/large-body.ts';
import {
  answerOf,
  bytesPeer,
  connectorFor,
  failureOf,
  httpPeer,
  rawPeer,
  requestTo,
  socketsClosed,
  textOf,
} from './peer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';

describe('an answer that is too large', () => {
  const limit = { maxAnswerBytes: 1_000 };

  it('fails with CALL_TOO_LARGE by its declared length, without being read', async (t) => {
    const peer = await bytesPeer(t, `${HEAD}Content-Length: 1001\r\n\r\n`, 'keep');
    const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, limit), {}));
    assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_TOO_LARGE', 'answer', true]);
    await socketsClosed(peer);
  });

  it('fails with CALL_TOO_LARGE when it has no end', async (t) => {
    const peer = await rawPeer(t, (socket) => {
      socket.write(`${HEAD}\r\n`);
      const pour = (): void => {
        while (!socket.destroyed && socket.write('x'.repeat(1_024)));
      };
      socket.on('drain', pour);
      pour();
    });
    const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, limit), {}));
    assert.deepEqual([failure.code, failure.partial?.body.length], ['CALL_TOO_LARGE', 1_000]);
    await socketsClosed(peer);
  });

  it('fits when it has exactly as many bytes as allowed', async (t) => {
    const peer = await httpPeer(t, (_, response) => void response.end('x'.repeat(1_000)));
    assert.equal(answerOf(await connectorFor(t).send(requestTo(peer.url, limit), {})).body.length, 1_000);
  });

  it('fails with CALL_TOO_LARGE when it is larger unpacked', async (t) => {
    const bomb = 'x'.repeat(100_000);
    const codings = [
      ['gzip', gzipSync(bomb)],
      ['deflate', deflateSync(bomb)],
      ['br', brotliCompressSync(bomb)],
      ['gzip, gzip', gzipSync(gzipSync(bomb))],
    ] as const;
    for (const [coding, body] of codings) {
      const peer = await httpPeer(t, (_, response) => void response.setHeader('Content-Encoding', coding).end(body));
      const failure = failureOf(await connectorFor(t).send(requestTo(peer.url, limit), {}));
      assert.deepEqual([failure.code, failure.cause], ['CALL_TOO_LARGE', 'answer'], coding);
    }
  });
});

describe('a packed answer', () => {
  const text = 'Söhne '.repeat(50);
  const codings = [
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
    ['identity', Buffer.from(text)],
  ] as const;

  it('is unpacked as announced', async (t) => {
    for (const [coding, body] of codings) {
      const peer = await httpPeer(t, (_, response) => void response.setHeader('Content-Encoding', coding).end(body));
      assert.equal(textOf(answerOf(await connectorFor(t).send(requestTo(peer.url), {}))), text, coding);
    }
  });

  it('is left as it is when nothing is announced', async (t) => {
    const packed = gzipSync(text);
    const peer = await httpPeer(t, (_, response) => void response.end(packed));
    assert.deepEqual(wholeBody(answerOf(await connectorFor(t).send(requestTo(peer.url), {})).body), packed);
  });

  it('fails with CALL_GARBLED when it is not what is announced, is cut, or is packed in an unknown way', async (t) => {
    const bodies = [
      ['gzip', Buffer.from('plain')],
      ['br', Buffer.from('plain text that is no brotli')],
      ['deflate', Buffer.from('plain')],
      ['gzip', gzipSync(text).subarray(0, 20)],
      ['sdch', Buffer.from('x')],
      ['gzip, gzip, gzip, gzip', gzipSync(text)],
    ] as const;
    for (const [coding, body] of bodies) {
      const peer = await httpPeer(t, (_, response) => void response.setHeader('Content-Encoding', coding).end(body));
      const failure = failureOf(await connectorFor(t).send(requestTo(peer.url), {}));
      assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_GARBLED', 'answer', true], coding);
      assert.deepEqual(Buffer.from(wholeBody(failure.partial?.body ?? new Uint8Array())), body);
    }
  });
});
