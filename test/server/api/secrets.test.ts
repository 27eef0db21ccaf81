import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../../whole/poll.ts';
import { nativeDocument } from '../../whole/documents.ts';
import { ApiTest, at } from './api-fixture.ts';

const DOCUMENTS = [
  nativeDocument('service', 'name="crm" url="https://crm.example.com" credential="crm-login"', ''),
  nativeDocument('credential', 'name="crm-login" kind="basic"', '<login user="u" secret="crm"/>'),
];
const VALUE = 'hush-hush-0815';

describe('secrets over the API', () => {
  it('are told with what uses them, missing before they are set, and removed only when that is meant', async (t) => {
    const test = await ApiTest.open(t, { documents: DOCUMENTS });
    const token = await test.token('administrator');
    const use = { kind: 'credential', name: 'crm-login', file: 'crm-login.xml', line: 1 };
    assert.deepEqual((await test.call('GET', '/secrets/missing', { token })).body, {
      items: [{ name: 'crm', usedBy: [use] }],
    });
    const replaced = await test.call('PUT', '/secrets/crm', { token, body: { value: VALUE, replace: true } });
    assert.deepEqual([replaced.status, at(replaced.body, 'code')], [404, 'SECRET_UNKNOWN']);
    await test.call('PUT', '/secrets/crm', { token, body: { value: VALUE } });
    assert.deepEqual((await test.call('GET', '/secrets/missing', { token })).body, { items: [] });
    assert.deepEqual(at((await test.call('GET', '/secrets', { token })).body, 'items.0.usedBy.0'), use);
    const kept = await test.call('DELETE', '/secrets/crm', { token });
    assert.deepEqual([kept.status, at(kept.body, 'code')], [409, 'SECRET_IN_USE']);
    assert.deepEqual((await test.call('DELETE', '/secrets/crm?force=true', { token })).body, { changed: true });
    assert.deepEqual((await test.call('DELETE', '/secrets/crm', { token })).body, { changed: false });
  });

  it('have a size, and are taken up to it', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('secrets:write');
    const put = async (value: string) => (await test.call('PUT', '/secrets/big', { token, body: { value } })).status;
    assert.equal(await put('x'.repeat(1024 * 1024)), 204);
    assert.equal(await put('x'.repeat(1024 * 1024 + 1)), 422);
    assert.equal(await put('ä'.repeat(1024 * 1024)), 422);
  });
});

it('the key is changed over the API, and nothing of it or of a secret is told', async (t) => {
  const test = await ApiTest.open(t);
  const token = await test.token('administrator');
  assert.deepEqual((await test.call('GET', '/key-rotations/latest', { token })).body, {});
  await test.call('PUT', '/secrets/crm', { token, body: { value: VALUE } });
  const begun = await test.call('POST', '/key-rotations', { token, body: {} });
  assert.equal(begun.status, 202);
  const twice = await test.call('POST', '/key-rotations', { token, body: {} });
  assert.deepEqual([twice.status, at(twice.body, 'code')], [409, 'KEY_ROTATION_RUNNING']);
  const ended = await until('the key is changed', async () => {
    const { body } = await test.call('GET', '/key-rotations/latest', { token });
    return at(body, 'rotation.stage') === 'done' ? body : undefined;
  });
  assert.match(String(at(ended, 'rotation.oldKeys.0')), /^mapwright\.key\.old-[0-9a-f]{8}$/u);
  const audit = await test.call('GET', '/audit', { token });
  assert.ok(JSON.stringify(audit.body).includes('beginKeyRotation'));
  for (const text of [ended, audit.body].map((body) => JSON.stringify(body))) assert.equal(text.includes(VALUE), false);
});
