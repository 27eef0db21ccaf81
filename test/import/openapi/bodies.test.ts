import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import type { DescribedCall } from '../../../src/import/description/described-api.ts';
import { callOf, description, imported, parametersOf } from './description-fixture.ts';

function withBody(content: JsonObject, more: JsonObject = {}): DescribedCall {
  return callOf('post', { requestBody: { required: true, content } }, more);
}

function json(schema: JsonObject, more: JsonObject = {}): DescribedCall {
  return withBody({ 'application/json': { schema } }, more);
}

describe('the body of an OpenAPI operation', () => {
  it('becomes parameters of its members: typed, required ones required, read-only ones left out', () => {
    const parameters = parametersOf(
      json({
        type: 'object',
        required: ['name', 'owner', 'tags', 'kind', 'age'],
        properties: {
          id: { type: 'integer', readOnly: true },
          name: { type: 'string', minLength: 1, description: 'What it is called' },
          age: { type: 'integer', default: 3 },
          born: { type: 'string', format: 'date' },
          kind: { const: 'pet' },
          tags: { type: 'array', items: { type: 'string' } },
          more: { type: 'array', items: { type: 'string' } },
          owner: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, vip: { type: 'boolean' } },
          },
          other: { type: 'object', properties: { x: {} } },
        },
      }),
    );
    const optional = { defaultValue: '', whenEmpty: 'omit', in: 'body', description: undefined };
    assert.deepEqual(parameters.get('name'), {
      name: 'name',
      in: 'body',
      description: 'What it is called',
      source: { context: 'name' },
      type: undefined,
      required: true,
      defaultValue: undefined,
    });
    assert.equal(parameters.get('age')?.defaultValue, '3');
    assert.deepEqual(parameters.get('born'), { ...optional, name: 'born', source: { context: 'born' }, type: 'date' });
    assert.deepEqual(parameters.get('kind')?.source, { value: 'pet' });
    assert.equal(parameters.get('tags')?.type, 'array');
    assert.deepEqual(parameters.get('more'), { ...optional, name: 'more', source: { context: 'more' }, type: 'json' });
    assert.equal(parameters.get('other')?.type, 'json');
    const owner = parameters.get('owner')?.source;
    assert.deepEqual(
      owner !== undefined && 'nested' in owner && owner.nested.map((one) => [one.name, one.source, one.type]),
      [
        ['name', { context: 'owner.name' }, undefined],
        ['vip', { context: 'owner.vip' }, 'boolean'],
      ],
    );
    assert.equal(parameters.get('id')?.in, 'path');
  });

  it('is put together from allOf and references, and joined from oneOf, which is told', () => {
    const components = {
      schemas: {
        Named: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        Cat: { allOf: [{ $ref: '#/components/schemas/Named' }, { properties: { purrs: { type: 'boolean' } } }] },
        Dog: {
          allOf: [
            { $ref: '#/components/schemas/Named' },
            { required: ['barks'], properties: { barks: { type: 'boolean' } } },
          ],
        },
      },
    };
    const oneOf = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }];
    const api = imported(
      description(
        { '/pets': { post: { requestBody: { content: { 'application/json': { schema: { oneOf } } } } } } },
        { components },
      ),
    );
    const parameters = parametersOf(api.calls[0] ?? assert.fail());
    assert.deepEqual([...parameters.keys()].toSorted(), ['barks', 'name', 'purrs']);
    assert.equal(parameters.get('name')?.whenEmpty, undefined);
    assert.equal(parameters.get('barks')?.whenEmpty, 'omit');
    assert.match(api.notes.map(({ says }) => says).join(), /one of several forms/u);
  });

  it('takes null of a choice for what may be empty (3.1), as nullable (3.0)', () => {
    const properties = {
      a: { oneOf: [{ type: 'integer' }, { type: 'null' }] },
      b: { type: ['integer', 'null'] },
      c: { type: 'integer', nullable: true },
    };
    const parameters = parametersOf(json({ type: 'object', required: ['a', 'b', 'c'], properties }));
    for (const name of ['a', 'b', 'c']) {
      assert.deepEqual([parameters.get(name)?.type, parameters.get(name)?.required], ['integer', false], name);
    }
  });

  it('is sent whole when it is no object', () => {
    const call = json({ type: 'array', items: { type: 'string' } });
    assert.equal(call.bodyText, '{=raw $string(context.body) }');
    assert.deepEqual(call.example?.context.get('body'), ['text']);
  });

  it('is sent as the kind that fits best, and others are told', () => {
    const kinds: readonly (readonly [content: JsonObject, body: string, type: string | undefined])[] = [
      [{ 'text/xml': {}, 'application/json': {} }, 'json', undefined],
      [{ 'application/vnd.api+json': {} }, 'json', 'application/vnd.api+json'],
      [{ 'application/x-www-form-urlencoded': {} }, 'form', undefined],
      [{ 'multipart/form-data': {} }, 'multipart', undefined],
      [{ 'text/xml': {} }, 'xml', 'text/xml'],
      [{ 'text/plain': {} }, 'text', undefined],
      [{ 'image/png': {} }, 'raw', 'image/png'],
    ];
    for (const [content, body, type] of kinds) {
      const call = withBody(content);
      assert.deepEqual([call.body, call.contentType], [body, type], JSON.stringify(content));
    }
    assert.equal(callOf('post', {}).body, 'none');
    assert.equal(callOf('get', {}).body, undefined);
  });

  it('of a multipart form takes files from fields that hold them', () => {
    const schema = {
      type: 'object',
      properties: { picture: { type: 'string', format: 'binary' }, note: { type: 'string' } },
    };
    const media = { schema, encoding: { picture: { contentType: 'image/png' } } };
    const parameters = parametersOf(withBody({ 'multipart/form-data': media }));
    assert.deepEqual(parameters.get('picture')?.source, { file: 'picture', contentType: 'image/png' });
    assert.deepEqual(parameters.get('note')?.source, { context: 'note' });
  });

  it('of XML is a template with elements, attributes, names and namespaces', () => {
    const schema = {
      type: 'object',
      xml: { name: 'pet', namespace: 'urn:pets' },
      properties: {
        id: { type: 'integer', xml: { attribute: true } },
        name: { type: 'string', xml: { name: 'Name' } },
        owner: { type: 'object', properties: { city: { type: 'string' } } },
      },
    };
    assert.deepEqual(withBody({ 'application/xml': { schema } }).bodyText?.split('\n'), [
      '<pet xmlns="urn:pets" id="{body_id}">',
      '  <Name>{name}</Name>',
      '  <owner>',
      '    <city>{owner_city}</city>',
      '  </owner>',
      '</pet>',
    ]);
  });

  it('may hold itself', () => {
    const components = {
      schemas: {
        Node: { type: 'object', required: ['child'], properties: { child: { $ref: '#/components/schemas/Node' } } },
      },
    };
    const call = json({ $ref: '#/components/schemas/Node' }, { components });
    assert.deepEqual([...parametersOf(call).keys()], ['id', 'child']);
  });
});
