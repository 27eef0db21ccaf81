import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { assertAllRan, PackInstall } from './pack-install.ts';
import { LOGINS, RestPeer } from './rest-peer.ts';
import type { StrictPeer } from './strict-peer.ts';

interface World {
  readonly pack: PackInstall;
  readonly rest: RestPeer;
  readonly peer: StrictPeer;
}

async function open(
  t: TestContext,
  login: keyof typeof LOGINS = 'rest-bearer',
  token = 't0ken-of-rest',
): Promise<World> {
  const [rest, peer] = await RestPeer.open(t, login);
  const pack = await PackInstall.open(t, 'rest', {
    settings: { rest_url: peer.url, rest_user: 'crm' },
    secrets: { rest_token: token, rest_key: 'k3y-of-rest', rest_password: 'p4ss-of-rest' },
    adapt: (text) => text.replace('credential="rest-bearer"', `credential="${login}"`),
  });
  return { pack, rest, peer };
}

const CUSTOMERS = { rest_resource: 'customers' };
const ANNA = { name: 'Anna "A" Söhne', email: 'anna@example.com' };

describe('the pack rest', () => {
  for (const login of Object.keys(LOGINS) as (keyof typeof LOGINS)[]) {
    it(`creates, reads, replaces, changes and deletes with the login ${login}, which nobody sees`, async (t) => {
      const { pack, rest, peer } = await open(t, login);
      const made = await pack.done('rest-create', { ...CUSTOMERS, rest_values: ANNA });
      assert.deepEqual(made, { rest_id: 'c1', rest_item: { id: 'c1', ...ANNA } });
      const one = { ...CUSTOMERS, rest_id: 'c1' };
      const read = await pack.done('rest-get', one);
      assert.deepEqual(read, { rest_status: 200, rest_item: { id: 'c1', ...ANNA } });
      await pack.done('rest-update', { ...one, rest_values: { name: 'Anna' } });
      assert.deepEqual(rest.customers.get('c1'), { id: 'c1', name: 'Anna' });
      const changed = await pack.done('rest-patch', { ...one, rest_values: { city: 'Berlin' } });
      assert.deepEqual(changed['rest_item'], { id: 'c1', name: 'Anna', city: 'Berlin' });
      assert.deepEqual(await pack.done('rest-delete', one), { rest_status: 204 });
      assert.deepEqual(await pack.done('rest-delete', one), { rest_status: 404 });
      assert.deepEqual(await pack.done('rest-get', one), { rest_status: 404, rest_item: '' });
      const keys = peer.arrived.map(({ method, headers }) => [method, 'idempotency-key' in headers]);
      assert.deepEqual(keys.slice(0, 4), [
        ['POST', true],
        ['GET', false],
        ['PUT', false],
        ['PATCH', true],
      ]);
      const [, sent] = LOGINS[login];
      const shown = JSON.stringify(await Promise.all([1, 4].map((run) => pack.test.details(run))));
      for (const secret of [sent.split(' ').at(-1) ?? sent, 'p4ss-of-rest']) assert.ok(!shown.includes(secret));
    });
  }

  it('lists all pages that Link headers lead to, filtered', async (t) => {
    const { pack, rest, peer } = await open(t);
    for (let n = 1; n <= 5; n++) rest.customers.set(`c${n}`, { id: `c${n}`, city: n === 3 ? 'Köln & Bonn' : 'Berlin' });
    const { rest_found: found } = await pack.done('rest-list', { ...CUSTOMERS, rest_filters: { city: 'Berlin' } });
    assert.deepEqual(
      (found as { id: string }[]).map(({ id }) => id),
      ['c1', 'c2', 'c4', 'c5'],
    );
    assert.deepEqual(peer.lines(), ['GET /customers?city=Berlin', 'GET /customers?city=Berlin&page=2']);
    const one = await pack.done('rest-list', { ...CUSTOMERS, rest_filters: { city: 'Köln & Bonn' } });
    assert.deepEqual(one['rest_found'], [{ id: 'c3', city: 'Köln & Bonn' }]);
    const none = await pack.done('rest-list', { ...CUSTOMERS, rest_filters: { city: 'Paris' } });
    assert.deepEqual(none['rest_found'], []);
  });

  it('lists numbered pages until one is not full', async (t) => {
    const { pack, rest, peer } = await open(t);
    for (let n = 1; n <= 150; n++) rest.customers.set(`c${n}`, { id: `c${n}` });
    const { rest_found: found } = await pack.done('rest-list-numbered', CUSTOMERS);
    assert.equal((found as unknown[]).length, 150);
    assert.deepEqual(peer.lines(), ['GET /customers?per_page=100&page=1', 'GET /customers?per_page=100&page=2']);
  });

  it('sends and fetches a file, byte by byte', async (t) => {
    const { pack, rest } = await open(t);
    const bytes = randomBytes(300_000);
    rest.files.set('f1', { name: 'Vertrag.pdf', bytes });
    const place = { ...CUSTOMERS, rest_id: 'c1' };
    const { rest_file: file } = await pack.done('rest-download', { ...place, rest_file_id: 'f1' });
    assert.ok(file !== undefined);
    const sent = await pack.done('rest-upload', { ...place, rest_file: file });
    assert.equal(sent['rest_file_id'], 'f2');
    assert.ok(rest.files.get('f2')?.bytes.equals(bytes));
    await pack.fails('rest-download', { ...place, rest_file_id: 'f9' }, 'CALL_STATUS', 'GONE: no file f9');
    await pack.fails('rest-upload', { ...place, rest_file: '' }, 'PARAMETER_EMPTY');
  });

  it('tells what the service says of a refusal, and asks a person', async (t) => {
    const { pack } = await open(t);
    const one = { ...CUSTOMERS, rest_id: 'c9' };
    const wrong = { rest_values: { colour: 'red' } };
    for (const [map, context, part] of [
      ['rest-create', { ...CUSTOMERS, ...wrong }, 'MEMBERS'],
      ['rest-update', { ...one, rest_values: ANNA }, 'GONE: no customer c9'],
      ['rest-patch', { ...one, rest_values: ANNA }, 'GONE'],
      ['rest-list', { rest_resource: 'things' }, 'RESOURCE: no resource things'],
      ['rest-list-numbered', { rest_resource: 'a/b' }, 'no resource a/b'],
    ] as const) {
      const { run } = await pack.fails(map, context, 'CALL_STATUS', part);
      assert.equal(run.wait?.for, 'person', map);
    }
  });

  it('sends nothing without an id, so that no collection is deleted', async (t) => {
    const { pack, peer } = await open(t);
    await pack.fails('rest-delete', { ...CUSTOMERS, rest_id: '' }, 'PARAMETER_EMPTY');
    await pack.fails('rest-get', CUSTOMERS, 'PARAMETER_SOURCE_MISSING');
    assert.deepEqual(peer.lines(), []);
  });

  it('waits for the next try after 429 and 503, as long as it is asked to', async (t) => {
    const { pack, peer } = await open(t);
    for (const status of [429, 503]) {
      peer.next.push({ status, headers: { 'retry-after': '120' } });
      const { run } = await pack.fails('rest-get', { ...CUSTOMERS, rest_id: 'c1' }, 'CALL_STATUS');
      assert.equal(run.wait?.for, 'time');
      assert.match(run.wait.reason, /Retry-After/u);
    }
  });

  it('asks a person where something may have been made, and where a list is none', async (t) => {
    const { pack, peer } = await open(t);
    for (const status of [500, 502, 504]) {
      peer.next.push({ status });
      const { run } = await pack.fails('rest-create', { ...CUSTOMERS, rest_values: ANNA }, 'CALL_STATUS');
      assert.equal(run.wait?.for, 'person', String(status));
    }
    peer.next.push({ status: 200, body: { items: [] } });
    await pack.fails('rest-list', CUSTOMERS, 'CALL_EXPECTATION', 'array');
    peer.next.push({ status: 200, body: { items: [] } });
    const given = { map: 'rest-list', documents: [], record: {}, context: CUSTOMERS, send: true };
    assert.equal((await pack.test.install.administration.tryMap(given)).failure?.code, 'CALL_EXPECTATION');
  });

  it('with a wrong token says so', async (t) => {
    const { pack } = await open(t, 'rest-bearer', 'wrong-token-of-rest');
    const { run } = await pack.fails('rest-list', CUSTOMERS, 'CALL_STATUS', 'WHO');
    assert.ok(!JSON.stringify(await pack.test.details(run.id)).includes('wrong-token-of-rest'));
  });

  it('runs its example, which makes a customer once', async (t) => {
    const { pack, rest } = await open(t);
    for (const city of ['Berlin', 'Köln']) {
      const { run } = await pack.start('rest-example', { ...ANNA, city });
      assert.equal(run.status, 'completed');
    }
    assert.deepEqual([...rest.customers.values()], [{ id: 'c1', ...ANNA, city: 'Köln' }]);
  });

  it('has no map and no workflow that these tests leave out', () => assertAllRan('rest'));
});
