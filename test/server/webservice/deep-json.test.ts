import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH, logIn, openService, post } from './client.ts';

const DEEP = [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`];
const OPERATIONS = `
  listtypes describe create retrieve update revise upsert delete query SetRelation UnsetRelation
  getRelatedRecords getRelatedRecordsThroughModule getPicklistValues MassCreate MassUpdate
  MassRetrieve MassDelete ValidateInformation getReferenceValue ExecuteWorkflow
  ExecuteWorkflowWithContext cbRule ProcessMap getSetting setSetting getFieldAutocomplete
  getReferenceAutocomplete CreateWithValidation getQueuedOperationResult
`
  .trim()
  .split(/\s+/u);
/** Every parameter that some operation reads as JSON. */
const PARAMETERS = `
  element elements cbwsOptions context parameters queryParameters ids id searchOn with_these_ids
  relate_this_id fieldTypeList fields entities query term value workflow
`
  .trim()
  .split(/\s+/u);
const NAMED = { elementType: 'Products', module: 'Products', relatedModule: 'Vendors', bridgeModule: 'Vendors' };

test('no operation breaks at JSON that is nested deeply', async (t) => {
  const { app, failures } = await openService(t);
  for (const operation of OPERATIONS) {
    const sessionName = await logIn(app);
    for (const deep of DEEP) {
      const all = Object.fromEntries(PARAMETERS.map((name) => [name, deep]));
      const each = PARAMETERS.map((name) => ({ [name]: deep }));
      for (const parameters of [all, ...each]) {
        const { code } = await post(app, { operation, sessionName, ...NAMED, id: '14x1', ...parameters });
        assert.notEqual(code, 'INTERNAL_SERVER_ERROR', `${operation} ${Object.keys(parameters).join(' ')}`);
      }
    }
  }
  assert.deepEqual(failures, []);
});

test('deep JSON is refused by the code of its parameter, a deep body as no request', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  for (const deep of DEEP) {
    const create = { operation: 'create', sessionName, elementType: 'Products' };
    assert.equal((await post(app, { ...create, element: deep })).code, 'MANDATORY_FIELDS_MISSING');
    const options = await post(app, { ...create, element: '{"productname":"Bolt"}', cbwsOptions: deep });
    assert.equal(options.code, 'INVALID_PARAMETER');
    const body = JSON.stringify(create).replace(/\}$/u, `,"element":${deep}}`);
    const headers = { 'content-type': 'application/json' };
    const response = await app.request(PATH, { method: 'POST', body, headers });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /^REQUEST_INVALID: /u);
  }
});
