import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';
import type { SoapAnswer, SoapCall } from '../../src/core/soap.ts';
import { bodyOf, codeOf, readBody, soapFixture, SoapWorld, WSDL_URL } from './soap-peer.ts';

function orders(operation: string, values: JsonObject = {}): Promise<SoapCall> {
  return new SoapWorld({ [WSDL_URL]: soapFixture('orders.wsdl') }).prepare(operation, values);
}

function valueOf(answer: SoapAnswer): unknown {
  return answer.kind === 'result' ? answer.value : answer.kind;
}

const LINE = { id: '7', sku: 'A-1', quantity: '2', price: '1.50', gift: 'true' };
const LINE_XML = '<id>7</id><sku>A-1</sku><quantity>2</quantity><price>1.50</price><gift>true</gift>';
const TOTAL = { _: '3.00', currency: 'EUR' };

test('rpc: parts by their names, in the order of the message, as the original never could', async () => {
  const call = await orders('add', { b: '2.50', a: '1' });
  assert.equal(bodyOf(call), '<ns1:add><a>1</a><b>2.5</b></ns1:add>');
  assert.deepEqual(call.request.headers, [
    ['Content-Type', 'text/xml; charset=utf-8'],
    ['SOAPAction', '""'],
  ]);
  const answer = await readBody(call, '<o:addResponse><return>4</return></o:addResponse>');
  assert.deepEqual([valueOf(answer), answer.kind === 'result' && answer.parts], [4, { return: 4 }]);
});

test('rpc encoded: values and lists say their types; values that stand elsewhere are found', async () => {
  const call = await orders('list', { lines: [LINE] });
  assert.equal(
    bodyOf(call),
    '<ns1:list><lines SOAP-ENC:arrayType="ns1:Line[1]" xsi:type="ns1:Lines"><item xsi:type="ns1:Line"><id xsi:type="xsd:long">7</id>' +
      '<sku xsi:type="ns1:Sku">A-1</sku><quantity xsi:type="xsd:int">2</quantity><price xsi:type="xsd:decimal">1.50</price>' +
      '<gift xsi:type="xsd:boolean">true</gift></item></lines></ns1:list>',
  );
  assert.match(String(call.request.body), /SOAP-ENV:encodingStyle="http:\/\/schemas\.xmlsoap\.org\/soap\/encoding\/"/u);
  const answer = await readBody(
    call,
    `<o:listResponse><return enc:arrayType="o:Line[2]" xsi:type="enc:Array"><i href="#one"/><i xsi:type="o:Line"><id>8</id></i></return>
<count xsi:type="xsd:int">2</count></o:listResponse><multiRef id="one" enc:root="0" xsi:type="o:Line"><id>9</id><sku>X</sku></multiRef>`,
  );
  assert.deepEqual(valueOf(answer), { return: [{ id: 9, sku: 'X' }, { id: 8 }], count: 2 });
});

test('document: inherited members, groups, choices, lists, attributes and text with attributes', async () => {
  const line = { ...LINE, lang: 'de', tag: ['a', 'b'], below: null };
  const call = await orders('place', { total: TOTAL, line: [line, LINE] });
  assert.equal(
    bodyOf(call),
    `<ns1:place><line lang="de">${LINE_XML}<tag>a</tag><tag>b</tag><below xsi:nil="true"></below></line><line>${LINE_XML}</line>` +
      '<total currency="EUR">3</total></ns1:place>',
  );
  const answer = await readBody(
    call,
    '<o:placed><total currency="EUR">3.5</total><x:more xmlns:x="urn:x">1</x:more><x:more xmlns:x="urn:x">2</x:more></o:placed>',
    '1.2',
  );
  assert.deepEqual(valueOf(answer), {
    total: { _: 3.5, currency: 'EUR' },
    any: '<x:more xmlns:x="urn:x">1</x:more><x:more xmlns:x="urn:x">2</x:more>',
  });
});

test('SOAP 1.2: its envelope, its content type with the action, its faults', async () => {
  const call = await orders('place', { line: LINE, total: TOTAL });
  assert.match(String(call.request.body), /<env:Envelope xmlns:env="http:\/\/www\.w3\.org\/2003\/05\/soap-envelope"/u);
  assert.deepEqual(call.request.headers, [['Content-Type', 'application/soap+xml; charset=utf-8; action="urn:place"']]);
  const fault = `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>o:Late</s:Value></s:Subcode></s:Code>
<s:Reason><s:Text xml:lang="en">too late</s:Text><s:Text xml:lang="de">zu spät</s:Text></s:Reason><s:Detail><o:by>3 days</o:by></s:Detail></s:Fault>`;
  const answer = await readBody(call, fault, '1.2');
  assert.deepEqual(answer.kind === 'fault' && answer.fault, {
    code: 'Sender',
    subcode: 'Late',
    message: 'too late',
    actor: undefined,
    detail: { by: '3 days' },
  });
});

test('an element that is a text takes the one field there is; an operation without an answer is done when it is taken', async () => {
  const call = await orders('ping', { anything: 'hello' });
  assert.equal(bodyOf(call), '<ns1:ping>hello</ns1:ping>');
  const taken = await call.readAnswer({ status: 202, headers: [], body: new Uint8Array(), durationMs: 1 });
  assert.equal(taken.kind, 'result');
  assert.equal(await codeOf(orders('ping', { a: '1', b: '2' })), 'SOAP_PARAMETER_MISSING');
});

