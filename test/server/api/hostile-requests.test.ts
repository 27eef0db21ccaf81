import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MapwrightError } from '../../../src/core/error.ts';
import { localCaller } from '../../../src/core/access.ts';
import { answerOnce } from '../../../src/server/api/once.ts';
import { problemResponse } from '../../../src/server/api/problem.ts';
import { until } from '../../whole/poll.ts';
import { NIGHTLY, ORDERS } from './api-documents.ts';
import { ApiTest, ORIGIN, at } from './api-fixture.ts';

const codeOf = (result: { readonly body: unknown }): unknown => at(result.body, 'code');

describe('a HEAD request', () => {
  it('has the headers of a GET, and leaves no stream of events open', async (t) => {
    const test = await ApiTest.open(t, { limits: { streams: 1 } });
    const token = await test.token('runs:read');
    for (let count = 0; count < 3; count++) {
      const head = await test.raw('HEAD', '/events', { token });
      assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'text/event-stream']);
      assert.equal(await head.text(), '');
    }
    const status = await test.raw('HEAD', '/runs', { token });
    assert.deepEqual([status.status, await status.text()], [200, '']);
    assert.equal((await test.raw('HEAD', '/runs')).status, 401);
  });
});

describe('a stream of events', () => {
  it('that is asked for while the server stops ends at once', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('runs:read');
    test.stopping.abort();
    const response = await test.raw('GET', '/events', { token });
    assert.equal(await response.text(), ': listening\n\n');
  });
});

describe('a body that is wrong', () => {
  it('is not quoted: it may be a secret', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('secrets:write');
    for (const body of ['{"value":hush-hush}', '{"value":"hush-hush" hush}', 'hush-hush', '{"value":{"hush":1}}']) {
      const refused = await test.call('PUT', '/secrets/crm', { token, body });
      assert.ok(refused.status === 400 || refused.status === 422, body);
      assert.doesNotMatch(JSON.stringify(refused.body), /hush/u);
    }
  });

  it('because its sender went away is no fault of the server', async (t) => {
    const test = await ApiTest.open(t);
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.from('{"na'));
        controller.error(new Error('aborted'));
      },
    });
    const headers = {
      authorization: `Bearer ${await test.token('administrator')}`,
      'content-type': 'application/json',
    };
    const request = new Request(`${ORIGIN}/api/v1/users`, { method: 'POST', headers, body, duplex: 'half' });
    const response = await test.app.request(request);
    assert.deepEqual([response.status, at(await response.json(), 'code')], [400, 'API_BODY_CUT']);
    assert.deepEqual(test.failures, []);
  });

  it('does not fill the memory: each caller has few large ones under way', async (t) => {
    const test = await ApiTest.open(t);
    const [token, other] = [await test.token('viewer'), await test.token('viewer')];
    const check = (use: string, body: string | ReadableStream, more: Readonly<Record<string, string>> = {}) => {
      const headers = { authorization: `Bearer ${use}`, 'content-type': 'application/json', ...more };
      const init = { method: 'POST', headers, body, duplex: 'half' } as const;
      return test.app.request(new Request(`${ORIGIN}/api/v1/documents/check`, init));
    };
    const started: (() => void)[] = [];
    const slow = () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      started.push(resolve);
      return new ReadableStream({ pull: (controller) => promise.then(() => controller.close()) });
    };
    const held = [check(token, slow()), check(token, slow())];
    const statusOf = async (use: string) => (await check(use, '{"documents":[]}')).status;
    await until('two are under way', async () => ((await statusOf(token)) === 429 ? true : undefined));
    assert.equal(await statusOf(other), 200, 'others are not kept waiting');
    const small = await check(token, '{"documents":[]}', { 'content-length': '16' });
    assert.equal(small.status, 200, 'small ones are not counted');
    for (const end of started) end();
    assert.deepEqual(
      (await Promise.all(held)).map(({ status }) => status),
      [422, 422],
    );
    assert.equal(await statusOf(token), 200);
  });

  it('is not answered with more than it has', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('inbox:read');
    const runs = Array.from({ length: 20_000 }, () => 'x');
    const refused = await test.call('POST', '/inbox/preview', { token, body: { filter: { runs } } });
    assert.equal(codeOf(refused), 'API_REQUEST_INVALID');
    const pointers = at(refused.body, 'pointers');
    assert.ok(Array.isArray(pointers) && pointers.length > 1 && pointers.length <= 50);
  });
});

describe('a failure of the database', () => {
  it('is told without what is for the log', async () => {
    const failure = new MapwrightError('STORE_UNAVAILABLE', 'No database answers: connect ECONNREFUSED 10.1.2.3:5432', {
      hint: 'Compare host and password in DATABASE_URL',
      retryable: true,
    });
    const response = problemResponse(failure, { request: 'r1', isNamedByPath: false });
    const text = await response.text();
    assert.equal(response.status, 503);
    assert.deepEqual([at(JSON.parse(text), 'code'), at(JSON.parse(text), 'retryable')], ['STORE_UNAVAILABLE', true]);
    assert.doesNotMatch(text, /10\.1\.2\.3|DATABASE_URL/u);
  });

  it('is in the log, under the id of the request', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('viewer');
    await test.install.close(0);
    const refused = await test.call('GET', '/status', { token });
    assert.deepEqual([refused.status, codeOf(refused)], [503, 'STORE_UNAVAILABLE']);
    assert.equal(test.failures.length, 1);
  });
});

describe('a request that is done once', () => {
  const request = { key: 'k', caller: localCaller('root'), method: 'POST', path: '/x', body: '' };

  it('is not done again because its answer could not be kept', async (t) => {
    const { install } = await ApiTest.open(t);
    let done = 0;
    const work = (): Promise<Response> => Promise.resolve(Response.json({ done: ++done }));
    const broken = {
      ...install.access,
      endOnce: (params: Parameters<typeof install.access.endOnce>[0]) =>
        params.answer === undefined
          ? install.access.endOnce(params)
          : Promise.reject(new MapwrightError('STORE_UNAVAILABLE', 'full', { retryable: true })),
    };
    assert.equal((await answerOnce(broken, request, work)).status, 200);
    await assert.rejects(answerOnce(install.access, request, work), { code: 'API_KEY_BUSY' });
    assert.equal(done, 1);
  });
});

describe('documents that two apply at once', () => {
  it('are those of one of them, when both have seen the same revision', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    const headers = { 'if-match': '"revision-0"' };
    const apply = (document: unknown) =>
      test.call('POST', '/revisions', { token, body: { documents: [document] }, headers });
    const results = await Promise.all([apply(ORDERS), apply(NIGHTLY)]);
    assert.deepEqual(results.map(({ status }) => status).toSorted(), [201, 412]);
    assert.equal((await test.install.administration.revision({})).documents.length, 1);
  });
});

describe('a token', () => {
  it('is not made for a time that is over', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    const inSeconds = Math.round(test.clock.now() / 1_000) + 3_600;
    const body = { name: 'x', grants: ['viewer'], expiresAt: inSeconds };
    const refused = await test.call('POST', '/tokens', { token, body });
    assert.deepEqual([refused.status, codeOf(refused)], [422, 'ACCESS_EXPIRY_PAST']);
    assert.equal((await test.install.administration.tokens()).length, 1);
  });
});
