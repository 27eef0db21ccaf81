import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Document } from '../../src/document/document.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { readFixtures } from './fixtures.ts';

const fixtures = new Map(readFixtures().map((fixture) => [fixture.name, fixture.text]));

function read<K extends Document['kind']>(
  kind: K,
  name: string,
): { document: Extract<Document, { kind: K }>; text: string } {
  const text = fixtures.get(`${name}.xml`);
  assert.ok(text !== undefined, name);
  const { documents } = readDocuments({ file: `${name}.xml`, text });
  const document = documents.find((candidate): candidate is Extract<Document, { kind: K }> => candidate.kind === kind);
  assert.ok(document);
  return { document, text };
}

test('a map carries its call, the sources of its parameters and its outputs', () => {
  const { document: map } = read('map', 'map/valid/sources');
  assert.deepEqual(
    [map.dialect, map.name, map.label, map.author, map.description, map.module?.value, map.service?.value],
    ['native', 'send', 'Send', 'Ann', 'Every source once.', 'Orders', 'shop'],
  );
  const { call } = map;
  assert.deepEqual(
    [call.protocol, call.method, call.path?.value, call.url, call.body, call.wire, call.inDoubt, call.timeouts],
    ['rest', 'POST', '/orders/{field}', undefined, 'multipart', 'native', 'ask', { connectMs: 5000, totalMs: 60_000 }],
  );
  assert.deepEqual(
    map.parameters.map(({ name, in: where, source }) => [name, where, source.kind]),
    [
      ['X-Run', 'header', 'template'],
      ['literal', undefined, 'value'],
      ['field', undefined, 'field'],
      ['context', undefined, 'context'],
      ['input', undefined, 'input'],
      ['setting', undefined, 'setting'],
      ['secret', undefined, 'secret'],
      ['template', undefined, 'template'],
      ['jsonata', undefined, 'jsonata'],
      ['long', undefined, 'jsonata'],
      ['legacy', undefined, 'legacy'],
      ['rule', undefined, 'rule'],
      ['file', undefined, 'file'],
      ['text', undefined, 'template'],
      ['nested', undefined, 'nested'],
      ['q', 'query', 'value'],
      ['braces', undefined, 'value'],
    ],
  );
  assert.deepEqual(
    map.response.outputs.map(({ from, value, jsonata, field, context, on }) => [
      from?.value ?? value ?? jsonata?.value,
      field?.value,
      context?.value,
      on,
    ]),
    [
      ['id', 'remote_id', undefined, 'success'],
      ['a.b', 'remote_url', 'url', 'success'],
      ['', 'result', undefined, 'success'],
      ['error', 'result', undefined, 'failure'],
      ['$count(response.body.items)', undefined, 'items', 'success'],
      ['response.body.total', undefined, 'total', 'success'],
    ],
  );
  assert.deepEqual(
    map.response.expectations.map(({ statuses }) => statuses),
    [['201']],
  );
  assert.deepEqual(map.onError?.retry, {
    kind: 'fixed',
    times: 3,
    everyMs: 60_000,
    on: ['network', 'timeout', '429', '5xx'],
  });
});

test('the options of a parameter and its nested parameters are kept, with their paths', () => {
  const { document: map } = read('map', 'map/valid/sources');
  const named = (name: string) => map.parameters.find((parameter) => parameter.name === name);
  assert.deepEqual(
    [named('context')?.defaultValue, named('context')?.whenEmpty, named('input')?.required, named('secret')?.encode],
    ['', 'omit', true, 'sha256'],
  );
  assert.deepEqual(
    [named('secret')?.sensitive, named('jsonata')?.type, named('jsonata')?.description],
    [true, 'number', 'Total'],
  );
  const file = named('file')?.source;
  assert.ok(file?.kind === 'file');
  assert.deepEqual(
    [file.name.value, named('file')?.filename?.value, named('file')?.contentType?.value],
    ['signed_copy', '{record.no}.pdf', 'application/pdf'],
  );
  const nested = named('nested')?.source;
  assert.ok(nested?.kind === 'nested');
  assert.deepEqual(
    nested.parameters.map(({ name, path, each, type }) => [name, path, each?.value, type]),
    [
      ['a', '/map/parameters/parameter[14]/parameter[1]', undefined, 'integer'],
      ['lines', '/map/parameters/parameter[14]/parameter[2]', 'record.lines', 'array'],
    ],
  );
});

