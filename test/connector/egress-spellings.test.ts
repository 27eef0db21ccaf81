import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { Socket, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { createCredentialedConnector } from '../../src/connector/credential/credentialed-connector.ts';
import { TokenKeeper } from '../../src/connector/credential/token-keeper.ts';
import type { HostAddress } from '../../src/connector/host-lookup.ts';
import { createSoapClient } from '../../src/connector/soap/soap-client.ts';
import { calling, oauth, openWorld } from './credential/credential-world.ts';
import { FORBIDDEN_NAMES, FORBIDDEN_V6, spellingsOfV4 } from './host-spellings.ts';
import { answerOf, connectorFor, failureOf, httpPeer, requestTo } from './peer.ts';

const FORBIDDEN_V4 = ['127.0.0.1', '10.0.0.1', '192.168.1.1', '172.16.5.4', '169.254.169.254', '100.64.0.1', '0.0.0.0'];

/** Codes of calls that were refused here; a name without an address is only not found. */
const REFUSED: ReadonlySet<string> = new Set(['CALL_EGRESS', 'CALL_INVALID', 'CALL_UNREACHABLE']);

/** Where the resolver of these tests sends names; whatever else it is asked leads inside too. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'metadata.google.internal': ['169.254.169.254'],
  metadata: ['169.254.169.254'],
  'one-of-two.example': ['127.0.0.1', '93.184.216.34'],
  'second-of-two.example': ['93.184.216.34', '127.0.0.1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'odd-address.example': ['127.1'],
  'nothing.example': [],
};

async function resolve(name: string): Promise<HostAddress[]> {
  const found = NAMES[name.replace(/\.$/u, '')] ?? ['127.0.0.1'];
  return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}

/** Listeners on this machine's addresses, and every attempt to connect to anywhere, as the system is asked for it. */
async function watchNetwork(t: TestContext): Promise<{ port: number; accepted(): number; dialled: string[] }> {
  let accepted = 0;
  const dialled: string[] = [];
  const real = Socket.prototype.connect;
  const watched = function (this: Socket, ...options: Parameters<typeof real>): Socket {
    this.on('connectionAttempt', (address: string, port: number) => dialled.push(`${address} ${port}`));
    return real.apply(this, options);
  };
  Socket.prototype.connect = watched as typeof real;
  t.after(() => {
    Socket.prototype.connect = real;
  });
  const server = createTcpServer((socket) => {
    accepted += 1;
    socket.destroy();
  });
  // All of this machine's addresses, of both families where it has them.
  server.listen(0);
  await once(server, 'listening');
  t.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, accepted: () => accepted, dialled };
}

