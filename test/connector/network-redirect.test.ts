import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import type { CallRequest } from '../../src/core/call.ts';
import type { Redirects } from '../../src/core/network.ts';
import { answerOf, connectorFor, failureOf, fixture, httpPeer, type Peer, requestTo, textOf, tlsPeer } from './peer.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers with what it saw, or sends on to wherever `target` says. */
function recording(
  seen: Seen[],
  target: (url: string) => [status: number, location: string] | undefined,
): RequestListener {
  return async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    const next = target(request.url ?? '');
    if (next === undefined) response.end('arrived');
    else response.writeHead(next[0], { Location: next[1], 'Set-Cookie': 'hop=1' }).end('moved');
  };
}

async function pair(
  t: TestContext,
  status: number,
): Promise<{ from: Peer; to: Peer; seenAtFrom: Seen[]; seenAtTo: Seen[] }> {
  const [seenAtFrom, seenAtTo]: [Seen[], Seen[]] = [[], []];
  const to = await httpPeer(
    t,
    recording(seenAtTo, () => undefined),
  );
  const from = await httpPeer(
    t,
    recording(seenAtFrom, (url) =>
      url === '/away' ? [status, `${to.url}there`] : url === '/near' ? [status, 'here?x=1#part'] : undefined,
    ),
  );
  return { from, to, seenAtFrom, seenAtTo };
}

const SECRETS = [
  ['Authorization', 'Bearer k'],
  ['Cookie', 's=1'],
  ['X-Api-Key', 'k'],
  ['Idempotency-Key', 'mw-1'],
  ['Accept', 'application/json'],
  ['Content-Type', 'text/plain'],
] as const;

function posting(url: string, redirects: Redirects, more: Partial<CallRequest> = {}): CallRequest {
  return requestTo(url, { method: 'POST', headers: SECRETS, body: 'body', network: { redirects }, ...more });
}