test('an expression knows the place of each of its characters', () => {
  const { document: map, text } = read('map', 'map/valid/sources');
  const long = map.parameters.find((parameter) => parameter.name === 'long')?.source;
  assert.ok(long?.kind === 'jsonata');
  assert.equal(long.text.value, 'record.price > 5 and record.price < 9 ? "mid" : "other"');
  const at = long.text.positionAt(long.text.value.indexOf('"mid"'));
  assert.equal(at.offset, text.indexOf('"mid"'));
  assert.equal(at.line, text.slice(0, at.offset).split('\n').length);
});

test('of a body only the line break after its start and the indentation before its end are dropped', () => {
  const { document: map, text } = read('map', 'map/valid/body-text');
  assert.equal(map.body?.value, 'Order {record.order_no}\n  { "a": 1 }\n');
  assert.equal(map.body?.positionAt(0).offset, text.indexOf('Order {'));
  assert.deepEqual(map.call.timeouts, { connectMs: undefined, totalMs: 30_000 });
  const bodyOf = (body: string): string | undefined => {
    const xml = `<map xmlns="urn:mapwright:1" name="a"><call method="POST" body="text"/><body>${body}</body></map>`;
    const [map] = readDocuments({ file: 'a.xml', text: xml }).documents;
    return map?.kind === 'map' ? map.body?.value : undefined;
  };
  assert.deepEqual(['  a  ', '\n\na', 'a\n', '\n', '\n  ', '', 'a \n\t '].map(bodyOf), [
    '  a  ',
    '\na',
    'a\n',
    '',
    '',
    '',
    'a \n',
  ]);
});

test('a service carries limits, headers, expectations and its error plan', () => {
  const { document: service } = read('service', 'service/valid/everything');
  assert.deepEqual(service.timeouts, { connectMs: 500, totalMs: 120_000 });
  assert.deepEqual(service.limit, {
    concurrent: 4,
    perSecond: undefined,
    perMinute: undefined,
    retryAfterMs: undefined,
  });
  assert.deepEqual(service.renewOn, ['AUTHENTICATION_REQUIRED', '401']);
  assert.equal(service.trace, false);
  assert.deepEqual(
    [
      service.url.value,
      service.credential?.value,
      service.product,
      service.productVersion,
      service.apiVersion,
      service.logo,
    ],
    ['{setting.shop_url}/api', 'shop-login', 'Shop', '7', '2', 'shop.svg'],
  );
  assert.deepEqual(
    service.headers.map(({ name, in: where }) => [name, where]),
    [
      ['Accept', 'header'],
      ['Authorization', 'header'],
      ['X-Time', 'header'],
    ],
  );
  assert.deepEqual(
    service.expectations.map(({ statuses, when, code }) => [statuses, when?.value, code?.value]),
    [
      [['2xx', '404'], undefined, undefined],
      [undefined, 'response.body.ok', '{response.body.code}'],
    ],
  );
  assert.deepEqual(service.onError?.retry, {
    kind: 'growing',
    fromMs: 5000,
    growth: 1.5,
    toMs: 3_600_000,
    withinMs: 259_200_000,
    times: 9,
    on: ['network', 'timeout', '429', '5xx'],
  });
  assert.deepEqual(
    service.onError?.notify?.map(({ to, template }) => [to.map(({ value }) => value), template?.value]),
    [[['owner', 'user:anna', 'group:Sales'], 'Order not sent']],
  );
  assert.equal(service.onError?.abortTo?.value, 'inbox');
});

test('a set of fields or of the context reads its source beside the name that it sets', () => {
  const source = (task: string): unknown => {
    const xml = `<workflow xmlns="urn:mapwright:1" name="w" module="M"><trigger on="create"/><tasks>${task}</tasks></workflow>`;
    const [workflow] = readDocuments({ file: 'w.xml', text: xml }).documents;
    const [first] = workflow?.kind === 'workflow' ? workflow.tasks : [];
    assert.ok(first !== undefined && 'sets' in first);
    const [set] = first.sets;
    return set?.source.kind === 'field' || set?.source.kind === 'context'
      ? [set.source.kind, set.source.name.value]
      : set;
  };
  assert.deepEqual(source('<set-fields id="a"><set field="a" context="b"/></set-fields>'), ['context', 'b']);
  assert.deepEqual(source('<expression id="a"><set context="a" field="b"/></expression>'), ['field', 'b']);
});

