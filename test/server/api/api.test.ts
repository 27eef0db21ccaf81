import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BROKEN, NIGHTLY, ORDERS } from './api-documents.ts';
import { ApiTest, ROOT, at } from './api-fixture.ts';

const codeOf = (result: { readonly body: unknown }): unknown => at(result.body, 'code');

describe('documents over the API', () => {
  it('are applied as a revision, to the one that was seen, and read back', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('documents:read', 'documents:write');
    const apply = (documents: readonly unknown[], headers: Readonly<Record<string, string>> = {}) =>
      test.call('POST', '/revisions', { token, body: { documents }, headers });
    const first = await apply([ORDERS], { 'if-match': '"revision-0"' });
    assert.deepEqual([first.status, first.headers.get('etag')], [201, '"revision-1"']);
    assert.equal((await apply([ORDERS])).status, 200, 'nothing differs');
    const late = await apply([NIGHTLY], { 'if-match': '"revision-0"' });
    assert.deepEqual([late.status, codeOf(late)], [412, 'DOCUMENTS_CHANGED']);
    assert.equal(codeOf(await apply([NIGHTLY], { 'if-match': 'yesterday' })), 'API_IF_MATCH');
    assert.equal((await apply([NIGHTLY], { 'if-match': '"revision-1"' })).status, 201);
    const current = await test.call('GET', '/revisions/current', { token });
    assert.deepEqual([at(current.body, 'number'), current.headers.get('etag')], [2, '"revision-2"']);
    assert.equal(at((await test.call('GET', '/revisions/1', { token })).body, 'documents.0.text'), ORDERS.text);
    assert.equal((await test.call('GET', '/revisions/9', { token })).status, 404);
    const { entries } = { entries: await test.install.administration.audit({ action: 'apply', limit: 9 }) };
    assert.deepEqual(
      entries.map(({ outcome, code }) => code ?? outcome),
      ['done', 'DOCUMENTS_CHANGED', 'done', 'done'],
    );
  });

  it('with errors are refused with what was found, and change nothing', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    const refused = await test.call('POST', '/revisions', { token, body: { documents: [BROKEN] } });
    assert.deepEqual([refused.status, codeOf(refused)], [422, 'DOCUMENTS_INVALID']);
    assert.equal(at(refused.body, 'report.stored'), false);
    assert.match(JSON.stringify(at(refused.body, 'report.diagnostics')), /"severity":"error"/u);
    const checked = await test.call('POST', '/documents/check', { token, body: { documents: [BROKEN] } });
    assert.equal(checked.status, 200);
    assert.equal(at((await test.call('GET', '/status', { token })).body, 'revision'), 0);
  });
});

describe('a request', () => {
  it('that is wrong is told of each wrong part', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    const refused = await test.call('POST', '/users', { token, body: { name: 7, role: 'king' } });
    assert.deepEqual([refused.status, codeOf(refused)], [422, 'API_REQUEST_INVALID']);
    const pointers = at(refused.body, 'pointers');
    assert.ok(Array.isArray(pointers));
    assert.deepEqual(pointers.map((one) => at(one, 'pointer')).toSorted(), ['/body/name', '/body/role']);
    assert.equal(at((await test.call('GET', '/runs?limit=0', { token })).body, 'pointers.0.pointer'), '/query/limit');
    assert.equal(at((await test.call('GET', '/runs/x', { token })).body, 'pointers.0.pointer'), '/path/id');
  });

  it('of another type, too large, too deep or of no JSON is refused before anything is done', async (t) => {
    const test = await ApiTest.open(t, { limits: { bodyBytes: 2_000 } });
    const token = await test.token('administrator');
    const send = (body: string, type = 'application/json') =>
      test.call('PUT', '/settings/a', { token, body, headers: { 'content-type': type } });
    const cases = [
      [await send('value=1', 'application/x-www-form-urlencoded'), 415, 'API_MEDIA_TYPE'],
      [await send('{"value":1}', 'text/plain'), 415, 'API_MEDIA_TYPE'],
      [await send('{'), 400, 'API_JSON_INVALID'],
      [await send('['.repeat(900) + ']'.repeat(900)), 400, 'API_JSON_INVALID'],
      [await send(JSON.stringify({ value: 'x'.repeat(2_001) })), 413, 'API_TOO_LARGE'],
      [await send(''), 422, 'API_REQUEST_INVALID'],
    ] as const;
    for (const [result, status, code] of cases) assert.deepEqual([result.status, codeOf(result)], [status, code]);
    assert.deepEqual(await test.install.administration.settings(), {});
  });

  it('has an id, the caller’s own where that is one', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('viewer');
    const named = await test.call('GET', '/status', { token, headers: { 'x-request-id': 'build-7' } });
    assert.equal(named.headers.get('x-request-id'), 'build-7');
    const made = await test.call('GET', '/nowhere', { headers: { 'x-request-id': 'a b' } });
    assert.deepEqual([made.status, codeOf(made)], [404, 'API_UNKNOWN']);
    const refused = await test.call('GET', '/runs/99', { token });
    assert.deepEqual([refused.status, codeOf(refused)], [404, 'RUN_UNKNOWN']);
    assert.equal(at(refused.body, 'request'), refused.headers.get('x-request-id'));
  });

  it('is one of so many in a minute', async (t) => {
    const test = await ApiTest.open(t, { limits: { requestsPerMinute: 2, strangersPerMinute: 3 } });
    const [token, other] = [await test.token('viewer'), await test.token('viewer')];
    const status = async (use?: string) =>
      (await test.call('GET', '/status', use === undefined ? {} : { token: use })).status;
    assert.deepEqual([await status(token), await status(token), await status(token)], [200, 200, 429]);
    assert.equal(await status(other), 200, 'each caller has its own count');
    test.clock.move(60_000);
    assert.equal(await status(token), 200);
    assert.deepEqual([await status(), await status(), await status(), await status()], [401, 401, 401, 429]);
    const told = await test.call('GET', '/status');
    assert.equal(told.headers.get('retry-after'), '60');
  });
});

