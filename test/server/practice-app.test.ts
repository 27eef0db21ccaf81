import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPracticeApp } from '../../src/server/practice/practice-app.ts';
import type { PracticeExchange } from '../../src/server/practice/practice-app.ts';

function practice() {
  const exchanges: PracticeExchange[] = [];
  const app = createPracticeApp((exchange) => exchanges.push(exchange));
  const ask = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const answer = await app.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
  };
  return { ask, exchanges };
}

describe('the practice service', () => {
  it('keeps what is posted, under an id of its own', async () => {
    const { ask, exchanges } = practice();
    assert.deepEqual(await ask('POST', '/customers', '{"name":"Anna","id":"x"}'), { status: 201, body: { id: 'c1' } });
    assert.deepEqual((await ask('GET', '/customers/c1')).body, { name: 'Anna', id: 'c1' });
    assert.deepEqual((await ask('PATCH', '/customers/c1', '{"city":"Ulm"}')).body, {
      name: 'Anna',
      city: 'Ulm',
      id: 'c1',
    });
    assert.deepEqual((await ask('PUT', '/customers/c1', '{}')).body, { id: 'c1' });
    assert.equal((await ask('DELETE', '/customers/c1')).status, 204);
    assert.equal((await ask('GET', '/customers/c1')).status, 404);
    assert.deepEqual(exchanges[0], {
      method: 'POST',
      path: '/customers',
      body: '{"name":"Anna","id":"x"}',
      status: 201,
      answer: '{"id":"c1"}',
    });
  });

  it('acts once for a request that is repeated under its key', async () => {
    const { ask } = practice();
    const post = (key: string) => ask('POST', '/customers', '{}', { 'idempotency-key': key });
    assert.deepEqual(
      [(await post('a')).body, (await post('a')).body, (await post('b')).body],
      [{ id: 'c1' }, { id: 'c1' }, { id: 'c2' }],
    );
  });

  it('fails twice, then answers; answers late; refuses; shows what it received', async () => {
    const { ask } = practice();
    const flaky = [await ask('GET', '/flaky'), await ask('POST', '/flaky', '{}'), await ask('GET', '/flaky')];
    assert.deepEqual(
      flaky.map(({ status }) => status),
      [503, 503, 200],
    );
    assert.equal((await ask('GET', '/slow?ms=1')).status, 200);
    assert.equal((await ask('GET', '/slow?ms=-5')).status, 200);
    assert.equal((await ask('POST', '/refuse')).status, 422);
    const echoed = (await ask('POST', '/echo?a=1', 'text', { 'x-one': '1' })).body as {
      readonly headers: Readonly<Record<string, string>>;
    };
    assert.deepEqual(
      { ...echoed, headers: echoed.headers['x-one'] },
      { method: 'POST', path: '/echo', query: { a: '1' }, headers: '1', body: 'text' },
    );
  });

  const wrong: readonly (readonly [method: string, path: string, body: string | undefined, status: number])[] = [
    ['POST', '/customers', '', 400],
    ['POST', '/customers', '[]', 400],
    ['POST', '/customers', '{"a":', 400],
    ['POST', '/customers', `{"a":"${'x'.repeat(1024 * 1024)}"}`, 413],
    ['PUT', '/customers/c9', '{}', 404],
    ['GET', '/nothing', undefined, 404],
  ];
  for (const [method, path, body, status] of wrong) {
    it(`answers ${status} to ${method} ${path} ${(body ?? '').slice(0, 20)}`, async () => {
      const answer = await practice().ask(method, path, body);
      assert.equal(answer.status, status);
      assert.deepEqual(Object.keys(answer.body as object), ['code', 'message']);
    });
  }
});
