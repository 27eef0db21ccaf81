import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MapwrightError } from '../../../src/core/error.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { apiDocuments } from '../../../src/import/description/api-documents.ts';
import { importOpenApi, listOperations } from '../../../src/import/openapi/import-openapi.ts';
import { textOfPattern } from '../../../src/import/openapi/pattern-text.ts';
import { readDescription } from '../../../src/import/openapi/read-description.ts';
import { takeDescription } from '../../../src/runtime/import/description-import.ts';
import { callOf, description, imported } from './description-fixture.ts';

const PETS = description({
  '/pets': {
    get: { operationId: 'listPets', tags: ['pet'] },
    post: { operationId: 'addPet', tags: ['pet', 'change'] },
  },
  '/pets/{id}': { get: { operationId: 'getPetById', tags: ['pet'] } },
  '/owners/{id}/pets': { get: { tags: ['owner'] } },
});

/** The text of the document of that path. */
function textOf(root: JsonObject, path: string): string {
  const documents = apiDocuments(imported(root, { name: 'x' }));
  return (
    documents.find((one) => one.path === path)?.text ??
    assert.fail(`${path} is not among ${documents.map((one) => one.path).join()}`)
  );
}

function withSecurity(scheme: JsonObject, more: JsonObject = {}): JsonObject {
  return description(
    { '/a': { get: {} } },
    { components: { securitySchemes: { s: scheme } }, security: [{ s: ['read'] }], ...more },
  );
}

describe('readDescription', () => {
  it('reads JSON and YAML, also with a byte order mark', () => {
    assert.equal(readDescription('\ufeff{"openapi":"3.0.0"}', 'a')['openapi'], '3.0.0');
    assert.equal(readDescription('openapi: 3.1.0\npaths: {}\n', 'a')['openapi'], '3.1.0');
  });

  it('says what is wrong with what it cannot read', () => {
    const cases: readonly (readonly [text: string, code: string])[] = [
      ['swagger: "2.0"', 'IMPORT_OPENAPI_VERSION'],
      ['openapi: 3.2.0', 'IMPORT_OPENAPI_VERSION'],
      ['openapi: 4.0.0', 'IMPORT_OPENAPI_VERSION'],
      ['', 'IMPORT_OPENAPI_UNKNOWN'],
      ['[]', 'IMPORT_OPENAPI_UNKNOWN'],
      ['{"openapi":{"toString":1}}', 'IMPORT_OPENAPI_UNKNOWN'],
      ['{"info":{"schema":"postman"}}', 'IMPORT_OPENAPI_UNKNOWN'],
      ['<html></html>', 'IMPORT_OPENAPI_UNKNOWN'],
      ['a: [1, 2', 'IMPORT_OPENAPI_UNREADABLE'],
      ['a: 1\na: 2', 'IMPORT_OPENAPI_UNREADABLE'],
      [`{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`, 'IMPORT_OPENAPI_UNREADABLE'],
      [
        `a: &a [x]\n${Array.from({ length: 12 }, (_, index) => `b${index}: &b${index} [${`*${index === 0 ? 'a' : `b${index - 1}`},`.repeat(9)}]`).join('\n')}`,
        'IMPORT_OPENAPI_UNREADABLE',
      ],
    ];
    for (const [text, code] of cases) assert.throws(() => readDescription(text, 'a.yaml'), { code }, text.slice(0, 60));
  });

  it('names line and column', () => {
    assert.throws(() => readDescription('openapi: 3.0.0\npaths: {', 'a.yaml'), /a\.yaml:2:\d+ /u);
  });
});

