import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { API_OPERATIONS } from '../../../src/server/api/api-operations.ts';
import { ApiTest, at } from './api-fixture.ts';

describe('GET /openapi.json', () => {
  it('describes every operation that is served, to anybody', async (t) => {
    const test = await ApiTest.open(t);
    const { status, body } = await test.call('GET', '/openapi.json');
    assert.deepEqual([status, at(body, 'openapi')], [200, '3.1.0']);
    const paths = at(body, 'paths');
    assert.ok(typeof paths === 'object' && paths !== null);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods as object).map(([method, one]) => `${method} ${path} ${String(at(one, 'operationId'))}`),
    );
    const served = API_OPERATIONS.map(({ method, path, id }) => `${method} ${path} ${id}`);
    assert.deepEqual(described.toSorted(), served.toSorted());
  });

  it('refers to nothing that is not in it', async (t) => {
    const test = await ApiTest.open(t);
    const { body } = await test.call('GET', '/openapi.json');
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/gu)].map((one) => one[1] ?? '');
    assert.ok(references.length > 20);
    for (const reference of references) assert.notEqual(at(body, reference.replaceAll('/', '.')), undefined, reference);
  });
});

describe('the operations', () => {
  it('have names of their own', () => {
    const names = API_OPERATIONS.map(({ id }) => id);
    assert.deepEqual([...new Set(names)], names);
  });

  for (const { id, examples, body, answer } of API_OPERATIONS.filter((one) => one.examples !== undefined)) {
    it(`${id} has examples that are right`, () => {
      if (examples?.body !== undefined) body?.parse(examples.body);
      if (examples?.answer !== undefined) assert.deepEqual(answer?.parse(examples.answer), examples.answer);
    });
  }

  it('with a body show one', () => {
    const bare = API_OPERATIONS.filter((one) => one.body !== undefined && one.examples?.body === undefined);
    assert.deepEqual(
      bare.map(({ id }) => id).filter((id) => !/import|transfer|takeRecords|settle|recordsToGive|noteGiven/iu.test(id)),
      [],
    );
  });
});
