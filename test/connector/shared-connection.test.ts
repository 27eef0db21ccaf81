import assert from 'node:assert/strict';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { answerOf, connectorFor, failureOf, httpPeer, requestTo, textOf } from './peer.ts';

const MIB = 1024 * 1024;

it('a call that is given up while it unpacks its answer leaves the connection to the call that uses it now', async (t) => {
  // So much that it comes to its end only after many turns of the event loop, and the second call is sent after few.
  const packed = gzipSync(Buffer.alloc(60 * MIB, 'x'));
  const secondCame = Promise.withResolvers<() => void>();
  const peer = await httpPeer(t, (request, response) => {
    if (request.url === '/packed') response.setHeader('content-encoding', 'gzip').end(packed);
    else secondCame.resolve(() => void response.end('second'));
  });
  const connector = connectorFor(t, { maxConnectionsPerOrigin: 1 });
  const giveUp = new AbortController();
  const large = requestTo(new URL('/packed', peer.url).href, { maxAnswerBytes: 64 * MIB });
  const first = connector.send(large, { signal: giveUp.signal });
  const second = connector.send(requestTo(new URL('/second', peer.url).href), {});
  const answer = await secondCame.promise;
  giveUp.abort();
  assert.equal(failureOf(await first).code, 'CALL_ABORTED');
  answer();
  assert.equal(textOf(answerOf(await second)), 'second');
  assert.equal(peer.accepted(), 1);
});
