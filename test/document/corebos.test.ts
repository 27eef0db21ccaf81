import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { WebserviceMap } from '../../src/document/map.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { readFixtures } from './fixtures.ts';

const fixtures = new Map(readFixtures().map((fixture) => [fixture.name, fixture.text]));

function readText(
  text: string,
  file = 'maps/Some Map.xml',
): { map: WebserviceMap; diagnostics: readonly Diagnostic[] } {
  const { documents, diagnostics } = readDocuments({ file, text });
  const [map] = documents;
  assert.ok(map?.kind === 'map');
  return { map, diagnostics };
}

function readFixture(name: string): WebserviceMap {
  const text = fixtures.get(`corebos/${name}.xml`);
  assert.ok(text !== undefined, name);
  return readText(text, `maps\\${name}.xml`).map;
}

/** A map with the given wsconfig additions and fields. */
function mapWith(parts: {
  readonly config?: string;
  readonly input?: string;
  readonly fields?: string;
  readonly response?: string;
}): string {
  return `<map><wsconfig><wsurl>https://shop.example</wsurl><wshttpmethod>POST</wshttpmethod><wstype>REST</wstype>
<inputtype>${parts.input ?? 'JSON'}</inputtype><outputtype>JSON</outputtype>${parts.config ?? ''}</wsconfig>
<fields>${parts.fields ?? ''}</fields>${parts.response ?? ''}</map>`;
}

test('the published maps are read with their calls', () => {
  const calls = [
    'valid/coreBOSSyncChallenge',
    'warning/coreBOSSyncLogin',
    'valid/ProductSyncCreate',
    'valid/ProductSyncUpdate',
  ]
    .concat(
      'valid/coreBOSSyncLogout',
      'warning/facturascripts-divisas',
      'valid/context-token-get',
      'valid/vies-checkvat-soap',
    )
    .map(readFixture)
    .map(({ name, module, call }) => [name, module?.value, call.protocol, call.method, call.wire, call.body]);
  assert.deepEqual(calls, [
    ['coreBOSSyncChallenge', 'Products', 'rest', 'GET', 'corebos-query', 'none'],
    ['coreBOSSyncLogin', 'Products', 'rest', 'POST', 'corebos-form', 'form'],
    ['ProductSyncCreate', 'Products', 'rest', 'POST', 'corebos-form', 'form'],
    ['ProductSyncUpdate', 'Products', 'rest', 'POST', 'corebos-form', 'form'],
    ['coreBOSSyncLogout', 'Products', 'rest', 'GET', 'corebos-query', 'none'],
    ['facturascripts-divisas', 'Accounts', 'rest', 'GET', 'corebos-restful', 'json'],
    ['context-token-get', 'Accounts', 'rest', 'GET', 'corebos-json', 'json'],
    ['vies-checkvat-soap', 'Accounts', 'soap', 'POST', 'corebos-json', 'json'],
  ]);
});

test('the create map: empty header pair ignored, expression kept over its lines, answer to a field and the context', () => {
  const map = readFixture('valid/ProductSyncCreate');
  const element = map.parameters.find(({ name }) => name === 'element')?.source;
  assert.deepEqual(
    map.parameters.map(({ name, in: where }) => [name, where]),
    [
      ['Content-type', 'header'],
      ['operation', undefined],
      ['sessionName', undefined],
      ['elementType', undefined],
      ['element', undefined],
    ],
  );
  assert.ok(element?.kind === 'parts');
  assert.equal(element.parts[0]?.source, 'expression');
  assert.equal(element.parts[0]?.text.value.split('\n').length, 5);
  assert.deepEqual(
    map.response.outputs.map(({ from, field, context, optional }) => [
      from?.value,
      field?.value,
      context?.value,
      optional,
    ]),
    [['result.id', 'description', 'wsctx_result.id', true]],
  );
});

test('every kind of part, constants, delimiters, Basic authentication and the time limit', () => {
  const map = readFixture('valid/every-part');
  const fields = map.parameters.filter(({ in: where }) => where !== 'header');
  assert.deepEqual(
    fields.map(({ name, source }) =>
      source.kind === 'parts'
        ? [name, source.parts.map((part) => `${part.source}:${part.text.value}`).join('|'), source.delimiter]
        : [name, source.kind],
    ),
    [
      ['plain', 'name:accountname', ''],
      ['const', 'const: kept ', ''],
      ['field', 'field:phone', ''],
      ['template', 'template:$firstname $lastname', ''],
      ['expression', "expression:concat('a', 'b')", ''],
      ['rule', 'rule:42x7', ''],
      ['value', 'value'],
      ['two', 'name:a|name:b', ', '],
    ],
  );
  assert.deepEqual(
    [map.call.legacy?.basic?.user.value, map.call.legacy?.basic?.password.value, map.call.timeouts.totalMs],
    ['u', 'p', 2500],
  );
  assert.deepEqual(
    map.response.outputs.map(({ from, field, context }) => [from?.value, field?.value, context?.value]),
    [
      ['result.id', 'remote', 'wsctx_result.id'],
      ['result', undefined, 'wsctx_result'],
    ],
  );
  assert.deepEqual(map.switches, { rawValues: false, strictPaths: false });
  assert.deepEqual(readFixture('valid/switches').switches, { rawValues: true, strictPaths: true });
});