describe('a POST with an Idempotency-Key', () => {
  it('is done once, and answered as the first time', async (t) => {
    const test = await ApiTest.open(t, { documents: [ORDERS] });
    const token = await test.token('administrator');
    const create = (key: string, subject = 'One', use = token) =>
      test.call('POST', '/modules/Orders/records', {
        token: use,
        body: { values: { subject } },
        headers: { 'idempotency-key': key },
      });
    const first = await create('k1');
    assert.equal(first.status, 201);
    const again = await create('k1');
    assert.deepEqual([again.status, again.body], [201, first.body]);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.equal(codeOf(await create('k1', 'Two')), 'API_KEY_USED');
    assert.equal(codeOf(await create('k 1')), 'API_KEY_INVALID');
    assert.notDeepEqual((await create('k2')).body, first.body);
    assert.notDeepEqual((await create('k1', 'One', await test.token('administrator'))).body, first.body);
  });

  it('is done once however many come at the same moment', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    const add = () =>
      test.call('POST', '/users', { token, body: { name: 'anna' }, headers: { 'idempotency-key': 'k' } });
    const statuses = (await Promise.all([add(), add(), add()])).map(({ status }) => status);
    assert.ok(statuses.includes(201) && statuses.every((status) => status === 201 || status === 409), String(statuses));
    assert.equal((await add()).status, 201);
    const users = await test.install.administration.users();
    assert.equal(users.filter(({ name }) => name === 'anna').length, 1);
  });

  it('that was refused may be sent again', async (t) => {
    const test = await ApiTest.open(t, { documents: [NIGHTLY] });
    const token = await test.token('runs:write');
    const start = (workflow: string) =>
      test.call('POST', `/workflows/${workflow}/runs`, { token, body: {}, headers: { 'idempotency-key': 'k' } });
    assert.equal((await start('nothing')).status, 404);
    const started = await start('nightly');
    assert.equal(started.status, 200);
    assert.deepEqual((await start('nightly')).body, started.body);
    assert.equal((await test.install.administration.runs({ limit: 9 })).length, 1);
  });
});

describe('lists', () => {
  it('are read page by page', async (t) => {
    const test = await ApiTest.open(t, { documents: [NIGHTLY] });
    const { administration } = test.install;
    for (let count = 0; count < 5; count++) await administration.start({ workflow: 'nightly', by: 'test', waitMs: 0 });
    const token = await test.token('viewer');
    const ids: unknown[] = [];
    for (let path = '/runs?limit=2'; ;) {
      const { body } = await test.call('GET', path, { token });
      const items = at(body, 'items');
      assert.ok(Array.isArray(items) && items.length <= 2);
      ids.push(...items.map((one) => at(one, 'id')));
      const next = at(body, 'next');
      if (next === undefined) break;
      path = `/runs?limit=2&cursor=${String(next)}`;
    }
    assert.deepEqual(ids, [5, 4, 3, 2, 1]);
    const backwards: unknown[][] = [];
    for (let cursor: unknown = 'last'; cursor !== undefined;) {
      const { body } = await test.call('GET', `/runs?limit=2&cursor=${String(cursor)}`, { token });
      const items = at(body, 'items');
      assert.ok(Array.isArray(items));
      backwards.push(items.map((one) => at(one, 'id')));
      assert.equal(at(body, 'next') === undefined, backwards.length === 1, 'all but the last page have a next one');
      cursor = at(body, 'previous');
    }
    assert.deepEqual(backwards, [[2, 1], [4, 3], [5]]);
    const none = await test.call('GET', `/runs?until=${test.clock.now() - 86_400_000}`, { token });
    assert.deepEqual(none.body, { items: [] });
    assert.equal((await test.call('GET', '/runs?since=soon', { token })).status, 422);
    const filtered = await test.call('GET', '/runs?status=pending&status=failed&workflow=nightly', { token });
    assert.equal((at(filtered.body, 'items') as unknown[]).length, 5);
    assert.equal((await test.call('GET', '/runs?cursor=%20', { token })).status, 422);
  });
});

