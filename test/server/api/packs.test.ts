import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packArchive } from '../../whole/pack-documents.ts';
import { ApiTest, at } from './api-fixture.ts';

/** The name of the first of a list. */
function nameIn(body: unknown, member: string): unknown {
  const list = at(body, member);
  return Array.isArray(list) ? at(list[0], 'name') : undefined;
}

describe('packs over the API', () => {
  it('are imported, shown, exported and removed', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    const archive = packArchive();
    const imported = await test.call('POST', '/packs', { token, body: { archive } });
    assert.deepEqual([imported.status, at(at(imported.body, 'pack'), 'version')], [201, '1.0.0']);
    assert.equal((await test.call('POST', '/packs', { token, body: { archive } })).status, 200);
    const shown = await test.call('GET', '/packs/parcel', { token });
    assert.equal(at(shown.body, 'isInstalled'), true);
    const listed = await test.call('GET', '/documents?search=PARCEL&kind=map', { token });
    assert.equal(nameIn(listed.body, 'items'), 'parcel-send');
    const refused = await test.call('POST', '/documents/remove', {
      token,
      body: { documents: [{ kind: 'service', name: 'parcel' }] },
    });
    assert.deepEqual([refused.status, at(refused.body, 'code')], [409, 'DOCUMENT_NEEDED']);
    assert.equal(nameIn(at(refused.body, 'report'), 'broken'), 'parcel-send');
    const exported = await test.call('POST', '/packs/export', { token, body: { pack: 'parcel' } });
    assert.equal(at(exported.body, 'file'), 'parcel-1.0.0.zip');
    const removed = await test.call('DELETE', '/packs/parcel', { token });
    assert.equal(removed.status, 200);
    const undone = await test.call('POST', `/revisions/${String(at(removed.body, 'revision'))}/undelete`, { token });
    assert.equal(undone.status, 200);
    const told = (await test.call('GET', '/audit', { token: await test.token('administrator') })).body;
    for (const action of ['importPack', 'exportPack', 'removePack', 'undeleteDocuments']) {
      assert.ok(JSON.stringify(told).includes(`"action":"${action}"`), action);
    }
  });

  it('refuse what was changed here, and what is no pack', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('administrator');
    await test.call('POST', '/packs', { token, body: { archive: packArchive() } });
    const text =
      '<map xmlns="urn:mapwright:1" name="parcel-send" service="parcel"><call method="PUT" path="/x"/></map>';
    const documents = [{ file: 'a.xml', text }];
    await test.install.administration.apply({ documents, prune: false, dryRun: false, by: 'anna' });
    const refused = await test.call('POST', '/packs', { token, body: { archive: packArchive() } });
    assert.deepEqual([refused.status, at(refused.body, 'code')], [409, 'PACK_CHANGED_HERE']);
    const broken = await test.call('POST', '/packs', { token, body: { archive: 'AAAA' } });
    assert.deepEqual([broken.status, at(broken.body, 'code')], [422, 'PACK_ARCHIVE']);
  });

  it('let nobody set settings with documents:write alone', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('documents:write', 'documents:read');
    const body = { archive: packArchive(), withValues: true };
    assert.equal(at((await test.call('POST', '/packs', { token, body })).body, 'code'), 'API_FORBIDDEN');
    assert.deepEqual(await test.install.administration.packs(), []);
    const values = await test.call('POST', '/packs/export', { token, body: { service: 'x', withValues: true } });
    assert.equal(at(values.body, 'code'), 'API_FORBIDDEN');
  });

  it('bring pictures that a browser only shows', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('viewer');
    await test.install.administration.importPack({
      archive: packArchive(),
      overwrite: false,
      withValues: false,
      dryRun: false,
      by: 'anna',
    });
    const response = await test.raw('GET', '/pictures/parcel.svg', { token });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'image/svg+xml');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/u);
    assert.match(await response.text(), /^<svg/u);
    assert.equal((await test.call('GET', '/pictures/x.svg', { token })).status, 404);
  });
});
