import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import { describe, it, type TestContext } from 'node:test';
import { Server as ProxyServer } from 'proxy-chain';
import type { NetworkRules } from '../../src/core/network.ts';
import {
  answerOf,
  connectorFor,
  failureOf,
  fixture,
  httpPeer,
  listen,
  rawPeer,
  requestTo,
  textOf,
  tlsPeer,
} from './peer.ts';

interface Proxy {
  readonly url: string;
  readonly port: number;
  /** `host:port` of each request that reached it, tunnels too. */
  readonly asked: readonly string[];
}

/** A real proxy; with a login when one is given. */
async function proxyPeer(t: TestContext, login?: { readonly user: string; readonly password: string }): Promise<Proxy> {
  const asked: string[] = [];
  const server = new ProxyServer({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ hostname, port, username, password }) => {
      asked.push(`${hostname}:${port}`);
      return { requestAuthentication: login !== undefined && (username !== login.user || password !== login.password) };
    },
  });
  await server.listen();
  t.after(() => server.close(true));
  return { url: `http://127.0.0.1:${server.port}`, port: server.port, asked };
}

function through(proxy: Pick<Proxy, 'url'>, more: Partial<NetworkRules> & { user?: string; password?: string } = {}) {
  const { user, password, ...rules } = more;
  return { network: { proxy: { url: proxy.url, user, password }, ...rules } };
}

const AUTHORITY = { authority: fixture('private.cert.pem') };

describe('a proxy', () => {
  it('is given plain calls in absolute form, and keeps its connection', async (t) => {
    const seen: unknown[] = [];
    const peer = await httpPeer(t, (request, response) => {
      seen.push(request.url, request.headers.host, request.headers['proxy-authorization']);
      response.end('ok');
    });
    const proxy = await proxyPeer(t);
    const connector = connectorFor(t);
    for (let round = 0; round < 2; round++) {
      const request = requestTo(`${peer.url}a?b=c`, { method: 'POST', body: 'x', ...through(proxy) });
      assert.equal(textOf(answerOf(await connector.send(request, {}))), 'ok');
    }
    assert.deepEqual(seen.slice(0, 3), ['/a?b=c', `127.0.0.1:${peer.port}`, undefined]);
    assert.deepEqual(proxy.asked, [`127.0.0.1:${peer.port}`, `127.0.0.1:${peer.port}`]);
  });

  it('is asked for a tunnel where the call is secure, and the other side is verified through it', async (t) => {
    const peer = await tlsPeer(t, 'private', (_, response) => response.end('secret'));
    const other = await tlsPeer(t, 'elsewhere', (_, response) => response.end('secret'));
    const proxy = await proxyPeer(t);
    const connector = connectorFor(t);
    const authority = fixture('authority.cert.pem');
    const send = (url: string) => connector.send(requestTo(url, through(proxy, { authority })), {});
    assert.equal(textOf(answerOf(await send(peer.url))), 'secret');
    assert.equal(textOf(answerOf(await send(peer.url))), 'secret');
    assert.equal(failureOf(await send(other.url)).code, 'CALL_TLS');
    // One tunnel served both calls.
    assert.deepEqual(proxy.asked, [`127.0.0.1:${peer.port}`, `127.0.0.1:${other.port}`]);
  });

  for (const kind of ['http', 'https'] as const) {
    it(`gets the login it asks for, and never passes it on: ${kind}`, async (t) => {
      const seen: unknown[] = [];
      const answer: Parameters<typeof httpPeer>[1] = (request, response) => {
        seen.push(request.headers['proxy-authorization']);
        response.end('ok');
      };
      const peer = kind === 'http' ? await httpPeer(t, answer) : await tlsPeer(t, 'private', answer);
      const proxy = await proxyPeer(t, { user: 'änna', password: 'p:w' });
      const connector = connectorFor(t);
      const rules = { authority: fixture('authority.cert.pem') };
      const request = (login: { user?: string; password?: string }) =>
        requestTo(peer.url, { method: 'POST', body: 'x', ...through(proxy, { ...rules, ...login }) });
      for (const login of [{}, { user: 'änna', password: 'wrong' }]) {
        const failure = failureOf(await connector.send(request(login), {}));
        assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_PROXY', 'refused', false]);
        assert.match(failure.hint ?? '', /proxy-credential/u);
      }
      assert.deepEqual([peer.accepted(), seen], [0, []]);
      assert.equal(answerOf(await connector.send(request({ user: 'änna', password: 'p:w' }), {})).status, 200);
      assert.deepEqual(seen, [undefined]);
    });
  }

  it('may be spoken to over TLS', async (t) => {
    const seen: string[] = [];
    const pair = { key: fixture('localhost.key.pem'), cert: fixture('localhost.cert.pem') };
    const secure = createTlsServer(pair, (request, response) => {
      seen.push(String(request.url));
      response.end('by proxy');
    });
    const proxy = await listen(t, secure, 'https');
    const connector = connectorFor(t, { extraCertificates: pair.cert });
    const request = requestTo('http://127.0.0.1:9/x', through({ url: proxy.url }));
    assert.equal(textOf(answerOf(await connector.send(request, {}))), 'by proxy');
    assert.deepEqual(seen, ['http://127.0.0.1:9/x']);
  });

  it('that cannot be reached or speaks no HTTP is told apart from the other side', async (t) => {
    const peer = await tlsPeer(t, 'private', (_, response) => response.end('ok'));
    const garbage = await rawPeer(t, (socket) => void socket.once('data', () => socket.end('hello\r\n')));
    const connector = connectorFor(t);
    const send = (url: string) => connector.send(requestTo(peer.url, through({ url }, AUTHORITY)), {});
    const refused = failureOf(await send('http://127.0.0.1:1'));
    assert.deepEqual([refused.code, refused.cause, refused.inDoubt], ['CALL_PROXY', 'network', false]);
    const garbled = failureOf(await send(garbage.url));
    assert.equal(garbled.inDoubt, false);
    const silent = await rawPeer(t, () => undefined);
    const slow = requestTo(peer.url, { ...through({ url: silent.url }, AUTHORITY), connectTimeoutMs: 100 });
    const late = failureOf(await connector.send(slow, {}));
    assert.deepEqual([late.code, late.inDoubt], ['CALL_TIMEOUT', false]);
    assert.equal(peer.accepted(), 0);
  });

  for (const url of [
    'proxy.example:3128',
    'ftp://proxy.example',
    'http://anna:pw@127.0.0.1:1',
    'http://127.0.0.1:1/x',
  ]) {
    it(`has to have an address: ${url}`, async (t) => {
      const failure = failureOf(await connectorFor(t).send(requestTo('http://127.0.0.1:1/', through({ url })), {}));
      assert.deepEqual([failure.code, failure.inDoubt], ['CALL_INVALID', false]);
      assert.doesNotMatch(failure.message, /pw/u);
    });
  }
});