describe('the egress guard', () => {
  it('lets none of 300 spellings of private and metadata addresses through: no connection is tried', async (t) => {
    const { port, accepted, dialled } = await watchNetwork(t);
    const spellings = [...FORBIDDEN_V4.flatMap(spellingsOfV4), ...FORBIDDEN_V6, ...FORBIDDEN_NAMES];
    assert.ok(spellings.length >= 300, `${spellings.length} spellings`);
    const connector = connectorFor(t, { egress: () => ({ allow: [] }), lookup: resolve });
    for (const { host, why } of spellings) {
      for (const scheme of ['http', 'https']) {
        const failure = failureOf(await connector.send(requestTo(`${scheme}://${host}:${port}/x`), {}));
        assert.ok(REFUSED.has(failure.code), `${host} (${why}): ${failure.code}`);
        assert.equal(failure.inDoubt, false, host);
      }
    }
    assert.deepEqual([accepted(), dialled], [0, []]);
  });

  it('lets none through a redirect, a proxy or as a proxy', async (t) => {
    const { port, accepted, dialled } = await watchNetwork(t);
    const spellings = [
      ...spellingsOfV4('127.0.0.1'),
      ...spellingsOfV4('169.254.169.254'),
      ...FORBIDDEN_V6,
      ...FORBIDDEN_NAMES,
    ];
    let next = '';
    const outer = await httpPeer(t, (_, response) => {
      response.writeHead(307, { Location: Buffer.from(next, 'utf8').toString('latin1') }).end();
    });
    const connector = connectorFor(t, { egress: () => ({ allow: [`127.0.0.1:${outer.port}`] }), lookup: resolve });
    for (const { host } of spellings) {
      const url = `http://${host}:${port}/`;
      next = url;
      const redirected = await connector.send(requestTo(outer.url, { network: { redirects: 'any' } }), {});
      // What is no address is not followed.
      const code = redirected.kind === 'answered' ? `status ${redirected.answer.status}` : redirected.failure.code;
      assert.ok(REFUSED.has(code) || code === 'status 307', `redirect to ${host}: ${code}`);
      for (const scheme of ['http', 'https']) {
        const behind = requestTo(`${scheme}://${host}:${port}/`, {
          network: { proxy: { url: outer.url, user: undefined, password: undefined } },
        });
        const refused = failureOf(await connector.send(behind, {})).code;
        assert.ok(REFUSED.has(refused), `${scheme} ${host} through a proxy: ${refused}`);
      }
      const proxied = requestTo('http://93.184.216.34/', {
        network: { proxy: { url, user: undefined, password: undefined } },
      });
      const refused = failureOf(await connector.send(proxied, {})).code;
      assert.ok(REFUSED.has(refused) || refused === 'CALL_PROXY', `${host} as a proxy: ${refused}`);
    }
    assert.equal(accepted(), 0);
    assert.deepEqual(new Set(dialled), new Set([`127.0.0.1 ${outer.port}`]));
  });

  it('lets none through a WSDL, what it imports, and where it says the service is', async (t) => {
    const { port, accepted, dialled } = await watchNetwork(t);
    let imported = '';
    const outer = await httpPeer(t, (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml' });
      response.end(
        `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><import namespace="urn:x" location="${imported}"/></definitions>`,
      );
    });
    const connector = connectorFor(t, { egress: () => ({ allow: [`127.0.0.1:${outer.port}`] }), lookup: resolve });
    const clock = { now: () => Date.now() };
    const ask = async (wsdl: string): Promise<string> => {
      const question = { wsdl, operation: 'x', values: {}, authorization: undefined };
      try {
        const limits = { connectTimeoutMs: 5_000, totalTimeoutMs: 5_000 };
        await createSoapClient({ connector, clock }).prepare({ ...question, ...limits });
        return 'prepared';
      } catch (error) {
        return error instanceof Error && 'code' in error ? String(error.code) : String(error);
      }
    };
    for (const { host } of [...spellingsOfV4('127.0.0.1'), ...FORBIDDEN_NAMES]) {
      const url = `http://${host}:${port}/`;
      imported = url;
      for (const code of [await ask(url), await ask(outer.url)]) {
        assert.ok(REFUSED.has(code) || code === 'SOAP_WSDL_INVALID', `${host}: ${code}`);
      }
    }
    assert.equal(accepted(), 0);
    assert.deepEqual(new Set(dialled), new Set([`127.0.0.1 ${outer.port}`]));
  });

  it('lets none through as the endpoint of tokens', async (t) => {
    const { port, accepted, dialled } = await watchNetwork(t);
    const { store, clock } = await openWorld(t);
    const inner = connectorFor(t, { egress: () => ({ allow: [] }), lookup: resolve });
    const keeper = new TokenKeeper({ tokens: store.tokens, sealer: store.sealer, clock });
    const connector = createCredentialedConnector(inner, { keeper, clock });
    for (const { host } of [...spellingsOfV4('169.254.169.254'), ...FORBIDDEN_V6, ...FORBIDDEN_NAMES]) {
      const credential = oauth(`http://${host}:${port}/token`, { type: 'client-credentials' }, { name: host });
      const failure = failureOf(await connector.send(calling('http://93.184.216.34/', credential), {}));
      assert.equal(failure.inDoubt, false, host);
    }
    assert.deepEqual([accepted(), dialled], [0, []]);
  });

  it('dials the address that it judged, and judges anew what a name stands for later', async (t) => {
    const { port, accepted, dialled } = await watchNetwork(t);
    const allowed = createServer((_, response) => response.setHeader('Connection', 'close').end('ok'));
    allowed.listen(0, '127.0.0.2');
    await once(allowed, 'listening');
    t.after(() => allowed.close());
    const at = (allowed.address() as AddressInfo).port;
    let asked = 0;
    const connector = connectorFor(t, {
      egress: () => ({ allow: [`127.0.0.2:${at}`] }),
      // Every second answer leads inside.
      lookup: async () => [{ address: asked++ % 2 === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }],
    });
    for (let round = 0; round < 5; round++) {
      assert.equal(answerOf(await connector.send(requestTo(`http://rebind.example:${at}/`), {})).status, 200);
      assert.equal(failureOf(await connector.send(requestTo(`http://rebind.example:${at}/`), {})).code, 'CALL_EGRESS');
    }
    assert.deepEqual([asked, accepted()], [10, 0]);
    assert.deepEqual(new Set(dialled), new Set([`127.0.0.2 ${at}`]));
    assert.notEqual(port, at);
  });
});