describe('importOpenApi', () => {
  it('names maps after operation ids, or method and path', () => {
    assert.deepEqual(
      imported(PETS).calls.map(({ name }) => name),
      ['pet-store-list-pets', 'pet-store-add-pet', 'pet-store-get-pet-by-id', 'pet-store-get-owners-id-pets'],
    );
    assert.equal(imported(PETS, { name: 'shop' }).calls[0]?.name, 'shop-list-pets');
  });

  it('takes the operations that are chosen', () => {
    const chosen = (choice: Parameters<typeof listOperations>[1]): string[] =>
      listOperations({ root: PETS, files: new Map() }, choice).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(chosen({ ids: ['addPet', 'GET /owners/{id}/pets'] }), ['POST /pets', 'GET /owners/{id}/pets']);
    assert.deepEqual(chosen({ tags: ['change'] }), ['POST /pets']);
    assert.deepEqual(chosen({ paths: ['/pets'] }), ['GET /pets', 'POST /pets', 'GET /pets/{id}']);
    assert.deepEqual(chosen({ paths: ['/*/{id}'] }), ['GET /pets/{id}', 'GET /owners/{id}/pets']);
    assert.deepEqual(chosen({ paths: ['/pets'], tags: ['change'] }), ['POST /pets']);
    for (const choice of [{ ids: ['addPets'] }, { tags: ['pets'] }, { paths: ['/pet'] }]) {
      assert.throws(() => chosen(choice), { code: 'IMPORT_OPERATION_UNKNOWN' });
    }
  });

  it('makes settings of what an address leaves open', () => {
    const variables = { region: { default: 'eu', enum: ['eu', 'us'], description: 'Where' } };
    const root = {
      ...PETS,
      servers: [{ url: 'https://{region}.pets.example/{base}', variables }, { url: 'https://old.example' }],
    };
    const api = imported(root, { name: 'x', variables: new Map([['base', 'v2']]) });
    assert.equal(api.services[0]?.url, 'https://{setting.x_region}.pets.example/v2');
    assert.deepEqual(api.wanted, [{ kind: 'setting', name: 'x_region', says: 'Where; one of eu, us', proposed: 'eu' }]);
    assert.match(api.notes[0]?.says ?? '', /old\.example/u);
    assert.equal(
      imported({ ...PETS, servers: [{ url: '/api/' }] }, { name: 'x' }).services[0]?.url,
      '{setting.x_url}/api',
    );
    assert.equal(
      imported({ ...PETS, servers: [{ url: '/api' }] }, { url: 'https://a.example/b/' }).services[0]?.url,
      'https://a.example/b',
    );
  });

  it('makes credentials of security schemes', () => {
    const flow = {
      authorizationUrl: 'https://l.example/a',
      tokenUrl: 'https://l.example/t',
      refreshUrl: 'https://l.example/r',
      scopes: {},
    };
    const cases: readonly (readonly [scheme: JsonObject, parts: readonly string[], wanted: readonly string[]])[] = [
      [
        { type: 'apiKey', in: 'header', name: 'X-Key' },
        ['kind="api-key"', '<send header="X-Key" prefix=""/>'],
        ['x-s'],
      ],
      [{ type: 'apiKey', in: 'query', name: 'key' }, ['kind="api-key"', '<send query="key"/>'], ['x-s']],
      [{ type: 'apiKey', in: 'cookie', name: 'sid' }, ['kind="api-key"', '<send cookie="sid"/>'], ['x-s']],
      [{ type: 'http', scheme: 'Bearer' }, ['kind="api-key"', '<key secret="x-s"/>'], ['x-s']],
      [
        { type: 'http', scheme: 'basic' },
        ['kind="basic"', '<login user="{setting.x_s_user}" secret="x-s"/>'],
        ['x_s_user', 'x-s'],
      ],
      [{ type: 'http', scheme: 'digest' }, ['kind="digest"'], ['x_s_user', 'x-s']],
      [{ type: 'mutualTLS' }, ['kind="client-certificate"'], ['x-s']],
      [
        { type: 'oauth2', flows: { authorizationCode: flow } },
        [
          'kind="oauth2-authorization-code"',
          '<authorization url="https://l.example/a"/>',
          '<refresh url="https://l.example/r"/>',
          '<scope>read</scope>',
        ],
        ['x_s_client_id', 'x-s-client'],
      ],
      [
        { type: 'oauth2', flows: { implicit: flow, clientCredentials: flow } },
        ['kind="oauth2-client-credentials"', '<token url="https://l.example/t"/>'],
        ['x_s_client_id', 'x-s-client'],
      ],
      [
        { type: 'oauth2', flows: { password: flow } },
        ['kind="oauth2-password"'],
        ['x_s_user', 'x-s-password', 'x_s_client_id', 'x-s-client'],
      ],
      [
        { type: 'openIdConnect', openIdConnectUrl: 'https://l.example/.well-known/openid-configuration' },
        ['kind="oauth2-authorization-code"', '<scope>openid read</scope>', '{setting.x_s_token_url}'],
        ['x_s_authorization_url', 'x_s_token_url', 'x_s_client_id', 'x-s-client'],
      ],
    ];
    for (const [scheme, parts, wanted] of cases) {
      const root = withSecurity(scheme);
      const text = textOf(root, 'credentials/x-s.xml');
      for (const part of parts) assert.ok(text.includes(part), `${part} in ${text}`);
      assert.deepEqual(
        imported(root, { name: 'x' }).wanted.map(({ name }) => name),
        wanted,
      );
      assert.deepEqual(takeDescription(imported(root, { name: 'x' }), { withTests: true }).diagnostics, []);
    }
  });

  it('tells of logins that there is no credential for', () => {
    for (const scheme of [
      { type: 'oauth2', flows: { implicit: {} } },
      { type: 'http', scheme: 'hoba' },
      { type: 'other' },
    ]) {
      const api = imported(withSecurity(scheme), { name: 'x' });
      assert.deepEqual(api.credentials, []);
      assert.match(api.notes.map(({ says }) => says).join(), /^security s: /u);
    }
  });

  it('gives operations that log in differently services of their own, and sends further keys along', () => {
    const securitySchemes = {
      key: { type: 'apiKey', in: 'header', name: 'X-App' },
      token: { type: 'http', scheme: 'bearer' },
      user: { type: 'http', scheme: 'basic' },
    };
    const get = (security: Json): JsonObject => ({ get: { security } });
    const root = description(
      {
        '/a': get([{ token: [] }]),
        '/b': get([{ user: [], key: [] }]),
        '/c': get([]),
        '/d': get([{ user: [] }, { token: [] }]),
      },
      { components: { securitySchemes } },
    );
    const api = imported(root, { name: 'x', security: 'token' });
    assert.deepEqual(
      api.calls.map(({ service }) => service),
      ['x', 'x-user-key', 'x-open', 'x'],
    );
    assert.deepEqual(
      api.services.map(({ credential }) => credential),
      ['x-token', 'x-user', undefined],
    );
    assert.deepEqual(api.calls[1]?.parameters, [{ name: 'X-App', in: 'header', source: { secret: 'x-key' } }]);
    assert.throws(() => imported(root, { security: 'tokens' }), { code: 'IMPORT_SECURITY_UNKNOWN' });
  });

  it('offers what the answer holds, typed, and asks for its type', () => {
    const schema = {
      type: 'object',
      required: ['id', 'born', 'owner'],
      properties: {
        id: { type: 'integer', description: 'Its number' },
        born: { type: 'string', format: 'date' },
        'first.name': { type: 'string' },
        owner: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        tags: { type: 'array', items: { type: 'object', properties: { label: { type: 'string' } } } },
      },
    };
    const call = callOf('get', { responses: { 200: { content: { 'application/json': { schema } } }, 404: {} } });
    assert.deepEqual(
      call.outputs?.map(({ path, context, type, optional }) => [path, context, type, optional]),
      [
        ['id', 'id', 'integer', false],
        ['born', 'born', 'date', false],
        ["['first.name']", 'first_name', undefined, true],
        ['tags', 'tags', 'array', true],
        ['owner.name', 'owner_name', undefined, false],
        ['tags.0.label', 'tags_label', undefined, true],
      ],
    );
    assert.deepEqual(call.parameters[0], { name: 'Accept', in: 'header', source: { value: 'application/json' } });
    const text = textOf(
      description({
        '/a': { get: { operationId: 'a', responses: { 200: { content: { 'application/json': { schema } } } } } },
      }),
      'maps/x/x-a.xml',
    );
    assert.match(text, /<!--[^>]*\n {6}<output path="id" context="id" type="integer"\/> {3}Its number\n/u);
  });

  it('expects what counts as success where that is not 2xx', () => {
    assert.deepEqual(callOf('get', { responses: { 302: {}, 404: {} } }).statuses, ['302']);
    assert.deepEqual(callOf('get', { responses: { 204: {}, 302: {} } }).statuses, []);
  });

  it('tells of references that lead nowhere, or to other addresses', () => {
    const root = description({
      '/a': {
        get: { parameters: [{ $ref: '#/components/parameters/Gone' }, { $ref: 'https://a.example/p.yaml#/x' }] },
      },
    });
    assert.deepEqual(
      imported(root).notes.map(({ of }) => of),
      ['#/components/parameters/Gone', 'https://a.example/p.yaml#/x'],
    );
  });

  it('leaves out a map that check refuses, with the reason', () => {
    const api = imported(
      description({ '/a': { get: { operationId: 'good' } }, '/b': { get: { operationId: 'bad' } } }),
      { name: 'x' },
    );
    const calls = api.calls.map((call) => (call.name === 'x-bad' ? { ...call, path: '/b/{= (( }' } : call));
    const { documents, notes, diagnostics } = takeDescription({ ...api, calls }, { withTests: true });
    assert.deepEqual(
      documents.map(({ path }) => path),
      ['services/x.xml', 'maps/x/x-good.xml', 'tests/x/x-good.test.xml'],
    );
    assert.match(notes.map(({ of, says }) => `${of} ${says}`).join(), /^GET \/b left out: [A-Z_]+ /u);
    assert.deepEqual(diagnostics, []);
  });

  it('takes no object for a text, whatever it is called', () => {
    const odd = { toString: 1 };
    const operation = {
      parameters: [{ name: 'n', in: 'query', required: true, schema: { enum: [odd, 'x'], default: odd } }],
      requestBody: {
        content: {
          'application/x-www-form-urlencoded': {
            schema: { properties: { address: { type: 'object', properties: { street: { type: 'string' } } } } },
            encoding: { address: { style: odd } },
          },
        },
      },
    };
    const parts: readonly JsonObject[] = [
      { servers: [{ url: 'https://{host}', variables: { host: { enum: [odd, 'a'], default: odd } } }] },
      { components: { securitySchemes: { s: { type: odd } } } },
      { components: { securitySchemes: { s: { type: 'http', scheme: odd } } } },
    ];
    for (const part of parts) {
      const root = description({ '/a': { post: operation } }, { security: [{ s: [odd, 'read'] }], ...part });
      const documents = apiDocuments(imported(root, { name: 'x' }));
      assert.ok(documents.length >= 2);
      assert.doesNotMatch(documents.map(({ text }) => text).join('\n'), /\[object /u);
    }
    assert.doesNotThrow(() => readDescription('{"openapi":"3.0.0","swagger":{"toString":1}}', 'a'));
  });

  it('makes something of any description, or says why not', () => {
    const words = fc.constantFrom(
      'get',
      'post',
      'parameters',
      'schema',
      'in',
      'name',
      'path',
      'query',
      '/a/{b}',
      '$ref',
      '#/paths',
      '#',
      'allOf',
      'oneOf',
      'type',
      'object',
      'array',
      'properties',
      'required',
      'requestBody',
      'content',
      'application/json',
      'responses',
      '200',
      'security',
      'items',
      'servers',
      'variables',
      'enum',
      'default',
      'toString',
      '__proto__',
      'x"<{',
    );
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        words,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(words, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('/a', '/b/{c}', '/d/{'), fc.dictionary(words, tree)),
        tree,
        (paths, more) => {
          const root: JsonObject = {
            openapi: '3.1.0',
            info: more,
            paths,
            components: more,
            security: more,
            servers: more,
          };
          try {
            apiDocuments(importOpenApi({ root, files: new Map() }, { name: 'x' }));
          } catch (thrown) {
            assert.ok(thrown instanceof MapwrightError, String(thrown));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('textOfPattern', () => {
  it('makes a text that the pattern matches, or none', () => {
    for (const pattern of [
      '^[a-z]{3}-\\d+$',
      '^(v(?:1|2)|x)\\.\\w{2,}$',
      'a?b*c+',
      '^[^a]x$',
      '^[^\\x00-\\x7F]$',
      '^$',
      '[\\d-]{4}',
      '\\.json$',
    ]) {
      const text = textOfPattern(pattern);
      assert.ok(text !== undefined && new RegExp(pattern, 'u').test(text), `${pattern} ${String(text)}`);
    }
    for (const pattern of ['(?=a)b', '(a', '[a', '\\p{L}', 'a{99999}', '(a{900}){900}'])
      assert.equal(textOfPattern(pattern), undefined, pattern);
  });
});
