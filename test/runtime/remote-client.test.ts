import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { createHttpConnector } from '../../src/connector/http-connector.ts';
import { MapwrightError } from '../../src/core/error.ts';
import { webserviceAddress } from '../../src/runtime/import/remote-address.ts';
import { openRemote } from '../../src/runtime/import/remote-client.ts';
import { readAll } from '../../src/runtime/import/remote-pages.ts';

const KEY = 'the-key-nobody-sees';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const success = (result: unknown): Answer => ({ body: JSON.stringify({ success: true, result }) });
const failure = (code: string): Answer => ({
  body: JSON.stringify({ success: false, error: { code, message: 'no' } }),
});

/** A web service that answers by operation; the last answer of an operation is given again. Undefined breaks the call off. */
async function service(t: TestContext, answers: Readonly<Record<string, readonly (Answer | undefined)[]>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const query = new URL(request.url ?? '/', 'http://x').searchParams;
      const operation = new URLSearchParams(body).get('operation') ?? query.get('operation') ?? '';
      const list = answers[operation] ?? [];
      const turn = asked.filter((one) => one === operation).length;
      asked.push(operation);
      const answer = turn < list.length ? list[turn] : list.at(-1);
      if (answer === undefined) return response.destroy();
      response.writeHead(answer.status ?? 200, answer.headers);
      return response.end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connector = createHttpConnector({ egress: () => ({ allow: ['127.0.0.1:*'] }), clock: { now: Date.now } });
  t.after(async () => {
    await connector.close();
    server.close();
    server.closeAllConnections();
  });
  const waits: number[] = [];
  const pause = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = () => openRemote({ connector, pause }, { url, user: 'admin', accessKey: KEY });
  return { asked, waits, open };
}

const LOGIN = {
  getchallenge: [success({ token: 't' })],
  login: [success({ sessionName: 's', userId: '19x1' })],
  logout: [success({})],
};

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (thrown) {
    assert.ok(thrown instanceof MapwrightError);
    assert.doesNotMatch(`${thrown.message} ${thrown.hint}`, new RegExp(KEY, 'u'));
    return thrown.code;
  }
  return 'none';
}

describe('the client of another install', () => {
  it('takes the address as people write it', () => {
    const wanted = 'https://crm.example.com/webservice.php';
    for (const written of ['https://crm.example.com', ' https://crm.example.com/ ', `${wanted}?x=1#y`]) {
      assert.equal(webserviceAddress(written), wanted);
    }
    assert.equal(webserviceAddress('https://example.com/crm/'), 'https://example.com/crm/webservice.php');
    for (const wrong of ['crm.example.com', 'ftp://example.com', 'https://admin:secret@example.com', '']) {
      assert.throws(() => webserviceAddress(wrong), { code: 'IMPORT_URL_INVALID' });
    }
  });

  it('tries again what breaks off, 429 and 5xx, and waits as long as it is told', async (t) => {
    const busy = { status: 429, headers: { 'retry-after': '7' }, body: '' };
    const query = [undefined, busy, { status: 503, body: 'down' }, success([{ id: '14x1' }])];
    const { open, waits } = await service(t, { ...LOGIN, query });
    const client = await open();
    assert.deepEqual(await client.query('select * from Products;'), [{ id: '14x1' }]);
    assert.deepEqual(waits, [1000, 7000, 4000]);
  });

  it('does not ask again for what may have been done, and gives up after some tries', async (t) => {
    const { open, asked } = await service(t, { ...LOGIN, create: [undefined], query: [{ status: 500, body: '' }] });
    const client = await open();
    assert.equal(await codeOf(client.call('create', {}, { repeatable: false })), 'IMPORT_UNREACHABLE');
    assert.equal(asked.filter((operation) => operation === 'create').length, 1);
    assert.equal(await codeOf(client.query('select 1')), 'IMPORT_UNREACHABLE');
    assert.equal(asked.filter((operation) => operation === 'query').length, 6);
  });

  it('logs in anew when its session has ended, once', async (t) => {
    const { open, asked } = await service(t, {
      ...LOGIN,
      query: [failure('AUTHENTICATION_REQUIRED'), success([])],
      describe: [failure('AUTHENTICATION_REQUIRED')],
    });
    const client = await open();
    assert.deepEqual(await client.query('select * from Products;'), []);
    assert.equal(asked.filter((operation) => operation === 'login').length, 2);
    assert.equal(await codeOf(client.call('describe', {})), 'IMPORT_REFUSED');
    await client.close();
    assert.equal(asked.at(-1), 'logout');
  });

  it('says what is wrong with a login, a page that is no web service, and a refusal', async (t) => {
    const refused = await service(t, { ...LOGIN, login: [failure('INVALID_USER_CREDENTIALS')] });
    assert.equal(await codeOf(refused.open()), 'IMPORT_LOGIN_REFUSED');
    const page = await service(t, { getchallenge: [{ body: '<html>' }] });
    assert.equal(await codeOf(page.open()), 'IMPORT_ANSWER_INVALID');
    const nameless = await service(t, { ...LOGIN, login: [success({})] });
    assert.equal(await codeOf(nameless.open()), 'IMPORT_ANSWER_INVALID');
  });

  it('reads all pages of a module', async (t) => {
    const rows = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ id: `2x${from + n}` }));
    const { open } = await service(t, { ...LOGIN, query: [success(rows(1, 100)), success(rows(101, 5))] });
    assert.equal((await readAll(await open(), 'cbMap')).length, 105);
  });

  it('calls no private address that is not allowed', async (t) => {
    const connector = createHttpConnector({ egress: () => ({ allow: [] }), clock: { now: Date.now } });
    t.after(() => connector.close());
    const login = { url: 'http://127.0.0.1:9', user: 'admin', accessKey: KEY };
    const opening = openRemote({ connector, pause: async () => undefined }, login);
    await assert.rejects(opening, ({ code, hint }: MapwrightError) => {
      assert.match(hint ?? '', /egress\.allow/u);
      return code === 'IMPORT_UNREACHABLE';
    });
  });
});
