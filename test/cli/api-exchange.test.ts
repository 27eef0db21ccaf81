import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { describe, it, type TestContext } from 'node:test';
import { apiExchange } from '../../src/cli/api-client/api-exchange.ts';

/** Answers as `listener` says; gives its address. */
async function open(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : assert.fail();
}

describe('a request to an install on another machine', () => {
  it('takes the token nowhere else, wherever it is sent on to', async (t) => {
    const told: unknown[] = [];
    const other = await open(t, ({ headers }, response) => {
      told.push(headers.authorization);
      response.end('{}');
    });
    for (const status of [301, 302, 307, 308]) {
      const url = await open(t, (_request, response) => response.writeHead(status, { location: other }).end());
      const send = apiExchange({ url, token: 'mw_hush' });
      for (const method of ['GET', 'PUT'] as const) {
        await assert.rejects(send({ method, path: '/me', ...(method === 'PUT' ? { body: {} } : {}) }), {
          code: 'CLI_REMOTE_ANSWER',
        });
      }
    }
    assert.deepEqual(told, []);
  });

  it('is not sent to a server that cannot show who it is, and the hint says what to do', async (t) => {
    const pem = (name: string) => readFile(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));
    const [cert, key] = await Promise.all([pem('localhost.cert'), pem('localhost.key')]);
    let [connections, requests] = [0, 0];
    const server = createTlsServer({ cert, key }, () => requests++).listen(0, '127.0.0.1');
    server.on('connection', () => connections++);
    t.after(() => server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : assert.fail();
    const send = apiExchange({ url: `https://localhost:${port}`, token: 'mw_hush' });
    await assert.rejects(send({ method: 'GET', path: '/me' }), (thrown: Error & { code?: string; hint?: string }) => {
      assert.match(thrown.hint ?? '', /NODE_EXTRA_CA_CERTS/u);
      return thrown.code === 'CLI_REMOTE_UNREACHABLE';
    });
    assert.deepEqual([connections, requests], [1, 0]);
  });

  it('that changes something and has no key is not sent twice', async (t) => {
    let requests = 0;
    const url = await open(t, ({ socket }) => {
      requests++;
      socket.destroy();
    });
    const send = apiExchange({ url, token: 'mw_hush' });
    await assert.rejects(send({ method: 'DELETE', path: '/tokens/x' }), (thrown: Error & { code?: string }) => {
      assert.doesNotMatch(thrown.message, /hush/u);
      return thrown.code === 'CLI_REMOTE_UNREACHABLE';
    });
    assert.equal(requests, 1);
  });
});
