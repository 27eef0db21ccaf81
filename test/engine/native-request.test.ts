import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tryTexts } from './map-trial.ts';

const MODULE = `<module xmlns="urn:mapwright:1" name="Things" prefix="40" title="name">
  <field name="name" type="string" length="100"/>
  <field name="price" type="currency"/>
  <field name="count" type="integer"/>
  <field name="folder" type="string" length="100"/>
</module>`;

const SERVICE = `<service xmlns="urn:mapwright:1" name="s" url="{setting.base}/v2">
  <header name="X-One" value="service"/>
  <header name="X-Two" value="service"/>
</service>`;

function map(call: string, parameters: string, rest = ''): string {
  return `<map xmlns="urn:mapwright:1" name="m" module="Things" service="s">${call}
    <parameters>${parameters}</parameters>${rest}</map>`;
}

async function send(text: string, input: Partial<Parameters<typeof tryTexts>[0]> = {}) {
  return tryTexts({
    documents: [text, MODULE, SERVICE],
    map: 'm',
    settings: { base: 'http://peer.example' },
    record: { name: 'Ann & "Bo"', price: 1.5, count: null, folder: 'a/b ü' },
    ...input,
  });
}

describe('native requests', () => {
  it('puts path, query, header and body parameters in their places, encoded for them', async () => {
    const { sent } = await send(
      map(
        '<call method="POST" path="/folders/{folder}/files"/>',
        `<parameter name="folder" field="folder"/>
         <parameter name="q" in="query" value="a&amp;b c"/>
         <parameter name="list" in="query" jsonata="['x','y']"/>
         <parameter name="x-two" in="header" value="map"/>
         <parameter name="name" field="name"/>
         <parameter name="price" field="price"/>
         <parameter name="count" field="count"/>`,
      ),
    );
    assert.equal(sent?.method, 'POST');
    assert.equal(sent?.url, 'http://peer.example/v2/folders/a%2Fb%20%C3%BC/files?q=a%26b%20c&list=x&list=y');
    assert.deepEqual(JSON.parse(String(sent?.body)), { name: 'Ann & "Bo"', price: 1.5, count: null });
    const headers = Object.fromEntries(sent?.headers ?? []);
    assert.equal(headers['Content-Type'], 'application/json');
    assert.equal(headers['X-One'], 'service');
    assert.equal(headers['x-two'], 'map');
    assert.equal(headers['X-Two'], undefined);
    assert.equal(headers['Idempotency-Key'], 'mw-here-0-m');
  });

  it('sends everything in the query for GET, and no body', async () => {
    const { sent } = await send(map('<call method="GET"/>', '<parameter name="name" field="name"/>'));
    assert.equal(sent?.url, 'http://peer.example/v2?name=Ann%20%26%20%22Bo%22');
    assert.equal(sent?.body, undefined);
  });

  it('posts a form with nested JSON in it', async () => {
    const { sent } = await send(
      map(
        '<call method="POST" body="form"/>',
        `<parameter name="op" value="create"/>
         <parameter name="element" encode="json"><parameter name="name" field="name"/></parameter>`,
      ),
    );
    const form = new URLSearchParams(String(sent?.body));
    assert.deepEqual(
      [...form],
      [
        ['op', 'create'],
        ['element', '{"name":"Ann & \\"Bo\\""}'],
      ],
    );
  });

  it('writes a text body from a template, escaped for JSON when it is JSON', async () => {
    const text = map(
      '<call method="POST" body="text" content-type="application/json"/>',
      '',
      '<body>{ "name": "{record.name}", "n": {= 1 + 1 } }</body>',
    );
    const { sent } = await send(text);
    assert.deepEqual(JSON.parse(String(sent?.body)), { name: 'Ann & "Bo"', n: 2 });
  });

  it('always gives a list for type="array"', async () => {
    const { sent } = await send(
      map(
        '<call method="POST"/>',
        `<parameter name="lines" each="[{'sku': 'A'}]" type="array">
           <parameter name="sku" jsonata="item.sku"/>
         </parameter>`,
      ),
    );
    assert.deepEqual(JSON.parse(String(sent?.body)), { lines: [{ sku: 'A' }] });
  });

  for (const [rule, body] of [
    ['send', { empty: '', kept: 'x' }],
    ['omit', { kept: 'x' }],
    ['null', { empty: null, kept: 'x' }],
  ] as const) {
    it(`treats an empty field as when-empty="${rule}" says`, async () => {
      const { sent } = await send(
        map(
          '<call method="POST"/>',
          `<parameter name="empty" field="name" when-empty="${rule}"/><parameter name="kept" value="x"/>`,
        ),
        { record: { name: '' } },
      );
      assert.deepEqual(JSON.parse(String(sent?.body)), body);
    });
  }
});

