import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSoapClient } from '../../src/connector/soap/soap-client.ts';
import { connectorFor, httpPeer } from './peer.ts';
import { bodyOf, codeOf, type Page, soapFixture, SoapWorld, WSDL_URL } from './soap-peer.ts';

const ORDERS = soapFixture('orders.wsdl');
const ADD = { a: '1', b: '2' };
const SENT = '<ns1:add><a>1</a><b>2</b></ns1:add>';

/** A WSDL in pieces: the messages here, types and bindings elsewhere, one schema without a namespace of its own. */
const PIECES: Readonly<Record<string, Page>> = {
  [WSDL_URL]: `<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:b="urn:b"
targetNamespace="urn:a"><w:import namespace="urn:b" location="parts/bindings.wsdl"/>
<w:service name="S"><w:port name="P" binding="b:B"><s:address location="/service"/></w:port></w:service></w:definitions>`,
  'http://orders.example/parts/bindings.wsdl': `<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/"
xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:b="urn:b" xmlns:t="urn:t" targetNamespace="urn:b">
<w:types><x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:import namespace="urn:t" schemaLocation="../types.xsd"/>
<x:import namespace="http://schemas.xmlsoap.org/soap/encoding/" schemaLocation="http://schemas.xmlsoap.org/soap/encoding/"/></x:schema></w:types>
<w:message name="I"><w:part name="p" element="t:go"/></w:message>
<w:portType name="T"><w:operation name="go"><w:input message="b:I"/></w:operation></w:portType>
<w:binding name="B" type="b:T"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="go"><s:operation soapAction="go"/><w:input><s:body use="literal"/></w:input></w:operation></w:binding></w:definitions>`,
  'http://orders.example/types.xsd': `<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">
<x:include schemaLocation="common.xsd"/><x:include schemaLocation="types.xsd"/><x:element name="go" type="t:Go" xmlns:t="urn:t"/></x:schema>`,
  'http://orders.example/common.xsd':
    `<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:none="" elementFormDefault="qualified">
<include schemaLocation="types.xsd"/><complexType name="Go"><sequence><element name="far" type="int"/></sequence></complexType></schema>`.replace(
      ' xmlns:none=""',
      '',
    ),
};

test('a WSDL in pieces is read whole, each piece once, well-known schemas not at all', async () => {
  const world = new SoapWorld(PIECES);
  const call = await world.prepare('go', { far: '3' });
  assert.equal(bodyOf(call), '<ns1:go><ns1:far>3</ns1:far></ns1:go>');
  assert.equal(call.request.url, 'http://orders.example/service');
  assert.deepEqual(world.urls.toSorted(), Object.keys(PIECES).toSorted());
});

test('what is no usable description is refused, whatever it is', async () => {
  const wsdl = (content: string): string =>
    `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">${content}</definitions>`;
  const schema = '<schema xmlns="http://www.w3.org/2001/XMLSchema">';
  const pages: readonly (readonly [Page, string])[] = [
    ['', 'SOAP_WSDL_INVALID'],
    ['<html><body>Please log in</body></html>', 'SOAP_WSDL_INVALID'],
    ['<!DOCTYPE x [<!ENTITY a "b">]><definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>', 'SOAP_WSDL_INVALID'],
    [`<description xmlns="http://www.w3.org/ns/wsdl"/>`, 'SOAP_WSDL_INVALID'],
    [ORDERS.slice(0, 3000), 'SOAP_WSDL_INVALID'],
    [wsdl('<import location="file:///etc/passwd"/>'), 'SOAP_WSDL_INVALID'],
    [wsdl(`<types>${schema}<include schemaLocation="ftp://x/y"/></schema></types>`), 'SOAP_WSDL_INVALID'],
    [wsdl(''), 'SOAP_BINDING_UNAVAILABLE'],
    [ORDERS.replaceAll('/soap/http"', '/soap/jms"'), 'SOAP_BINDING_UNAVAILABLE'],
    [ORDERS.replaceAll('http://orders.example/older', 'jms:queue'), 'SOAP_BINDING_UNAVAILABLE'],
    [{ status: 404, body: Buffer.from(ORDERS) }, 'SOAP_WSDL_STATUS'],
  ];
  for (const [page, code] of pages) {
    const shown = typeof page === 'string' ? page.slice(0, 60) : code;
    assert.equal(await codeOf(new SoapWorld({ [WSDL_URL]: page }).prepare('add', ADD)), code, shown);
  }
});

test('names that every object has are names like others', async () => {
  const own = ORDERS.replaceAll('"b"', '"constructor"').replace(
    '<xsd:group name=',
    '<xsd:toString name="x"/><xsd:group name=',
  );
  const world = new SoapWorld({ [WSDL_URL]: own });
  assert.equal(await codeOf(world.prepare('add', { a: '1' })), 'SOAP_PARAMETER_MISSING');
  const call = await world.prepare('add', { a: '1', constructor: '2' });
  assert.equal(bodyOf(call), '<ns1:add><a>1</a><constructor>2</constructor></ns1:add>');
});

