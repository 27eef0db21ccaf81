import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { apiDocuments } from '../../../src/import/description/api-documents.ts';
import { importPostman, type PostmanChoice } from '../../../src/import/postman/import-postman.ts';
import { takeDescription } from '../../../src/runtime/import/description-import.ts';
import { TestInstall } from '../../whole/install-fixture.ts';
import { echoPeer } from '../curl/echo-peer.ts';

function collection(item: readonly Json[], more: JsonObject = {}): JsonObject {
  return {
    info: { name: 'My Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item,
    ...more,
  };
}

function taken(value: Json, choice: Partial<PostmanChoice> = {}): ReturnType<typeof importPostman> {
  return importPostman(value, { file: 'c.json', ...choice });
}

function get(name: string, url: Json, more: JsonObject = {}): JsonObject {
  return { name, request: { method: 'GET', url, ...more } };
}

const KEY = {
  type: 'apikey',
  apikey: [
    { key: 'key', value: 'X-Shop' },
    { key: 'value', value: 'S3CR3T' },
    { key: 'in', value: 'header' },
  ],
};

describe('importPostman', () => {
  it('makes maps that send what the requests say', async (t) => {
    const peer = await echoPeer(t);
    const post = (mode: string, body: JsonObject, header: readonly JsonObject[] = []): JsonObject => ({
      method: 'POST',
      header,
      body: { mode, ...body },
      url: `{{base}}/${mode}`,
    });
    const value = collection(
      [
        get('One order', {
          raw: '{{base}}/orders/:id/x?a=1&off=2&b={{part}}',
          query: [
            { key: 'a', value: '1' },
            { key: 'off', value: '2', disabled: true },
            { key: 'b', value: '{{part}}' },
          ],
        }),
        {
          name: 'Folder',
          item: [
            {
              name: 'Add',
              request: post(
                'raw',
                { raw: '{"n": 1, "to": "{{part}}", "in": {"x": ["y"]}}', options: { raw: { language: 'json' } } },
                [
                  { key: 'X-A', value: 'b' },
                  { key: 'X-Off', value: 'c', disabled: true },
                ],
              ),
            },
            {
              name: 'Form',
              request: post('urlencoded', {
                urlencoded: [
                  { key: 'a', value: 'x y' },
                  { key: 'b', value: '', disabled: true },
                ],
              }),
            },
            {
              name: 'Ask',
              request: post('graphql', { graphql: { query: 'query { a(b: "c") { d } }', variables: '{"v": 1}' } }),
            },
          ],
        },
        get('By address', '{{base}}/plain'),
      ],
      {
        variable: [
          { key: 'base', value: `${peer.url}/v1` },
          { key: 'part', value: 'p&q' },
        ],
      },
    );
    const api = taken(value, { name: 'shop' });
    const { documents } = takeDescription(api, { withTests: false });
    const settings = Object.fromEntries(api.wanted.map(({ name, proposed = '' }) => [name, proposed]));
    const sources = documents.map(({ path, text }) => ({ file: path, text }));
    const { install } = await TestInstall.open(t, { documents: sources, settings, worker: false });
    for (const { name } of api.calls) {
      const { failure } = await install.administration.tryMap({
        map: name,
        documents: [],
        record: {},
        context: { id: 'o/1' },
        send: true,
      });
      assert.equal(failure, undefined, JSON.stringify([failure, sources]));
    }
    assert.deepEqual(
      peer.arrived.map(({ method, url }) => `${method} ${url}`),
      [
        'GET /v1/orders/o%2F1/x?a=1&b=p%26q',
        'POST /v1/raw',
        'POST /v1/urlencoded',
        'POST /v1/graphql',
        'GET /v1/plain',
      ],
    );
    assert.deepEqual(JSON.parse(peer.arrived[1]?.body ?? ''), { n: 1, to: 'p&q', in: { x: ['y'] } });
    assert.deepEqual([peer.arrived[1]?.headers['x-a'], peer.arrived[1]?.headers['x-off']], ['b', undefined]);
    assert.equal(peer.arrived[2]?.body, 'a=x+y');
    assert.deepEqual(JSON.parse(peer.arrived[3]?.body ?? ''), {
      query: 'query { a(b: "c") { d } }',
      variables: { v: 1 },
    });
    assert.deepEqual(
      api.calls.map(({ name }) => name),
      ['shop-one-order', 'shop-add', 'shop-form', 'shop-ask', 'shop-by-address'],
    );
  });

  it('takes the login of a request from the nearest that says one, and no secret with it', () => {
    const bearer = { type: 'bearer', bearer: [{ key: 'token', value: 'S3CR3T' }] };
    const api = taken(
      collection(
        [
          get('a', 'https://a.example'),
          {
            name: 'f',
            auth: bearer,
            item: [
              get('b', 'https://a.example'),
              {
                name: 'g',
                item: [get('c', 'https://a.example'), get('d', 'https://a.example', { auth: { type: 'noauth' } })],
              },
            ],
          },
          get('e', 'https://a.example', {
            auth: {
              type: 'basic',
              basic: [
                { key: 'username', value: '{{user}}' },
                { key: 'password', value: 'S3CR3T' },
              ],
            },
          }),
        ],
        { auth: KEY },
      ),
      { name: 'x' },
    );
    assert.deepEqual(
      api.calls.map(({ service }) => service),
      ['x', 'x-2', 'x-2', 'x-3', 'x-4'],
    );
    assert.deepEqual(
      api.services.map(({ credential }) => credential),
      ['x', 'x-2', undefined, 'x-3'],
    );
    const text = apiDocuments(api)
      .map((one) => one.text)
      .join('\n');
    assert.ok(
      text.includes('<send header="X-Shop" prefix=""/>') &&
        text.includes('<login user="{setting.x_user}" secret="x-password"/>'),
      text,
    );
    assert.ok(!JSON.stringify([api, text]).includes('S3CR3T'));
  });

  it('knows the logins of version 2.0, AWS and OAuth 2.0', () => {
    const auths: readonly (readonly [auth: JsonObject, part: string])[] = [
      [{ type: 'basic', basic: { username: 'anna', password: 'S3CR3T' } }, '<login user="anna" secret="x-password"/>'],
      [{ type: 'digest', digest: [{ key: 'username', value: 'anna' }] }, 'kind="digest"'],
      [
        {
          type: 'awsv4',
          awsv4: [
            { key: 'accessKey', value: 'AKIA1' },
            { key: 'region', value: 'eu-west-1' },
            { key: 'service', value: 's3' },
          ],
        },
        '<aws access-key="AKIA1"',
      ],
      [
        {
          type: 'oauth2',
          oauth2: [
            { key: 'grant_type', value: 'client_credentials' },
            { key: 'accessTokenUrl', value: 'https://l.example/t' },
            { key: 'clientId', value: 'crm' },
            { key: 'clientSecret', value: 'S3CR3T' },
            { key: 'scope', value: 'a b' },
          ],
        },
        '<client id="crm" secret="x-client"/>',
      ],
    ];
    for (const [auth, part] of auths) {
      const api = taken(collection([get('a', 'https://a.example')], { auth }), { name: 'x' });
      const text = apiDocuments(api)
        .map((one) => one.text)
        .join('\n');
      assert.ok(text.includes(part) && !text.includes('S3CR3T'), text);
      assert.deepEqual(takeDescription(api, { withTests: true }).diagnostics, []);
    }
    const api = taken(collection([get('a', 'https://a.example')], { auth: { type: 'hawk' } }));
    assert.match(api.notes.map(({ says }) => says).join(), /hawk/u);
  });

  it('makes settings of variables, and secrets of those that look like one', () => {
    const environment = {
      values: [
        { key: 'host', value: 'https://test.example', enabled: true },
        { key: 'token', value: 'S3CR3T' },
      ],
    };
    const value = collection(
      [get('a', '{{host}}/a?t={{token}}&z={{zone}}', { header: [{ key: 'X-T', value: 'v {{token}}' }] })],
      { variable: [{ key: 'host', value: 'https://live.example' }] },
    );
    const api = taken(value, { name: 'x', environment });
    assert.equal(api.services[0]?.url, '{setting.x_host}');
    assert.deepEqual(
      api.wanted.map(({ kind, name, proposed }) => [kind, name, proposed]),
      [
        ['setting', 'x_host', 'https://test.example'],
        ['secret', 'x-token', undefined],
        ['setting', 'x_zone', undefined],
      ],
    );
    assert.ok(!JSON.stringify(api).includes('S3CR3T'));
    assert.deepEqual(takeDescription(api, { withTests: true }).diagnostics, []);
  });

  it('takes the folders that are chosen, and tells of scripts and of requests without an address', () => {
    const event = [{ listen: 'test', script: { exec: ['pm.test()'] } }];
    const value = collection([
      { name: 'A', item: [get('a', 'https://a.example'), get('b', '')] },
      { name: 'B', event, item: [get('c', 'https://a.example')] },
    ]);
    assert.deepEqual(
      taken(value, { folders: ['A'] }).calls.map(({ label }) => label),
      ['a'],
    );
    assert.deepEqual(
      taken(value).notes.map(({ of }) => of),
      ['b', 'c'],
    );
    assert.throws(() => taken(value, { folders: ['C'] }), { code: 'IMPORT_FOLDER_UNKNOWN' });
  });

  it('takes no object for a text, whatever it is called', () => {
    const odd = { toString: 1 };
    const value = collection(
      [
        {
          name: odd,
          event: [{ script: { exec: [odd] } }],
          request: {
            method: odd,
            auth: { type: odd, basic: [{ key: odd, value: odd }] },
            url: { protocol: 'https', host: ['a', { value: 'example' }], path: [{ type: 'string', value: 'x' }, odd] },
            body: { mode: 'raw', raw: '{}', options: { raw: { language: odd } } },
          },
        },
      ],
      { variable: [{ key: 'v', value: odd }] },
    );
    const { calls, services } = taken(
      { ...value, info: { ...(value['info'] as JsonObject), name: odd } },
      { name: 'x' },
    );
    assert.deepEqual([services[0]?.url, calls[0]?.path], ['https://a.example', '/x/']);
  });

  it('refuses what is no collection', () => {
    for (const value of [null, [], 'x', {}, { info: {} }, { requests: [] }, { values: [] }, { openapi: '3.0.0' }]) {
      assert.throws(() => taken(value), { code: 'IMPORT_POSTMAN_UNKNOWN' }, JSON.stringify(value));
    }
    assert.equal(taken({ collection: collection([get('a', 'https://a.example')]) }).calls.length, 1);
  });
});
