import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { isJsonObject } from '../../../src/core/json.ts';
import type { Json } from '../../../src/core/json.ts';
import { shippedDocuments } from '../../whole/documents.ts';
import { ServedTest } from '../../whole/served-install.ts';

function names(result: Json, field: string): Json[] {
  assert.ok(Array.isArray(result));
  return result.map((row) => (isJsonObject(row) ? (row[field] ?? null) : null));
}

/** Calls as a user of that key. */
async function as(url: string, user: string, key: string) {
  const ask = async (parameters: Record<string, string>) => {
    const response = await fetch(`${url}/webservice.php`, { method: 'POST', body: new URLSearchParams(parameters) });
    const { result, error } = (await response.json()) as {
      result?: Record<string, string>;
      error?: { code: string };
    };
    return { result, code: error?.code };
  };
  const { result: challenge } = await ask({ operation: 'getchallenge', username: user });
  const accessKey = createHash('md5').update(`${challenge?.['token']}${key}`).digest('hex');
  const { result: login } = await ask({ operation: 'login', username: user, accessKey });
  const sessionName = login?.['sessionName'] ?? '';
  return (operation: string, parameters: Record<string, string>) => ask({ operation, sessionName, ...parameters });
}

describe('documents as modules of the web service', () => {
  it('are listed, described, queried and retrieved, and written by nobody', async (t) => {
    const served = await ServedTest.open(t, await shippedDocuments('product-sync'));
    const { result: types } = await served.call('listtypes', {});
    assert.ok(isJsonObject(types) && Array.isArray(types['types']));
    assert.ok(['cbMap', 'com_vtiger_workflow'].every((name) => JSON.stringify(types['types']).includes(`"${name}"`)));
    const described = await served.record('describe', { elementType: 'cbMap' });
    assert.equal(String(described['createable']), 'false');

    const query = async (text: string) => (await served.call('query', { query: text })).result;
    const all = await query('select mapname from cbMap order by mapname limit 100;');
    assert.ok(names(all, 'mapname').includes('peer-login') && names(all, 'mapname').includes('head-office'));
    const liked = await query("select * from cbMap where mapname like 'PEER-LOG%' order by mapname desc;");
    assert.deepEqual(names(liked, 'mapname'), ['peer-logout', 'peer-login']);
    const none = await query("select * from cbMap where not mapname like '%' or maptype = 'No _';");
    assert.deepEqual(none, []);
    const [id] = names(liked, 'id');
    const map = await served.record('retrieve', { id: String(id) });
    assert.match(map['content'] ?? '', /<map xmlns="urn:mapwright:1" name="peer-logout"/u);
    const workflows = await query('select * from com_vtiger_workflow order by workflowname;');
    assert.deepEqual(names(workflows, 'workflowname'), ['product-changed', 'product-created']);
    assert.deepEqual(names(workflows, 'module_name'), ['Products', 'Products']);
    assert.deepEqual(names(workflows, 'active'), ['1', '1']);
    const create = await served.call('create', { elementType: 'cbMap', element: '{"mapname":"x"}' });
    assert.equal(create.code, 'ACCESS_DENIED');
    assert.equal((await served.call('delete', { id: String(id) })).code, 'ACCESS_DENIED');
    assert.equal((await served.call('retrieve', { id: '10001x7' })).code, 'INVALID_ID_ATTRIBUTE');
  });

  it('are shown to administrators alone', async (t) => {
    const served = await ServedTest.open(t, await shippedDocuments('product-sync'));
    const { accessKey } = await served.install.administration.addUser({ name: 'clerk', admin: false });
    const ask = await as(served.served.url, 'clerk', accessKey);
    const listed = await ask('listtypes', {});
    assert.doesNotMatch(JSON.stringify(listed.result), /cbMap/u);
    assert.equal((await ask('describe', { elementType: 'cbMap' })).code, 'ACCESS_DENIED');
    assert.equal((await ask('query', { query: 'select * from cbMap;' })).code, 'ACCESS_DENIED');
    assert.equal((await ask('query', { query: 'select count(*) from com_vtiger_workflow;' })).code, 'ACCESS_DENIED');
    assert.equal((await ask('retrieve', { id: '10001x1' })).code, 'ACCESS_DENIED');
  });
});