test('a header is what stands before and after the first colon of its joined texts', () => {
  const header = (children: string): unknown => {
    const { map } = readText(mapWith({ config: `<wsheader><header>${children}</header></wsheader>` }));
    return map.parameters.map(({ name, source }) => [
      name,
      source.kind === 'legacy-text' ? source.text.value : source.kind,
    ]);
  };
  assert.deepEqual(header('<keyname>Authorization:Bearer</keyname><keyvalue>getContext(t)</keyvalue>'), [
    ['Authorization', 'Bearer:getContext(t)'],
  ]);
  assert.deepEqual(header('<keyname> X </keyname><keyvalue> a:b </keyvalue>'), [['X', 'a:b']]);
  assert.deepEqual(header('<keyname>X</keyname>'), [['X', '']]);
  assert.deepEqual(header('<keyname/><keyvalue/>'), []);
  assert.deepEqual(header(''), []);
});

test('JSON input is sent as a form with the content types that do so in the original', () => {
  const bodyWith = (type: string, input = 'JSON'): string => {
    const header = `<wsheader><header><keyname>content-Type</keyname><keyvalue>${type}</keyvalue></header></wsheader>`;
    return readText(mapWith({ input, config: header })).map.call.body;
  };
  assert.equal(bodyWith('application/x-www-form-urlencoded'), 'form');
  assert.equal(bodyWith('Application/X-WWW-Form-Urlencoded; charset=utf-8', 'URLRESTFUL'), 'form');
  assert.equal(bodyWith('multipart/form-data'), 'form');
  assert.equal(bodyWith('text/plain'), 'form');
  assert.equal(bodyWith('application/json'), 'json');
  assert.equal(bodyWith('getSetting(type)'), 'json');
  assert.equal(bodyWith('application/json', 'URL'), 'none');
});

test('a repeated field keeps its first place and its last definition', () => {
  const { map } = readText(
    mapWith({
      fields: `<field><fieldname>a</fieldname><value>1</value></field><field><fieldname>b</fieldname><value>2</value></field>
<field><fieldname> a </fieldname><value>3</value></field><field><fieldname>b</fieldname></field>`,
    }),
  );
  assert.deepEqual(
    map.parameters.map(({ name, source }) => [name, source.kind === 'value' ? source.text : source.kind]),
    [
      ['a', '3'],
      ['b', '2'],
    ],
  );
});

test('one path may have several destinations', () => {
  const field = (name: string): string =>
    `<field><fieldname>id</fieldname><destination><context>${name}</context></destination></field>`;
  const { map } = readText(mapWith({ response: `<Response>${field('x')}${field('y')}</Response>` }));
  assert.deepEqual(
    map.response.outputs.map(({ context }) => context?.value),
    ['x', 'y'],
  );
});

test('when the original would read no answer, nothing is read', () => {
  const { map } = readText(
    mapWith({ response: '<Response><field><fieldname>id</fieldname></field></Response>' }).replace(
      '<outputtype>JSON',
      '<outputtype>TEXT',
    ),
  );
  assert.deepEqual([map.response.format, map.response.outputs], ['raw', []]);
});

test('an entity-encoded text is read, with the places of the text as it stands', () => {
  const text = mapWith({ fields: '<field><fieldname>caf&eacute;</fieldname><value>v</value></field>' })
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  const { map, diagnostics } = readText(text);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['COREBOS_ENTITY_ENCODED'],
  );
  const [parameter] = map.parameters;
  assert.equal(parameter?.name, 'café');
  assert.equal(
    text.slice(parameter?.range.start.offset, parameter?.range.end.offset).startsWith('&lt;field&gt;'),
    true,
  );
});

test('a map whose file has no name is refused', () => {
  const { documents, diagnostics } = readDocuments({ file: '.xml', text: mapWith({}) });
  assert.deepEqual([documents.length, diagnostics.map(({ code }) => code)], [0, ['COREBOS_NAME_MISSING']]);
});

test('a key in an expression is pointed at', () => {
  const text = fixtures.get('corebos/warning/coreBOSSyncLogin.xml') ?? '';
  const [diagnostic] = readText(text).diagnostics;
  assert.equal(text.slice(diagnostic?.range.start.offset, diagnostic?.range.end.offset), 'Zk4wQm8tYx2Rv6L');
});