describe('the guard before a proxy', () => {
  it('judges the address of the proxy itself', async (t) => {
    const proxy = await proxyPeer(t);
    const connector = connectorFor(t, { egress: () => ({ allow: ['127.0.0.1:80'] }) });
    for (const url of [proxy.url, `http://2130706433:${proxy.port}`]) {
      const failure = failureOf(await connector.send(requestTo('http://127.0.0.1/', through({ url })), {}));
      assert.equal(failure.code, 'CALL_EGRESS');
    }
    assert.deepEqual(proxy.asked, []);
  });

  it('judges what the proxy is asked for: addresses, names, and names that nobody here knows', async (t) => {
    const peer = await httpPeer(t, (_, response) => response.end('ok'));
    const proxy = await proxyPeer(t);
    const known: Record<string, string> = { 'inside.example': '127.0.0.1', 'cloud.example': '169.254.169.254' };
    const connector = connectorFor(t, {
      egress: () => ({ allow: [`127.0.0.1:${proxy.port}`, 'localhost:*'] }),
      lookup: async (name) => {
        const address = known[name];
        if (address === undefined) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
        return [{ address, family: 4 }];
      },
    });
    for (const scheme of ['http', 'https']) {
      for (const host of ['127.0.0.1', '[::1]', 'inside.example', 'cloud.example', 'only-the-proxy-knows.example']) {
        const request = requestTo(`${scheme}://${host}:${peer.port}/`, through(proxy));
        assert.equal(failureOf(await connector.send(request, {})).code, 'CALL_EGRESS', `${scheme} ${host}`);
      }
    }
    assert.deepEqual([proxy.asked, peer.accepted()], [[], 0]);
    // Named, and known to the proxy alone: `localhost` stands for such a name here.
    assert.equal(
      answerOf(await connector.send(requestTo(`http://localhost:${peer.port}/`, through(proxy)), {})).status,
      200,
    );
  });

  it('judges a kept connection again when the policy becomes stricter', async (t) => {
    const peer = await httpPeer(t, (_, response) => response.end('ok'));
    const proxy = await proxyPeer(t);
    let allow = ['127.0.0.1:*'];
    const policies = new Map<string, { allow: string[] }>();
    const connector = connectorFor(t, {
      egress: () => {
        const key = allow.join();
        return policies.get(key) ?? policies.set(key, { allow }).get(key) ?? { allow };
      },
      lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    const send = () => connector.send(requestTo(`http://localhost:${peer.port}/`, through(proxy)), {});
    assert.equal(
      failureOf(await connector.send(requestTo('http://10.0.0.1/', through(proxy)), {})).code,
      'CALL_EGRESS',
    );
    assert.equal(answerOf(await send()).status, 200);
    const before = proxy.asked.length;
    allow = [`127.0.0.1:${proxy.port}`];
    assert.equal(failureOf(await send()).code, 'CALL_EGRESS');
    assert.equal(proxy.asked.length, before);
  });
});