describe('native requests that cannot be built', () => {
  const cases: readonly [title: string, parameters: string, code: string][] = [
    ['an empty required parameter', '<parameter name="n" field="count" required="true"/>', 'PARAMETER_EMPTY'],
    ['a context key that is not there', '<parameter name="n" context="nope"/>', 'PARAMETER_SOURCE_MISSING'],
    ['a setting that is not set', '<parameter name="n" setting="nope"/>', 'PARAMETER_SOURCE_MISSING'],
    ['a secret that is not stored', '<parameter name="n" secret="nope"/>', 'SECRET_MISSING'],
    ['text that is no integer', '<parameter name="n" field="name" type="integer"/>', 'PARAMETER_TYPE'],
  ];
  for (const [title, parameters, code] of cases) {
    it(`sends nothing for ${title}`, async () => {
      const { sent, trial } = await send(map('<call method="POST"/>', parameters));
      assert.equal(sent, undefined);
      assert.equal(trial.failure?.code, code);
    });
  }

  it('takes the default for a name that is not there', async () => {
    const { sent } = await send(map('<call method="POST"/>', '<parameter name="n" context="nope" default="d"/>'));
    assert.deepEqual(JSON.parse(String(sent?.body)), { n: 'd' });
  });

  for (const folder of ['', '.', '..']) {
    it(`never sends to a path with "${folder}" in it`, async () => {
      const text = map('<call method="DELETE" path="/folders/{folder}"/>', '<parameter name="folder" field="folder"/>');
      const { sent, trial } = await send(text, { record: { folder } });
      assert.equal(sent, undefined);
      assert.notEqual(trial.failure, undefined);
    });
  }

  it('says that a service has no usable address', async () => {
    const text = map('<call method="GET"/>', '<parameter name="n" value="x"/>');
    const { sent, trial } = await send(text, { settings: { base: 'ftp://peer' } });
    assert.equal(sent, undefined);
    assert.equal(trial.failure?.code, 'URL_INVALID');
  });
});

describe('secrets in what is shown', () => {
  it('shows dots for a secret, what is computed from it, and in every form it travels in', async () => {
    const secret = 'very-s3cret/value=';
    const { sent, trial } = await send(
      map(
        '<call method="POST" body="form"/>',
        `<parameter name="plain" secret="k"/>
         <parameter name="digest" template="{context.salt}{secret.k}" encode="md5"/>
         <parameter name="coded" template="user:{secret.k}" encode="base64"/>`,
      ),
      { secrets: { k: secret }, context: { salt: 'abc' }, answer: { body: JSON.stringify({ echo: secret }) } },
    );
    const form = new URLSearchParams(String(sent?.body));
    assert.equal(form.get('plain'), secret);
    const shown = JSON.stringify(trial);
    for (const text of [secret, form.get('digest') ?? '', form.get('coded') ?? '', encodeURIComponent(secret)]) {
      assert.ok(!shown.includes(text), `${text} is shown`);
    }
  });
});
