import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { runMapTests } from '../../src/runtime/map-tests.ts';
import { tryTexts } from './map-trial.ts';

const WSDL = readFileSync(new URL('../fixtures/soap/check-vat.wsdl', import.meta.url), 'utf8');
const ENVELOPE = 'xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"';
const FOUND = `<e:Envelope ${ENVELOPE}><e:Body><checkVatResponse xmlns="urn:v"><valid>true</valid><name>ACME</name></checkVatResponse></e:Body></e:Envelope>`;

const SERVICE = '<service xmlns="urn:mapwright:1" name="vat" url="https://soap.example.com/checkVat"/>';
const MAP = `<map xmlns="urn:mapwright:1" name="check" service="vat"><call protocol="soap" operation="{context.operation}"/>
<parameters><parameter name="values" context="values" spread="true"/></parameters>
<response><output path="name" context="name"/></response></map>`;

async function call(context: JsonObject) {
  const { sent, trial } = await tryTexts({
    documents: [MAP, SERVICE],
    map: 'check',
    context,
    answer: ({ method }) => ({ body: method === 'GET' ? WSDL : FOUND }),
  });
  return { sent, failure: trial.failure };
}

const VALUES = { countryCode: 'ES', vatNumber: 'B < 1' };

describe('a native SOAP map', () => {
  it('calls the operation that the context names, with the parameters that it holds', async () => {
    const { sent, failure } = await call({ operation: 'checkVat', values: VALUES });
    assert.equal(failure, undefined);
    assert.match(String(sent?.body), /countryCode>ES<.*vatNumber>B &lt; 1</u);
    assert.equal((await call({ operation: 'nothing', values: VALUES })).failure?.code, 'SOAP_OPERATION_UNKNOWN');
    assert.equal((await call({ values: VALUES })).failure?.code, 'PARAMETER_SOURCE_MISSING');
  });
});

describe('a map test of a SOAP map', () => {
  const test = (wsdl: string): string => `<map-test xmlns="urn:mapwright:1" map="check">${wsdl}
<case name="found"><context operation="checkVat"><value name="values" type="json">${JSON.stringify({ countryCode: 'ES', vatNumber: 'B1' })}</value></context>
<answer content-type="text/xml"><![CDATA[${FOUND}]]></answer>
<sent method="POST" url="https://soap.example.com/older"><parameter name="vatNumber" value="B1"/></sent><written context="name" value="ACME"/></case></map-test>`;
  const run = async (wsdl: string) => {
    const sources = [MAP, SERVICE, test(wsdl)].map((text, index) => ({ file: `${index}.xml`, text }));
    return runMapTests({ sources, inForce: [], isWanted: () => true });
  };

  it('finds the WSDL that the test holds, and opens no connection', async () => {
    const { cases } = await run(`<wsdl><![CDATA[${WSDL}]]></wsdl>`);
    assert.deepEqual(
      cases.map(({ status, differences }) => [status, differences]),
      [['passed', []]],
    );
  });

  it('without one, or with one that is none, fails and says so', async () => {
    const shown = async (wsdl: string): Promise<string> => JSON.stringify((await run(wsdl)).cases[0]?.differences);
    assert.match(await shown(''), /MAP_SOAP_UNAVAILABLE/u);
    assert.match(await shown('<wsdl>no WSDL at all</wsdl>'), /SOAP_WSDL_INVALID/u);
  });
});
