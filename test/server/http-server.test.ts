import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Hono } from 'hono';
import { startHttpServer } from '../../src/server/http-server.ts';
import { logIn, member, openService, PATH, readEnvelope } from './webservice/client.ts';

const LOCAL = { host: '127.0.0.1', port: 0 } as const;

test('an app is served, its page too', async (t) => {
  const { app } = await openService(t);
  const server = await startHttpServer({ app, ...LOCAL });
  t.after(() => server.close(0));
  assert.equal(server.url, `http://127.0.0.1:${server.port}`);
  assert.match(await (await fetch(server.url)).text(), /webservice\.php/u);
  assert.equal((await fetch(`${server.url}/nothing`)).status, 404);
});

test('a record is created over a real port, by a form of any language', async (t) => {
  const { app } = await openService(t);
  const server = await startHttpServer({ app, ...LOCAL });
  t.after(() => server.close(0));
  const element = JSON.stringify({ productname: 'Bolt ü 螺 🔩' });
  const parameters = { operation: 'create', sessionName: await logIn(app), elementType: 'Products', element };
  const response = await fetch(`${server.url}${PATH}`, { method: 'POST', body: new URLSearchParams(parameters) });
  assert.equal(member((await readEnvelope(response)).result, 'productname'), 'Bolt ü 螺 🔩');
});

test('a body over the limit is refused with 413, announced or not', async (t) => {
  const { app } = await openService(t, { limits: { maxBodyBytes: 1_000 } });
  const server = await startHttpServer({ app, ...LOCAL });
  t.after(() => server.close(0));
  for (const announced of [true, false]) {
    assert.equal(await postBytes(server.url, 2_000_000, announced), 413, `announced: ${announced}`);
  }
});

test('a port in use is said to be', async (t) => {
  const first = await startHttpServer({ app: new Hono(), ...LOCAL });
  t.after(() => first.close(0));
  await assert.rejects(
    startHttpServer({ app: new Hono(), host: '127.0.0.1', port: first.port }),
    (error: Error) => 'code' in error && error.code === 'SERVER_PORT_IN_USE' && 'hint' in error,
  );
});

test('closing lets a running request end and takes no new ones', async () => {
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const app = new Hono().get('/slow', async (context) => {
    started.resolve();
    await release.promise;
    return context.text('done');
  });
  const server = await startHttpServer({ app, ...LOCAL });
  const running = fetch(`${server.url}/slow`);
  await started.promise;
  const closed = server.close(60_000);
  await assert.rejects(fetch(`${server.url}/slow`));
  release.resolve();
  assert.equal(await (await running).text(), 'done');
  await closed;
});

test('closing cuts what does not end in time', async () => {
  const started = Promise.withResolvers<void>();
  const app = new Hono().get('/hang', () => {
    started.resolve();
    return new Promise<Response>(() => {});
  });
  const server = await startHttpServer({ app, ...LOCAL });
  const running = fetch(`${server.url}/hang`);
  const failed = assert.rejects(running);
  await started.promise;
  await server.close(1);
  await failed;
});

for (const [what, sent] of [
  ['has sent nothing', ''],
  ['has sent half a request', 'GET / HTTP/1.1\r\nHost: a'],
  ['is kept alive after its answer', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
] as const) {
  test(`closing waits for no connection that ${what}`, { timeout: 20_000 }, async (t) => {
    const { app } = await openService(t);
    const server = await startHttpServer({ app, ...LOCAL });
    const socket = connect(server.port, '127.0.0.1');
    t.after(() => socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(sent);
    if (sent.endsWith('\r\n\r\n')) await once(socket, 'data');
    // Its connection is accepted when one that was made later has been.
    assert.equal((await fetch(server.url)).status, 200);
    await server.close(3_600_000);
  });
}

function postBytes(url: string, size: number, announced: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/plain', ...(announced ? { 'content-length': String(size) } : {}) };
    const outgoing = request(`${url}${PATH}`, { method: 'POST', headers }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
      outgoing.on('error', () => {});
    });
    outgoing.on('error', reject);
    outgoing.end(Buffer.alloc(size, 'x'));
  });
}