test('a module carries its definition and where each field is declared', () => {
  const { document: module, text } = read('module', 'module/valid/every-field-type');
  const { definition } = module;
  assert.deepEqual(
    [definition.name, definition.label, definition.prefix, definition.title],
    ['Things', 'Things', '77', 'title_name'],
  );
  assert.deepEqual(definition.fields[0], {
    name: 'title_name',
    label: 'Name',
    type: 'string',
    length: 255,
    mandatory: true,
    readOnly: false,
  });
  const status = definition.fields.find(({ name }) => name === 'status');
  assert.deepEqual(
    [status?.options, status?.optionLabels, status?.defaultValue],
    [['open', 'closed'], ['Open', 'closed'], 'open'],
  );
  assert.deepEqual(definition.fields.find(({ name }) => name === 'account_id')?.references, ['Accounts', 'Contacts']);
  assert.equal(module.fieldsAt.get('status')?.range.start.offset, text.indexOf('status" type'));
});

test('a workflow carries triggers and tasks; a choice without a name gets one', () => {
  const { document: workflow } = read('workflow', 'workflow/valid/everything');
  assert.deepEqual(
    [workflow.module?.value, workflow.stream, workflow.whenWaiting, workflow.keepCalls, workflow.active],
    ['Orders', 'second', 'pass', 'failures', false],
  );
  const [update, remove] = workflow.triggers;
  assert.deepEqual(
    [update?.on, update?.fields?.map(({ value }) => value), remove?.on],
    ['update', ['status', 'total'], 'delete'],
  );
  assert.equal(update?.guard.jsonata?.value, 'record.total > 0');
  assert.deepEqual(
    update?.guard.conditions.map(({ field, is, value }) => [field.value, is, value]),
    [['status', 'changed-to', 'Shipped']],
  );
  assert.deepEqual(
    workflow.tasks.map(({ kind, id }) => [kind, id]),
    [
      ['webservice', 'login'],
      ['webservice', 'send'],
      ['choose', 'choose-1'],
      ['set-fields', 'mark'],
      ['webservice', 'logout'],
      ['end', 'finish'],
    ],
  );
  const [login, send, choose, mark, logout] = workflow.tasks;
  assert.ok(login?.kind === 'webservice' && send?.kind === 'webservice' && logout?.kind === 'webservice');
  assert.deepEqual([login.renew, login.service?.value, login.always, logout.always], [true, 'shop', false, true]);
  assert.deepEqual(
    [send.onError?.abortTo?.value, send.guard.conditions.length, send.path],
    ['finish', 1, '/workflow/tasks/webservice[2]'],
  );
  assert.ok(choose?.kind === 'choose' && mark?.kind === 'set-fields');
  assert.deepEqual(
    choose.branches.map(({ guard, tasks }) => [
      guard.conditions.map(({ is }) => is),
      guard.jsonata?.value,
      tasks.map(({ id }) => id),
    ]),
    [
      [['empty'], undefined, ['create']],
      [['changed'], 'record.total > 100', []],
      [['not-empty'], undefined, ['stop']],
    ],
  );
  assert.deepEqual(
    choose.otherwise.map(({ id }) => id),
    ['update'],
  );
  assert.deepEqual(
    mark.sets.map(({ field, source, type }) => [field.value, source.kind, type]),
    [
      ['status', 'value', undefined],
      ['sent_at', 'jsonata', 'datetime'],
      ['note', 'template', undefined],
      ['payload', 'nested', undefined],
    ],
  );
});

test('the second of two tasks of one name points at the first', () => {
  const text = fixtures.get('workflow/invalid/task-twice.xml') ?? '';
  const [diagnostic] = readDocuments({ file: 'w.xml', text }).diagnostics;
  assert.equal(diagnostic?.related?.[0]?.range.start.offset, text.indexOf('send" map'));
  assert.equal(diagnostic?.path, '/workflow/tasks/webservice[2]');
});

test('a misspelt name gets a suggestion, a bare number a unit', () => {
  const hintOf = (name: string): string | undefined =>
    readDocuments({ file: 'x.xml', text: fixtures.get(name) ?? '' }).diagnostics[0]?.hint;
  assert.equal(hintOf('map/invalid/element-misspelt.xml'), 'did you mean "parameters"?');
  assert.equal(hintOf('module/invalid/field-attribute-unknown.xml'), 'did you mean "read-only"?');
  assert.equal(hintOf('service/invalid/timeout-without-unit.xml'), 'add a unit: 5s');
  assert.equal(hintOf('documents/invalid/no-namespace.xml'), 'add xmlns="urn:mapwright:1"');
});
