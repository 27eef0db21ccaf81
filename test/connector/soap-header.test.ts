import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { codeOf, soapFixture, SoapWorld, WSDL_URL } from './soap-peer.ts';

const BOOK = { number: '1', total: { _: '1', currency: 'EUR' }, line: [{ sku: 'A', quantity: 1 }] };

async function headerOf(headers: JsonObject): Promise<string> {
  const world = new SoapWorld({ [WSDL_URL]: soapFixture('booking.wsdl') });
  const { request } = await world.prepare('Book', BOOK, { headers });
  return /<SOAP-ENV:Header>(.*)<\/SOAP-ENV:Header>/su.exec(String(request.body))?.[1] ?? 'none';
}

test('a header of the WSDL is written as its schema says, by the name of its element or of its part', async () => {
  const written = '<ns1:Session><ns1:key>a &amp; b</ns1:key></ns1:Session>';
  assert.equal(await headerOf({ Session: { key: 'a & b' } }), written);
  assert.equal(await headerOf({ session: { key: 'a & b' } }), written);
  assert.equal(await headerOf({ '{urn:booking}Session': { key: 'a & b' } }), written);
});

test('an envelope without headers has no header', async () => {
  assert.equal(await headerOf({}), 'none');
});

test("a header of one's own holds what it is given", async () => {
  const value = { a: '1', '{urn:p}b': null, '{}c': [true, 2], d: { _: '<', e: 'x' } };
  assert.equal(
    await headerOf({ '{urn:o}Own': value, '{urn:o}Plain': 'text' }),
    '<ns1:Own><ns1:a>1</ns1:a><ns2:b></ns2:b><c>true</c><c>2</c><ns1:d>&lt;<ns1:e>x</ns1:e></ns1:d></ns1:Own><ns1:Plain>text</ns1:Plain>',
  );
});

for (const [what, code, headers] of [
  ['is in no namespace and unknown', 'SOAP_HEADER_UNKNOWN', { Sesion: {} }],
  ['lacks what the schema demands', 'SOAP_PARAMETER_MISSING', { Session: {} }],
  ['has a name that XML has not', 'SOAP_PARAMETER_INVALID', { '{urn:o}1 2': '' }],
  ['has a member whose name XML has not', 'SOAP_PARAMETER_INVALID', { '{urn:o}a': { '<b>': '' } }],
  ['has a list for a text', 'SOAP_PARAMETER_INVALID', { '{urn:o}a': { _: [] } }],
] as const) {
  test(`a header that ${what} is not written`, async () => {
    assert.equal(await codeOf(headerOf(headers)), code);
  });
}

test('where to call can be said besides the WSDL', async () => {
  const world = new SoapWorld({ [WSDL_URL]: soapFixture('booking.wsdl') });
  const { request } = await world.prepare('Book', BOOK, { address: 'https://gateway.example/b' });
  assert.equal(request.url, 'https://gateway.example/b');
});
