import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { accessKeyFor, challenge, openService, PATH, readEnvelope } from './client.ts';

const SHOP = 'https://shop.example.com';

async function openListed(t: TestContext, listed?: string) {
  const service = await openService(t);
  if (listed !== undefined) await service.settings.set('webservice_cors_origins', listed);
  const accessKey = accessKeyFor(await challenge(service.app, 'admin'), 'key-of-admin');
  const body = new URLSearchParams({ operation: 'login', username: 'admin', accessKey });
  const login = await service.app.request(PATH, { method: 'POST', body });
  const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');
  const listtypes = (headers: Record<string, string>) =>
    service.app.request(`${PATH}?operation=listtypes`, { headers: { host: 'localhost', ...headers } });
  return { ...service, login, cookie, listtypes };
}

test('a login sets the cookie that the original sets, and the cookie opens the session', async (t) => {
  const { login, cookie, listtypes } = await openListed(t);
  assert.match(
    login.headers.get('set-cookie') ?? '',
    /^cb[0-9a-f]{32}=[0-9a-z]{26}; path=\/; HttpOnly; SameSite=Strict$/u,
  );
  assert.equal((await readEnvelope(await listtypes({ cookie: `other=1; ${cookie}` }))).success, true);
  assert.equal((await readEnvelope(await listtypes({ cookie: 'cb=1' }))).code, 'AUTHENTICATION_REQUIRED');
});

test('a page of another origin acts for nobody by a cookie, unless it is listed', async (t) => {
  const { cookie, listtypes } = await openListed(t, `https://other.example.com, ${SHOP}`);
  assert.equal((await readEnvelope(await listtypes({ cookie, origin: SHOP }))).success, true);
  assert.equal((await readEnvelope(await listtypes({ cookie, origin: 'http://localhost' }))).success, true);
  const evil = await listtypes({ cookie, origin: 'https://evil.example.com' });
  assert.equal(evil.headers.get('access-control-allow-origin'), null);
  assert.equal((await readEnvelope(evil)).code, 'AUTHENTICATION_REQUIRED');
});

test('a listed origin may read answers, with credentials; a star gives none', async (t) => {
  const { app, settings, cookie, listtypes } = await openListed(t, 'shop.example.com');
  const preflight = await app.request(PATH, { method: 'OPTIONS', headers: { origin: SHOP } });
  assert.equal(preflight.status, 200);
  assert.equal(preflight.headers.get('access-control-allow-origin'), SHOP);
  assert.equal(preflight.headers.get('access-control-allow-credentials'), 'true');
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /corebos-authorization/u);
  await settings.set('webservice_cors_origins', '*');
  const open = await listtypes({ origin: SHOP, cookie });
  assert.equal(open.headers.get('access-control-allow-origin'), '*');
  assert.equal(open.headers.get('access-control-allow-credentials'), null);
  assert.equal((await readEnvelope(open)).code, 'AUTHENTICATION_REQUIRED');
});

test('without a list nothing is said to pages, and other clients see no difference', async (t) => {
  const { app, listtypes } = await openListed(t);
  const answer = await listtypes({ origin: SHOP });
  assert.equal(answer.headers.get('access-control-allow-origin'), null);
  const preflight = await app.request(PATH, { method: 'OPTIONS', headers: { origin: SHOP } });
  assert.equal(preflight.headers.get('access-control-allow-methods'), null);
  assert.equal(preflight.headers.get('allow'), 'GET, POST, OPTIONS');
  assert.equal((await listtypes({})).headers.get('vary'), null);
});

test('by a cookie alone nothing is changed with a GET, which any link or image can send', async (t) => {
  const { app, cookie } = await openListed(t);
  const element = JSON.stringify({ productname: 'Planted' });
  const form = new URLSearchParams({ operation: 'create', elementType: 'Products', element });
  const answerTo = async (path: string, init: RequestInit = {}) =>
    readEnvelope(await app.request(path, { ...init, headers: { host: 'localhost', cookie } }));
  assert.equal((await answerTo(`${PATH}?${form}`)).code, 'AUTHENTICATION_REQUIRED');
  assert.equal((await answerTo(`${PATH}?operation=listtypes`)).success, true);
  assert.equal((await answerTo(PATH, { method: 'POST', body: form })).code, undefined);
  const count = { operation: 'query', query: 'select count(*) from Products;' };
  assert.deepEqual((await answerTo(`${PATH}?${new URLSearchParams(count)}`)).result, [{ count: '1' }]);
});
