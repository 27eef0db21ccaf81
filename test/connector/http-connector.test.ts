import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { answerOf, connectorFor, failureOf, httpPeer, rawPeer, requestTo, socketsClosed, textOf } from './peer.ts';

describe('a call that is answered', () => {
  it('sends method, path, headers and body as given and gives the answer as received', async (t) => {
    let seen: IncomingMessage | undefined;
    let body = '';
    const peer = await httpPeer(t, async (request, response) => {
      seen = request;
      for await (const chunk of request) body += chunk;
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.writeHead(201, { 'X-Kind': 'Ünï' });
      response.end('{"id":"14x7"}');
    });
    const headers = [
      ['X-Api-Version', '2'],
      ['cOnTeNt-TyPe', 'text/plain'],
      ['X-Name', 'Söhne 螺栓'],
    ] as const;
    const outcome = await connectorFor(t).send(
      requestTo(`${peer.url}a b/ü?q=%20ä%2F&p=50%&e=%zz#part`, { method: 'PATCH', headers, body: 'Söhne' }),
      {},
    );
    const answer = answerOf(outcome);
    assert.equal(answer.status, 201);
    assert.equal(textOf(answer), '{"id":"14x7"}');
    assert.deepEqual(
      answer.headers.filter(([name]) => name === 'set-cookie'),
      [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
    );
    assert.equal(answer.headers.find(([name]) => name === 'x-kind')?.[1], 'Ünï');
    assert.equal(seen?.method, 'PATCH');
    assert.equal(seen.url, '/a%20b/%C3%BC?q=%20%C3%A4%2F&p=50%&e=%zz');
    assert.equal(body, 'Söhne');
    assert.equal(Buffer.from(String(seen.headers['x-name']), 'latin1').toString(), 'Söhne 螺栓');
    const sent = seen.rawHeaders.filter((_, index) => index % 2 === 0);
    assert.ok(sent.includes('cOnTeNt-TyPe') && sent.includes('X-Api-Version') && sent.includes('User-Agent'));
    assert.equal(seen.headers.expect, undefined);
    assert.equal(seen.headers['accept-encoding'], undefined);
    assert.equal(seen.headers['content-length'], '6');
  });

  it('measures with the clock it was given', async (t) => {
    let now = 1_000;
    const peer = await httpPeer(t, (_, response) => {
      now += 250;
      response.end();
    });
    const outcome = await connectorFor(t, { clock: { now: () => now } }).send(requestTo(peer.url), {});
    assert.equal(answerOf(outcome).durationMs, 250);
  });

  it('does not follow redirects, and passes over early hints', async (t) => {
    const peer = await httpPeer(t, (_, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeHead(302, { Location: 'http://example.com/' }).end();
    });
    assert.equal(answerOf(await connectorFor(t).send(requestTo(peer.url), {})).status, 302);
  });

  it('lets a map name the user agent and keeps a HEAD answer without a body', async (t) => {
    const agents: (string | undefined)[] = [];
    const peer = await httpPeer(t, (request, response) => {
      agents.push(request.headers['user-agent']);
      response.writeHead(200, { 'Content-Length': '99999999', 'Content-Encoding': 'gzip' }).end();
    });
    const connector = connectorFor(t, { userAgent: 'Install/1' });
    const headers = [['user-agent', 'Own/2']] as const;
    assert.equal(answerOf(await connector.send(requestTo(peer.url, { method: 'HEAD' }), {})).body.length, 0);
    answerOf(await connector.send(requestTo(peer.url, { method: 'HEAD', headers }), {}));
    assert.deepEqual(agents, ['Install/1', 'Own/2']);
  });
});

describe('connections', () => {
  it('are kept and used again', async (t) => {
    const peer = await httpPeer(t, (request, response) => void request.resume().on('end', () => response.end('ok')));
    const connector = connectorFor(t);
    for (let round = 0; round < 20; round++) {
      answerOf(await connector.send(requestTo(peer.url, { method: 'POST', body: 'x' }), {}));
    }
    assert.equal(peer.accepted(), 1);
  });

  it('are replaced when the other side has closed them before any byte was written', async (t) => {
    let requests = 0;
    const peer = await httpPeer(t, (_, response) => {
      requests += 1;
      response.end('ok');
    });
    const connector = connectorFor(t);
    answerOf(await connector.send(requestTo(peer.url), {}));
    for (const socket of peer.sockets) socket.destroy();
    await socketsClosed(peer);
    await turn();
    await turn();
    const outcomes = [await connector.send(requestTo(peer.url, { method: 'POST', body: 'x' }), {})];
    assert.deepEqual(
      outcomes.map((outcome) => textOf(answerOf(outcome))),
      ['ok'],
    );
    assert.deepEqual([requests, peer.accepted()], [2, 2]);
  });

  it('send nothing a second time when a kept one breaks after the request was written', async (t) => {
    let requests = 0;
    const peer = await httpPeer(t, (request, response) => {
      requests += 1;
      if (requests === 1) response.end('ok');
      else request.socket.destroy();
    });
    const connector = connectorFor(t);
    answerOf(await connector.send(requestTo(peer.url), {}));
    const failure = failureOf(await connector.send(requestTo(peer.url), {}));
    assert.deepEqual([failure.code, failure.inDoubt, requests], ['CALL_RESET', true, 2]);
  });

  it('are limited per origin: further calls wait in turn', async (t) => {
    let open = 0;
    let most = 0;
    const peer = await httpPeer(t, (_, response) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        response.end();
      });
    });
    const connector = connectorFor(t, { maxConnectionsPerOrigin: 3 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => connector.send(requestTo(peer.url), {})));
    assert.equal(outcomes.filter((outcome) => outcome.kind === 'answered').length, 20);
    assert.equal(peer.accepted(), 3);
    assert.ok(most <= 3);
  });

  it('of origins unused for longest are closed when there are too many', async (t) => {
    const peers = await Promise.all([1, 2, 3].map(() => httpPeer(t, (_, response) => void response.end())));
    const connector = connectorFor(t, { maxOrigins: 2 });
    for (const peer of peers) answerOf(await connector.send(requestTo(peer.url), {}));
    const [first, second, third] = peers;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    await socketsClosed(first);
    assert.deepEqual([second.sockets.size, third.sockets.size], [1, 1]);
  });

  it('to one destination that hangs do not hold up calls to another', async (t) => {
    const hanging = await rawPeer(t, () => {});
    const peer = await httpPeer(t, (_, response) => void response.end('ok'));
    const connector = connectorFor(t);
    const stop = new AbortController();
    const hung = Array.from({ length: 100 }, () => connector.send(requestTo(hanging.url), { signal: stop.signal }));
    const answers = await Promise.all(Array.from({ length: 50 }, () => connector.send(requestTo(peer.url), {})));
    assert.equal(answers.filter((outcome) => outcome.kind === 'answered').length, 50);
    stop.abort();
    assert.deepEqual(
      new Set((await Promise.all(hung)).map((outcome) => failureOf(outcome).code)),
      new Set(['CALL_ABORTED']),
    );
    await socketsClosed(hanging);
  });

  it('are all closed by close, calls in flight and in the queue are given up, and later ones are refused', async (t) => {
    let busy = 0;
    const both = Promise.withResolvers<void>();
    const peer = await httpPeer(t, (request, response) => {
      if (request.url === '/') response.end('ok');
      else if (++busy === 2) both.resolve();
    });
    const connector = connectorFor(t, { maxConnectionsPerOrigin: 2 });
    answerOf(await connector.send(requestTo(peer.url), {}));
    const inFlight = Array.from({ length: 5 }, () => connector.send(requestTo(`${peer.url}hang`), {}));
    await both.promise;
    await connector.close();
    const failures = (await Promise.all(inFlight)).map(failureOf);
    assert.deepEqual(
      failures.map(({ code }) => code),
      Array(5).fill('CALL_ABORTED'),
    );
    await socketsClosed(peer);
    const late = failureOf(await connector.send(requestTo(peer.url), {}));
    assert.deepEqual([late.code, late.inDoubt], ['CALL_ABORTED', false]);
  });
});
