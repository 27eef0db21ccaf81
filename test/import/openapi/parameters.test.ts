import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import { takeDescription } from '../../../src/runtime/import/description-import.ts';
import { TestInstall } from '../../whole/install-fixture.ts';
import { callOf, description, imported } from './description-fixture.ts';

/** What is sent for a parameter of the path `/x/{p}` or `/x`, with this value of the context. */
async function sentFor(install: TestInstall, parameter: JsonObject, value: JsonObject[string]): Promise<string> {
  const path = parameter['in'] === 'path' ? '/x/{p}' : '/x';
  const root = description({
    [path]: { get: { operationId: 'x', parameters: [{ name: 'p', ...parameter }], responses: {} } },
  });
  const { documents } = takeDescription(imported(root, { name: 'x' }), { withTests: false });
  const { request, failure, diagnostics } = await install.install.administration.tryMap({
    map: 'x-x',
    documents: documents.map((one) => ({ file: one.path, text: one.text })),
    record: {},
    context: { p: value },
    send: false,
  });
  assert.equal(failure, undefined, JSON.stringify([failure, diagnostics]));
  const header = request?.headers.find(([name]) => name.toLowerCase() === 'p');
  return header?.[1] ?? (request?.url ?? '').replace('https://pets.example.com/v1/x', '');
}

const LIST = { type: 'array', items: { type: 'integer' } };
const OBJECT = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } } };

/** The styles of OpenAPI 3.1 section 4.8.12.4, as a URL with everything encoded has them. */
const STYLES: readonly (readonly [parameter: JsonObject, value: JsonObject[string], sent: string])[] = [
  [{ in: 'query', schema: { type: 'string' } }, 'a b&c', '?p=a%20b%26c'],
  [{ in: 'query', schema: LIST }, [3, 4], '?p=3&p=4'],
  [{ in: 'query', schema: LIST, explode: false }, [3, 4], '?p=3%2C4'],
  [{ in: 'query', schema: LIST, style: 'spaceDelimited', explode: false }, [3, 4], '?p=3%204'],
  [{ in: 'query', schema: LIST, style: 'pipeDelimited', explode: false }, [3, 4], '?p=3%7C4'],
  [{ in: 'query', schema: LIST, explode: false }, 3, '?p=3'],
  [{ in: 'query', schema: OBJECT }, { a: 'x', b: 2 }, '?a=x&b=2'],
  [{ in: 'query', schema: OBJECT, style: 'deepObject', explode: true }, { a: 'x', b: 2 }, '?p%5Ba%5D=x&p%5Bb%5D=2'],
  [
    { in: 'query', schema: { type: 'object' }, style: 'deepObject', explode: true },
    { a: { b: 'x' } },
    '?p%5Ba%5D%5Bb%5D=x',
  ],
  [{ in: 'query', content: { 'application/json': { schema: OBJECT } } }, { a: 'x' }, '?p=%7B%22a%22%3A%22x%22%7D'],
  [{ in: 'path', required: true, schema: { type: 'string' } }, 'a/b', '/a%2Fb'],
  [{ in: 'path', required: true, schema: LIST }, [3, 4], '/3%2C4'],
  [{ in: 'path', required: true, schema: { type: 'integer' }, style: 'label' }, 5, '/.5'],
  [{ in: 'path', required: true, schema: { type: 'integer' }, style: 'matrix' }, 5, '/;p=5'],
  [{ in: 'header', schema: LIST }, [3, 4], '3,4'],
];

describe('a parameter of an OpenAPI description', () => {
  it('is sent in its style', async (t) => {
    const install = await TestInstall.open(t, { documents: [], worker: false });
    for (const [parameter, value, sent] of STYLES) {
      assert.equal(await sentFor(install, parameter, value), sent, JSON.stringify(parameter));
    }
  });

  it('is left out when it is not required and there is no value, and fails when it is', async (t) => {
    const install = await TestInstall.open(t, { documents: [], worker: false });
    const get = {
      operationId: 'find',
      parameters: [
        { name: 'page', in: 'query', schema: { type: 'integer', default: 1 } },
        { name: 'tags', in: 'query', schema: LIST },
        { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      ],
    };
    const { documents } = takeDescription(imported(description({ '/pets/{id}': { get } }), { name: 'x' }), {
      withTests: false,
    });
    const sources = documents.map(({ path, text }) => ({ file: path, text }));
    const { administration } = install.install;
    const params = { map: 'x-find', documents: sources, record: {}, send: false };
    const sent = await administration.tryMap({ ...params, context: { id: 'k1' } });
    assert.equal(sent.request?.url, 'https://pets.example.com/v1/pets/k1');
    const missing = await administration.tryMap({ ...params, context: {} });
    assert.equal(missing.failure?.code, 'PARAMETER_SOURCE_MISSING');
    const wrong = await administration.tryMap({ ...params, context: { id: 'k1', page: 'two' } });
    assert.equal(wrong.failure?.code, 'PARAMETER_TYPE');
  });

  it('has what the description tells of it, and its operation stands over its path', () => {
    const path = { parameters: [{ name: 'id', in: 'path', required: true, description: 'Of the path' }] };
    const own = [
      { name: 'id', in: 'path', required: true, description: 'Of the\noperation' },
      { name: 'kind', in: 'query', schema: { type: 'string', enum: ['cat', 'dog'] }, description: 'Which' },
    ];
    const [call] = imported(
      description({ '/pets/{id}': { ...path, get: { operationId: 'g', parameters: own } } }),
    ).calls;
    assert.deepEqual(
      call?.parameters.map(({ name, description: told }) => [name, told]),
      [
        ['id', 'Of the operation'],
        ['kind', 'Which; one of: cat, dog'],
      ],
    );
  });

  it('does not fall together with another of its name', () => {
    const call = callOf('put', {
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'id', in: 'query', schema: { type: 'string' } },
      ],
      requestBody: {
        content: { 'application/json': { schema: { type: 'object', properties: { id: { type: 'string' } } } } },
      },
    });
    assert.deepEqual(
      call.parameters.map((one) => [one.in, one.name, one.source]),
      [
        ['path', 'path_id', { context: 'id' }],
        ['query', 'id', { context: 'query_id' }],
        ['body', 'id', { context: 'body_id' }],
      ],
    );
    assert.equal(call.path, '/pets/{path_id}');
  });

  it('may stand in the path without being described', () => {
    const call = callOf('get', { operationId: 'g' });
    assert.deepEqual(call.parameters, [{ name: 'id', in: 'path', source: { context: 'id' }, required: true }]);
  });

  it('is none of the headers that calls have of themselves', () => {
    const headers = ['Accept', 'Content-Type', 'authorization', 'X-Own'].map((name) => ({
      name,
      in: 'header',
      schema: {},
    }));
    const names = callOf('get', { parameters: headers }).parameters.map(({ name }) => name);
    assert.deepEqual(names, ['X-Own', 'id']);
  });
});