test('imports without end come to an end', async () => {
  let count = 0;
  const world = new SoapWorld((url) => {
    count++;
    const next = [1, 2].map((index) => `<import location="${url}/${index}"/>`).join('');
    return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">${next}</definitions>`;
  });
  assert.equal(await codeOf(world.prepare('add', ADD)), 'SOAP_WSDL_INVALID');
  assert.ok(count <= 200, String(count));
});

test('types without end are refused when they are needed', async () => {
  const opened = Array.from(
    { length: 40 },
    (_, index) =>
      `<xsd:group name="G${index}"><xsd:sequence>${`<xsd:group ref="o:G${index + 1}"/>`.repeat(2)}</xsd:sequence></xsd:group>`,
  );
  const doubling = ORDERS.replace('ref="o:Amounts"', 'ref="o:G0"').replace(
    '<xsd:group name=',
    `${opened.join('')}<xsd:group name=`,
  );
  const many = new SoapWorld({ [WSDL_URL]: doubling });
  assert.equal(await codeOf(many.prepare('list', { lines: [{ id: '1' }] })), 'SOAP_WSDL_INVALID');
  const recursive = ORDERS.replace('<xsd:group ref="o:Amounts"/>', '<xsd:group ref="o:Ever"/>').replace(
    '<xsd:group name="Amounts">',
    '<xsd:group name="Ever"><xsd:sequence><xsd:group ref="o:Ever"/><xsd:group ref="o:Ever"/></xsd:sequence></xsd:group><xsd:group name="Amounts">',
  );
  const world = new SoapWorld({ [WSDL_URL]: recursive });
  assert.equal(await codeOf(world.prepare('list', { lines: [{ id: '1' }] })), 'SOAP_WSDL_INVALID');
  assert.equal(bodyOf(await world.prepare('add', ADD)), SENT);
});

test('a WSDL is read once for many calls, again after five minutes, and kept for a day while it cannot be had', async () => {
  const world = new SoapWorld({ [WSDL_URL]: ORDERS });
  await Promise.all(Array.from({ length: 20 }, () => world.prepare('add', ADD)));
  assert.equal(world.asked.length, 1);
  world.now = 4 * 60_000;
  await world.prepare('add', ADD);
  assert.equal(world.asked.length, 1);
  world.now = 6 * 60_000;
  await world.prepare('add', ADD);
  assert.equal(world.asked.length, 2);
  world.pageAt = () => undefined;
  world.now += 23 * 3_600_000;
  assert.equal(bodyOf(await world.prepare('add', ADD)), SENT);
  world.now += 2 * 3_600_000;
  assert.equal(await codeOf(world.prepare('add', ADD)), 'SOAP_WSDL_STATUS');
  world.pageAt = () => ORDERS;
  assert.equal(bodyOf(await world.prepare('add', ADD)), SENT);
});

test('an operation that the service has learnt meanwhile is found', async () => {
  const world = new SoapWorld({ [WSDL_URL]: ORDERS.replaceAll('"add"', '"plus"') });
  assert.equal(await codeOf(world.prepare('add', ADD)), 'SOAP_OPERATION_UNKNOWN');
  world.pageAt = () => ORDERS;
  assert.equal(bodyOf(await world.prepare('add', ADD)), SENT);
});

test('a redirect of the WSDL is followed, the login kept to its origin, and TLS kept for the service', async () => {
  const secure = 'https://orders.example/v2/orders.wsdl';
  const world = new SoapWorld({
    [WSDL_URL]: { status: 301, headers: [['location', secure]] },
    [secure]: ORDERS,
  });
  const call = await world.prepare('add', ADD, { authorization: 'Basic eDp5' });
  assert.equal(call.request.url, 'https://orders.example/older');
  assert.deepEqual(
    world.asked.map(({ url, headers }) => [url, headers.some(([name]) => name === 'Authorization')]),
    [
      [WSDL_URL, true],
      [secure, false],
    ],
  );
  const round = new SoapWorld({ [WSDL_URL]: { status: 302, headers: [['location', WSDL_URL]] } });
  assert.equal(await codeOf(round.prepare('add', ADD)), 'SOAP_WSDL_STATUS');
  assert.ok(round.asked.length < 10);
});

test('over real connections: a slow, a huge and a forbidden description each end in their own failure', async (t) => {
  const peer = await httpPeer(t, (request, response) => {
    if (request.url === '/slow') return void response.writeHead(200).write('<definitions');
    const piece = Buffer.alloc(1024 * 1024, ' ');
    response.writeHead(200);
    const pour = (): void => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', pour);
    };
    pour();
  });
  const soap = createSoapClient({ connector: connectorFor(t), clock: { now: () => Date.now() } });
  const ask = (wsdl: string, totalTimeoutMs: number): Promise<string> =>
    codeOf(
      soap.prepare({
        wsdl,
        operation: 'x',
        values: {},
        authorization: undefined,
        connectTimeoutMs: 1000,
        totalTimeoutMs,
      }),
    );
  assert.equal(await ask(`${peer.url}slow`, 200), 'CALL_TIMEOUT');
  assert.equal(await ask(`${peer.url}huge`, 30_000), 'CALL_TOO_LARGE');
  assert.equal(await ask('http://169.254.169.254/latest?wsdl', 1000), 'CALL_EGRESS');
});