test('what cannot be sent is named with its place', async () => {
  const refusals: readonly [string, JsonObject, string, RegExp][] = [
    ['add', { a: '1' }, 'SOAP_PARAMETER_MISSING', /"b"/u],
    ['place', { line: { ...LINE, sku: { x: '1' } }, total: TOTAL }, 'SOAP_PARAMETER_INVALID', /"line\.sku"/u],
    ['place', { line: LINE, total: { _: '1' } }, 'SOAP_PARAMETER_MISSING', /"total\.currency"/u],
    ['place', { line: 'x', total: TOTAL }, 'SOAP_PARAMETER_INVALID', /"line"/u],
  ];
  for (const [operation, values, code, named] of refusals) {
    await assert.rejects(orders(operation, values), { code, message: named });
  }
});

test('numbers: spelt as their types are; text that is none goes out as far as it is one, and is told', async () => {
  const numbers: readonly [string, string, boolean][] = [
    ['7', '7', false],
    ['', '0', false],
    [' 7 ', '7', false],
    ['7.9', '7', true],
    ['12,50', '12', true],
    ['abc', '0', true],
    ['-9007199254740993', '-9007199254740993', false],
    ['1e3', '1000', false],
  ];
  for (const [given, sent, isTold] of numbers) {
    const call = await orders('add', { a: given, b: '0' });
    assert.equal(bodyOf(call), `<ns1:add><a>${sent}</a><b>0</b></ns1:add>`, given);
    assert.equal(call.warnings.length, isTold ? 1 : 0, given);
  }
});

test('numbers of an answer are numbers as far as they can be held', async () => {
  const call = await orders('add', { a: '1', b: '0' });
  const read = async (written: string): Promise<unknown> =>
    valueOf(await readBody(call, `<o:r><return>${written}</return></o:r>`));
  const held: readonly [string, unknown][] = [
    [' 42\n', 42],
    ['-7', -7],
    ['9007199254740993', '9007199254740993'],
    ['3.5', 3.5],
    ['0x10', '0x10'],
    ['INF', 'INF'],
    ['many', 'many'],
    ['', ''],
  ];
  for (const [written, value] of held) assert.deepEqual(await read(written), value, written);
});

test('whatever comes as an answer is read or refused, never thrown', async () => {
  const calls = await Promise.all([orders('add', { a: '1', b: '0' }), orders('list', { lines: [] })]);
  const piece = fc.constantFrom(
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">',
    '</s:Envelope>',
    '<s:Body>',
    '</s:Body>',
    '<s:Fault>',
    '</s:Fault>',
    '<faultcode>',
    '</faultcode>',
    '<return>',
    '</return>',
    '<a href="#a" id="a"/>',
    '<b xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="q:r"/>',
    '<__proto__>1</__proto__>',
    '<?xml version="1.0"?>',
    '&#0;',
    'x',
  );
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      for (const call of calls) {
        const answer = await call.readAnswer({ status: 200, headers: [], body: Buffer.from(text), durationMs: 1 });
        assert.ok(['result', 'fault', 'unreadable'].includes(answer.kind));
      }
    }),
    { numRuns: 300 },
  );
});

test('an answer that is more than its text holds, or nothing at all, is unreadable', async () => {
  const call = await orders('list', { lines: [] });
  const levels = Array.from({ length: 24 }, (_, index) => {
    const next = `<i href="#n${index + 1}"/>`;
    return `<m id="n${index}"><a>${next}</a><b>${next}</b></m>`;
  });
  const hostile = [
    `<o:listResponse><return href="#n0"/></o:listResponse>${levels.join('')}<m id="n24">x</m>`,
    '<o:listResponse><return href="#a"/></o:listResponse><m id="a"><i href="#a"/></m>',
    `${'<a>'.repeat(300)}${'</a>'.repeat(300)}`,
    '<o:listResponse><return>&undefined;</return></o:listResponse>',
  ];
  for (const content of hostile) {
    assert.equal((await readBody(call, content)).kind, 'unreadable', content.slice(0, 60));
  }
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>`;
  const answer = await call.readAnswer({ status: 200, headers: [], body: Buffer.from(bomb), durationMs: 1 });
  assert.equal(answer.kind, 'unreadable');
});

test('an answer is read in the character set that its header or its declaration names', async () => {
  const call = await orders('add', { a: '1', b: '1' });
  const text = (declared: string): string =>
    `<?xml version="1.0"${declared}?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r><x>Söhne</x></r></s:Body></s:Envelope>`;
  const read = async (bytes: Uint8Array, type: string): Promise<unknown> =>
    valueOf(await call.readAnswer({ status: 200, headers: [['content-type', type]], body: bytes, durationMs: 1 }));
  assert.equal(await read(Buffer.from(text(''), 'latin1'), 'text/xml; charset=ISO-8859-1'), 'Söhne');
  assert.equal(await read(Buffer.from(text(' encoding="ISO-8859-1"'), 'latin1'), 'text/xml'), 'Söhne');
  assert.equal(await read(Buffer.from(text('')), 'text/xml; charset=nonsense'), 'Söhne');
  assert.equal(await read(Buffer.from(`\u{FEFF}${text('')}`, 'utf16le'), 'text/xml'), 'Söhne');
});
