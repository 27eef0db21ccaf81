import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { CredentialValues } from '../../src/catalog/credential/compiled-credential.ts';
import { keepingLatest } from '../../src/catalog/credential/latest-resolution.ts';

const SETTINGS = { shop_url: 'https://a.example' };

function world() {
  const secrets = new Map([['key', 'first']]);
  const resolve = keepingLatest(['key'], async ({ secret }) => {
    const key = await secret('key');
    if (key === undefined) throw new Error('there is no key');
    return { kind: 'api-key', name: 'shop', subject: '', key, send: { in: 'query', name: 'key' } };
  });
  const values = (changes: Partial<CredentialValues> = {}): CredentialValues => ({
    settings: SETTINGS,
    secret: async (name) => secrets.get(name),
    user: '19x1',
    serviceUrl: 'https://a.example',
    renewOn: undefined,
    ...changes,
  });
  return { secrets, resolve, values };
}

it('gives one credential to many calls, as long as nothing that it is made of changes', async () => {
  const { resolve, values } = world();
  assert.equal(await resolve(values()), await resolve(values()));
});

it('resolves anew after any change, and again when that is undone', async () => {
  const { resolve, values } = world();
  const changes: readonly Partial<CredentialValues>[] = [
    { settings: { ...SETTINGS } },
    { user: '19x2' },
    { serviceUrl: undefined },
    { renewOn: ['GONE'] },
  ];
  for (const change of changes) {
    const before = await resolve(values());
    assert.notEqual(await resolve(values(change)), before, Object.keys(change).join());
    assert.notEqual(await resolve(values()), before);
  }
});

it('sees a secret that was replaced, and one that was taken away', async () => {
  const { secrets, resolve, values } = world();
  await resolve(values());
  secrets.set('key', 'second');
  const credential = await resolve(values());
  assert.equal(credential.kind === 'api-key' ? credential.key : '', 'second');
  secrets.delete('key');
  await assert.rejects(resolve(values()), /there is no key/u);
});