describe('an entry of egress.allow', () => {
  it('lets all of 50 spellings of its host through, and that host and port only', async (t) => {
    const peer = await httpPeer(t, (_, response) => response.end('ok'));
    const other = await httpPeer(t, (_, response) => response.end('ok'));
    const unspeakable = /zone|user|password|Teredo|ISATAP|NAT64|6to4|translated|compatible|soft hyphen/u;
    const literal = spellingsOfV4('127.0.0.1').filter(({ why }) => !unspeakable.test(why));
    const names = [
      ...'shop.example SHOP.example Shop.Example shop.example. SHOP.EXAMPLE. sh%6fp.example'.split(' '),
      ...'ｓｈｏｐ.example shop。example shop．example shop｡example ⓢⓗⓞⓟ.example shop.ex%61mple'.split(' '),
      ...'bücher.example BÜCHER.example xn--bcher-kva.example XN--BCHER-KVA.example'.split(' '),
      ...'b%C3%BCcher.example'.split(' '),
      ...'bücher.example. bu\u0308cher.example localhost LOCALHOST localhost. l%6fcalhost ｌocalhost'.split(' '),
    ];
    const hosts = [...literal.map(({ host }) => host), ...names];
    assert.ok(hosts.length >= 50, `${hosts.length} spellings`);
    const entries = ['127.0.0.1', 'shop.example', 'bücher.example', 'localhost'].map((host) => `${host}:${peer.port}`);
    const connector = connectorFor(t, {
      egress: () => ({ allow: entries }),
      lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    for (const host of hosts) {
      const outcome = await connector.send(requestTo(`http://${host}:${peer.port}/`), {});
      const said = outcome.kind === 'answered' ? 'answered' : `${outcome.failure.code} ${outcome.failure.message}`;
      assert.equal(said, 'answered', host);
      assert.equal(failureOf(await connector.send(requestTo(`http://${host}:${other.port}/`), {})).code, 'CALL_EGRESS');
    }
    assert.equal(other.accepted(), 0);
  });

  it('for a name opens no other name that stands for the same address', async (t) => {
    const peer = await httpPeer(t, (_, response) => response.end('ok'));
    const connector = connectorFor(t, {
      egress: () => ({ allow: [`shop.example:${peer.port}`] }),
      lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    for (const host of ['127.0.0.1', 'localhost', 'shop.example.com', 'xshop.example', 'example', 'a.shop.example']) {
      assert.equal(failureOf(await connector.send(requestTo(`http://${host}:${peer.port}/`), {})).code, 'CALL_EGRESS');
    }
    assert.equal(peer.accepted(), 0);
    assert.equal(answerOf(await connector.send(requestTo(`http://shop.example:${peer.port}/`), {})).status, 200);
  });
});