describe('secrets and keys', () => {
  it('are never read back, nor in the audit', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    await test.call('PUT', '/secrets/crm', { token, body: { value: 'hush-hush' } });
    await test.call('PUT', '/settings/a', { token, body: { value: 'first' } });
    await test.call('PUT', '/settings/a', { token, body: { value: 'second' } });
    const added = await test.call('POST', '/users', { token, body: { name: 'anna', role: 'viewer' } });
    await test.call('PUT', '/users/anna/password', { token, body: { password: 'four words nobody guesses' } });
    const made = await test.call('POST', '/tokens', { token, body: { name: 'x', grants: ['viewer'] } });
    const told = JSON.stringify([
      (await test.call('GET', '/secrets', { token })).body,
      (await test.call('GET', '/users', { token })).body,
      (await test.call('GET', '/tokens', { token })).body,
      (await test.call('GET', '/audit', { token })).body,
    ]);
    for (const hidden of ['hush-hush', 'four words', at(added.body, 'accessKey'), at(made.body, 'secret')]) {
      assert.ok(typeof hidden === 'string' && !told.includes(hidden), `${String(hidden)} is told`);
    }
    const audit = await test.call('GET', '/audit?target=a&action=setSetting', { token });
    assert.deepEqual(at(audit.body, 'items.0.detail'), { asked: { value: 'second' }, before: 'first' });
    assert.match(String(at(audit.body, 'items.0.by')), /^token:t/u);
  });
});

describe('nobody gives what they do not have', () => {
  it('neither by tokens, nor by roles, nor by the passwords of others', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('viewer');
    const token = await test.token('users:write', 'tokens:write', 'users:read');
    const tries = [
      await test.call('POST', '/tokens', { token, body: { name: 'x', grants: ['administrator'] } }),
      await test.call('POST', '/tokens', { token, body: { name: 'x', grants: ['documents:write'] } }),
      await test.call('POST', '/users', { token, body: { name: 'x', role: 'operator' } }),
      await test.call('PATCH', '/users/viewer', { token, body: { role: 'administrator' } }),
      await test.call('PATCH', '/users/admin', { token, body: { active: false } }),
      await test.call('PUT', '/users/admin/password', { token, body: { password: 'four words nobody guesses' } }),
      await test.call('POST', '/users/admin/access-key', { token }),
    ];
    for (const one of tries) assert.deepEqual([one.status, codeOf(one)], [403, 'API_GRANT_EXCEEDED']);
    assert.equal(
      (await test.call('POST', '/tokens', { token, body: { name: 'x', grants: ['users:read'] } })).status,
      201,
    );
  });
});

describe('an administrator who is the last', () => {
  it('stays one', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    const refused = await test.call('PATCH', '/users/admin', { token, body: { role: 'viewer' } });
    assert.deepEqual([refused.status, codeOf(refused)], [409, 'IDENTITY_LAST_ADMINISTRATOR']);
  });
});

describe('events', () => {
  const opened = async (test: ApiTest, token: string, query = ''): Promise<ReadableStreamDefaultReader<Uint8Array>> => {
    const response = await test.raw('GET', `/events${query}`, { token });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    return response.body?.getReader() ?? assert.fail('there is no stream');
  };
  const next = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> => {
    const { value } = await reader.read();
    return Buffer.from(value ?? []).toString('utf8');
  };

  it('are told as they happen, of one workflow where one is named', async (t) => {
    const test = await ApiTest.open(t, { documents: [NIGHTLY] });
    const token = await test.token('runs:read');
    const [all, others] = [await opened(test, token), await opened(test, token, '?workflow=other')];
    assert.equal(await next(all), ': listening\n\n');
    assert.equal(await next(others), ': listening\n\n');
    const administration = test.install.administrationFor(ROOT);
    await administration.start({ workflow: 'nightly', by: 'x', waitMs: 0 });
    await administration.cancel({ id: 1, by: 'x', reason: 'enough' });
    assert.match(await next(all), /^event: run-ended\ndata: \{.*"run":1,.*\}\n\n$/u);
    test.stopping.abort();
    assert.equal((await all.read()).done, true, 'a server that stops ends its streams');
    assert.equal((await others.read()).done, true, 'and nothing was told there before');
  });

  it('are read by so many at once', async (t) => {
    const test = await ApiTest.open(t, { limits: { streams: 1 } });
    const token = await test.token('runs:read');
    const first = await opened(test, token);
    const refused = await test.call('GET', '/events', { token });
    assert.deepEqual([refused.status, codeOf(refused)], [429, 'API_STREAMS']);
    await first.cancel();
    await (await opened(test, token)).cancel();
  });
});
