import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { codeOf, readBody, SoapWorld, WSDL_URL } from './soap-peer.ts';

interface Description {
  readonly schema?: string;
  /** What stands beside the types: messages, port types, bindings, services. */
  readonly rest?: string;
}

const PORT =
  '<service name="s"><port name="p" binding="t:b"><s:address location="http://orders.example/x"/></port></service>';
const ONE_OPERATION = `<message name="in"><part name="p" element="t:In"/></message><message name="out"><part name="p" element="t:Out"/></message>
<portType name="pt"><operation name="op"><input message="t:in"/><output message="t:out"/></operation></portType>
<binding name="b" type="t:pt"><s:binding/><operation name="op"/></binding>${PORT}`;

function wsdl({ schema = '', rest = ONE_OPERATION }: Description): string {
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t"
xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/"
xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
<types><x:schema targetNamespace="urn:t">${schema}</x:schema></types>${rest}</definitions>`;
}

function prepare(description: Description, values: JsonObject = {}) {
  return new SoapWorld({ [WSDL_URL]: wsdl(description) }).prepare('op', values);
}

function nested(levels: number): Json {
  let value: Json = 'x';
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

const type = (name: string, members: string) =>
  `<x:complexType name="${name}"><x:sequence>${members}</x:sequence></x:complexType>`;

test('defaults of a schema that fill in each other for ever, or double forty times, end with a word', async () => {
  const itself = `<x:element name="In" type="t:T"/>${type('T', '<x:element name="a" type="t:T" default=""/>')}`;
  assert.equal(await codeOf(prepare({ schema: itself })), 'SOAP_PARAMETER_INVALID');
  const levels = Array.from({ length: 40 }, (_, level) => {
    const below = (name: string) => `<x:element name="${name}" type="t:T${level + 1}" default=""/>`;
    return type(`T${level}`, below('a') + below('b'));
  });
  const doubling = `<x:element name="In" type="t:T0"/>${levels.join('')}${type('T40', '')}`;
  assert.equal(await codeOf(prepare({ schema: doubling })), 'SOAP_PARAMETER_INVALID');
});

test('a list of lists of itself, and values nested without end, are refused', async () => {
  const list = `<x:element name="In" type="t:A"/><x:complexType name="A"><x:complexContent><x:restriction base="e:Array">
<x:attribute ref="e:arrayType" w:arrayType="t:A[]"/></x:restriction></x:complexContent></x:complexType>`;
  assert.equal(await codeOf(prepare({ schema: list }, { p: 'x' })), 'SOAP_PARAMETER_INVALID');
  const anything = '<x:element name="In" type="x:anyType"/>';
  assert.equal(await codeOf(prepare({ schema: anything }, { p: nested(20_000) })), 'SOAP_PARAMETER_INVALID');
  assert.match(String((await prepare({ schema: anything }, { p: nested(100) })).request.body), /<a>/u);
});

test('one message shared by many operations, imports by the hundred thousand: what a WSDL comes to is bounded', async () => {
  const count = 2_000;
  const all = (one: (index: number) => string) => Array.from({ length: count }, (_, index) => one(index)).join('');
  const shared = `<message name="m">${all((index) => `<part name="p${index}"/>`)}</message>
<portType name="pt">${all((index) => `<operation name="o${index}"><input message="t:m"/></operation>`)}</portType>
<binding name="b" type="t:pt"><s:binding/>${all((index) => `<operation name="o${index}"/>`)}</binding>${PORT}`;
  assert.equal(await codeOf(prepare({ rest: shared })), 'SOAP_WSDL_INVALID');
  const imports = '<import namespace="urn:u" location="more.wsdl"/>'.repeat(150_000);
  const more = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>`;
  const world = new SoapWorld({
    [WSDL_URL]: wsdl({ schema: '<x:element name="In" type="x:anyType"/>', rest: imports + ONE_OPERATION }),
    'http://orders.example/more.wsdl': more,
  });
  await world.prepare('op', { p: { a: '1' } });
  assert.equal(world.urls.length, 2);
});

test('names that XML does not have are never written', async () => {
  const names = ['', '>', 'a b', '1', 'o:Line', 'a"', '<x/>'];
  for (const name of names) {
    const escaped = name.replaceAll('"', '&quot;').replaceAll('<', '&lt;');
    const part = `<message name="in"><part name="p" element="t:${escaped}"/></message>`;
    const rest = ONE_OPERATION.replace(/<message name="in">.*?<\/message>/u, part);
    assert.equal(await codeOf(prepare({ rest }, { a: '1' })), 'SOAP_WSDL_INVALID', name);
  }
  const member = type('T', '<x:element name="a b" type="x:string"/>');
  const schema = `<x:element name="In" type="t:T"/>${member}`;
  assert.equal(await codeOf(prepare({ schema }, { 'a b': '1' })), 'SOAP_WSDL_INVALID');
});

test('many elements of a type with many members are read', async () => {
  const members = Array.from(
    { length: 5_000 },
    (_, index) => `<x:element name="m${index}" type="x:int" minOccurs="0"/>`,
  );
  const schema = `<x:element name="In"><x:complexType/></x:element><x:element name="Out" type="t:O"/>
${type('O', '<x:element name="r" type="t:T" maxOccurs="unbounded"/>')}${type('T', members.join(''))}`;
  const call = await prepare({ schema });
  const answer = await readBody(call, `<t:Out xmlns:t="urn:t">${'<r><m7>7</m7></r>'.repeat(5_000)}</t:Out>`);
  assert.equal(answer.kind, 'result');
  const { r: rows } = Object(answer.kind === 'result' ? answer.value : undefined);
  assert.deepEqual([rows.length, rows[4_999]], [5_000, { m7: 7 }]);
});

test('while a large WSDL is read, everything else gets its turn', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => type(`T${index}`, '<x:element name="a" type="x:int"/>'));
  const schema = `<x:element name="In" type="t:T9999"/>${many.join('')}`;
  let turns = 0;
  let isReading = true;
  const countTurns = (): void => {
    turns += 1;
    if (isReading) setImmediate(countTurns);
  };
  const prepared = prepare({ schema }, { a: '1' });
  setImmediate(countTurns);
  await prepared;
  isReading = false;
  assert.ok(turns > 5, `${turns} turns`);
});