describe('redirects', () => {
  it('are answers unless the service follows them', async (t) => {
    const { from, seenAtFrom } = await pair(t, 302);
    const connector = connectorFor(t);
    for (const network of [undefined, {}, { redirects: 'none' as const }]) {
      assert.equal(answerOf(await connector.send(requestTo(`${from.url}near`, { network }), {})).status, 302);
    }
    assert.equal(seenAtFrom.length, 3);
  });

  it('to the same host keep everything, to another one are answers: same-host', async (t) => {
    const { from, to, seenAtFrom } = await pair(t, 307);
    const connector = connectorFor(t);
    assert.equal(textOf(answerOf(await connector.send(posting(`${from.url}near`, 'same-host'), {}))), 'arrived');
    const [, hop] = seenAtFrom;
    assert.deepEqual([hop?.method, hop?.url, hop?.body], ['POST', '/here?x=1', 'body']);
    assert.deepEqual([hop?.headers.authorization, hop?.headers.cookie], ['Bearer k', 's=1']);
    assert.equal(answerOf(await connector.send(posting(`${from.url}away`, 'same-host'), {})).status, 307);
    assert.equal(to.accepted(), 0);
  });

  it('to another host lose whatever may be a credential', async (t) => {
    const { from, seenAtTo } = await pair(t, 308);
    const answer = answerOf(await connectorFor(t).send(posting(`${from.url}away`, 'any'), {}));
    assert.equal(textOf(answer), 'arrived');
    const [hop] = seenAtTo;
    assert.deepEqual([hop?.method, hop?.body, hop?.headers['content-type']], ['POST', 'body', 'text/plain']);
    for (const name of ['authorization', 'cookie', 'x-api-key', 'idempotency-key']) {
      assert.equal(hop?.headers[name], undefined, name);
    }
    assert.equal(hop?.headers.accept, 'application/json');
  });

  const methods = [
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ] as const;
  for (const [status, method, then] of methods) {
    it(`${status} makes ${then} of ${method}`, async (t) => {
      const { from, seenAtFrom } = await pair(t, status);
      const body = method === 'HEAD' ? undefined : 'body';
      answerOf(await connectorFor(t).send(posting(`${from.url}near`, 'same-host', { method, body }), {}));
      const [, hop] = seenAtFrom;
      const isKept = then === method && body !== undefined;
      assert.deepEqual([hop?.method, hop?.body], [then, isKept ? 'body' : '']);
      assert.equal(hop?.headers['content-type'], then === method ? 'text/plain' : undefined);
    });
  }

  it('that go in circles end after five, in doubt only when the first call was acted on', async (t) => {
    const seen: Seen[] = [];
    const peer = await httpPeer(
      t,
      recording(seen, () => [303, '/again']),
    );
    const connector = connectorFor(t);
    const failure = failureOf(await connector.send(posting(peer.url, 'any'), {}));
    assert.deepEqual([failure.code, failure.inDoubt, seen.length], ['CALL_REDIRECT_LOOP', true, 6]);
    const get = requestTo(peer.url, { network: { redirects: 'any' } });
    assert.equal(failureOf(await connector.send(get, {})).inDoubt, false);
  });

  it('count against the time limit of the whole call', async (t) => {
    const peer = await httpPeer(t, (request, response) => {
      if (request.url === '/') response.writeHead(302, { Location: '/slow' }).end();
    });
    const request = requestTo(peer.url, { network: { redirects: 'any' }, totalTimeoutMs: 200 });
    const failure = failureOf(await connectorFor(t).send(request, {}));
    assert.equal(failure.code, 'CALL_TIMEOUT');
    assert.equal(failure.inDoubt, true);
  });

  const notFollowed = ['ftp://example.com/', 'http://', 'javascript:alert(1)', '//', 'http://[::1', ''];
  for (const location of notFollowed) {
    it(`to nowhere are answers: ${JSON.stringify(location)}`, async (t) => {
      const peer = await httpPeer(
        t,
        recording([], (url) => (url === '/' ? [302, location] : undefined)),
      );
      const outcome = await connectorFor(t).send(requestTo(peer.url, { network: { redirects: 'any' } }), {});
      assert.equal(answerOf(outcome).status, 302);
    });
  }

  it('never go from https to http', async (t) => {
    const plain = await httpPeer(t, (_, response) => response.end('read by all'));
    const secure = await tlsPeer(t, 'private', (_, response) => {
      response.writeHead(302, { Location: plain.url }).end();
    });
    const network = { redirects: 'any', authority: fixture('authority.cert.pem') } as const;
    assert.equal(answerOf(await connectorFor(t).send(requestTo(secure.url, { network }), {})).status, 302);
    assert.equal(plain.accepted(), 0);
  });

  it('to another host do not take weakened trust along', async (t) => {
    const other = await tlsPeer(t, 'private', (_, response) => response.end('not verified'));
    const first = await tlsPeer(t, 'private', (_, response) => {
      response.writeHead(302, { Location: other.url }).end();
    });
    for (const trust of [{ verify: false }, { authority: fixture('authority.cert.pem') }]) {
      const network = { redirects: 'any' as const, ...trust };
      assert.equal(failureOf(await connectorFor(t).send(requestTo(first.url, { network }), {})).code, 'CALL_TLS');
    }
  });

  it('are judged by the guard at every hop, also where a name stands for a private address', async (t) => {
    const inside = await httpPeer(t, (_, response) => response.end('inside'));
    const targets = [
      `http://127.0.0.1:${inside.port}/`,
      `http://2130706433:${inside.port}/`,
      `http://[::ffff:7f00:1]:${inside.port}/`,
      `http://inside.example:${inside.port}/`,
      'http://169.254.169.254/latest/meta-data/',
      'http://metadata.example/',
    ];
    let next = '';
    const outer = await httpPeer(t, (_, response) => response.writeHead(307, { Location: next }).end());
    const names: Record<string, string> = { 'inside.example': '127.0.0.1', 'metadata.example': '169.254.169.254' };
    const connector = connectorFor(t, {
      egress: () => ({ allow: [`127.0.0.1:${outer.port}`] }),
      lookup: async (name) => [{ address: names[name] ?? '127.0.0.1', family: 4 }],
    });
    for (next of targets) {
      const failure = failureOf(await connector.send(posting(outer.url, 'any'), {}));
      assert.deepEqual([failure.code, failure.inDoubt], ['CALL_EGRESS', false], next);
    }
    assert.equal(inside.accepted(), 0);
  });
});
