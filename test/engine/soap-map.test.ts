import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CallRequest } from '../../src/core/call.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { tryMapWithoutInstall } from '../../src/runtime/trial/trial-without-install.ts';
import { type PeerAnswer, tryTexts } from './map-trial.ts';

const WSDL = readFileSync(new URL('../fixtures/soap/check-vat.wsdl', import.meta.url), 'utf8');
const RECORD = { bill_code: 'ES', siccode: 'B123' };
const RESULT =
  '<checkVatResponse xmlns="urn:v"><valid>true</valid><name>ACME</name><requestDate>2025-03-14</requestDate></checkVatResponse>';

interface MapParts {
  readonly url?: string;
  readonly output?: string;
  readonly config?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly response?: Readonly<Record<string, string>>;
  readonly before?: string;
}

/** A SOAP map whose fields come from the record, and whose answers go to context keys. */
function soapMap(parts: MapParts = {}): string {
  const { url = 'https://soap.example.com/checkVatService.wsdl', output = 'JSON', config = '', before = '' } = parts;
  const fields = Object.entries(parts.fields ?? { countryCode: 'bill_code', vatNumber: 'siccode' }).map(
    ([name, source]) =>
      `<field><fieldname>${name}</fieldname><Orgfields><Orgfield><OrgfieldName>${source}</OrgfieldName><OrgfieldID></OrgfieldID></Orgfield></Orgfields></field>`,
  );
  const outputs = Object.entries(parts.response ?? { name: 'nm' }).map(
    ([path, key]) =>
      `<field><fieldname>${path}</fieldname><destination><context>${key}</context></destination></field>`,
  );
  return `${before}<map><originmodule><originname>Accounts</originname></originmodule><wsconfig><wsurl>${url}</wsurl>
<wshttpmethod>POST</wshttpmethod><methodname>checkVat</methodname><wstype>SOAP</wstype><inputtype>JSON</inputtype>
<outputtype>${output}</outputtype>${config}<wsheader><header><keyname>Content-type</keyname><keyvalue>application/json</keyvalue></header></wsheader></wsconfig>
<fields>${fields.join('')}</fields><Response>${outputs.join('')}</Response></map>`;
}

function envelope(body: string): string {
  return `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body>${body}</e:Body></e:Envelope>`;
}

interface Tried {
  readonly asked: readonly CallRequest[];
  readonly sent: CallRequest | undefined;
  readonly context: JsonObject;
  readonly failure: string | undefined;
  readonly warnings: readonly string[];
}

async function call(
  map: string,
  answer: PeerAnswer = { body: envelope(RESULT) },
  record: JsonObject = RECORD,
): Promise<Tried> {
  const asked: CallRequest[] = [];
  const { trial } = await tryTexts({
    documents: [map],
    record,
    settings: { vat_key: 's3cret-of-vat', vat_path: 'checkVatService' },
    answer: (request) => {
      asked.push(request);
      return request.method === 'GET' ? { body: WSDL } : answer;
    },
  });
  const written = trial.outputs.map(({ name, value }): [string, JsonObject[string]] => [name, value ?? null]);
  return {
    asked,
    sent: asked.find(({ method }) => method === 'POST'),
    context: Object.fromEntries(written),
    failure: trial.failure?.code,
    warnings: trial.warnings,
  };
}

function header(request: CallRequest | undefined, wanted: string): string | undefined {
  return request?.headers.find(([name]) => name === wanted)?.[1];
}

test('fields go out as the members of one element, in the form of the WSDL; SOAP 1.1 where there are both', async () => {
  const { asked, sent } = await call(soapMap());
  assert.deepEqual(
    asked.map(({ method, url }) => [method, url]),
    [
      ['GET', 'https://soap.example.com/checkVatService.wsdl'],
      ['POST', 'https://soap.example.com/older'],
    ],
  );
  assert.equal(
    sent?.body,
    '<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="urn:v"><SOAP-ENV:Body><ns1:checkVat><ns1:countryCode>ES</ns1:countryCode><ns1:vatNumber>B123</ns1:vatNumber></ns1:checkVat></SOAP-ENV:Body></SOAP-ENV:Envelope>\n',
  );
  assert.deepEqual(sent?.headers, [
    ['Content-Type', 'text/xml; charset=utf-8'],
    ['SOAPAction', '"urn:v:check"'],
  ]);
});

test('answers keep the types of the WSDL, false and nothing included', async () => {
  const response = { valid: 'v', name: 'n', requestDate: 'd', score: 's', nosuch: 'x' };
  const of = async (result: string): Promise<JsonObject> =>
    (
      await call(soapMap({ response }), {
        body: envelope(`<checkVatResponse xmlns="urn:v">${result}</checkVatResponse>`),
      })
    ).context;
  assert.deepEqual(
    await of('<valid>true</valid><name>ACME</name><requestDate>2025-03-14</requestDate><score>7</score>'),
    {
      v: true,
      n: 'ACME',
      d: '2025-03-14',
      s: 7,
      x: '',
    },
  );
  assert.deepEqual(
    await of('<valid>false</valid><name>0</name><requestDate>2025-03-14</requestDate><score>0</score>'),
    {
      v: false,
      n: '0',
      d: '2025-03-14',
      s: 0,
      x: '',
    },
  );
});

test('both output types read the members; paths with dots walk as for REST; the dot alone is the whole answer', async () => {
  const response = { name: 'n', 'a.b': 'ab', 'nosuch.name': 'past', '.': 'all' };
  for (const output of ['JSON', 'XML']) {
    const { context } = await call(soapMap({ output, response }));
    assert.deepEqual(context, { n: 'ACME', ab: '', past: 'ACME', all: envelope(RESULT) }, output);
  }
  const strict = soapMap({ response: { 'nosuch.name': 'past' }, before: '<?mapwright paths="strict"?>' });
  assert.deepEqual((await call(strict)).context, { past: '' });
});

test('the result named after the operation is unwrapped for JSON, and its last item read as XML', async () => {
  const wrapped = async (result: string, output: string, path: string): Promise<JsonObject> =>
    (
      await call(soapMap({ output, response: { [path]: 'out' } }), {
        body: envelope(`<checkVatResponse xmlns="urn:v">${result}</checkVatResponse>`),
      })
    ).context;
  const one = '<checkVatResult><city>Paris</city></checkVatResult>';
  assert.deepEqual(await wrapped(one, 'JSON', 'city'), { out: 'Paris' });
  assert.deepEqual(await wrapped(one, 'XML', 'city'), { out: '' });
  assert.deepEqual(await wrapped(one, 'XML', 'checkVatResult.city'), { out: 'Paris' });
  const texts =
    '<checkVatResult>&lt;a&gt;&lt;b&gt;1&lt;/b&gt;&lt;/a&gt;</checkVatResult><checkVatResult></checkVatResult>';
  assert.deepEqual(await wrapped(texts, 'JSON', 'b'), { out: '1' });
  const list = '<checkVatResult><city>Paris</city></checkVatResult><checkVatResult><city>Rome</city></checkVatResult>';
  assert.deepEqual(await wrapped(list, 'JSON', '1.city'), { out: 'Rome' });
  assert.deepEqual(await wrapped('<checkVatResult>5</checkVatResult>', 'JSON', 'checkVatResult'), { out: '5' });
});

test('names of fields in the address are replaced, behind the host alone', async () => {
  const path = await call(soapMap({ url: 'https://soap.example.com/vatNumber/x.wsdl' }));
  assert.equal(path.asked[0]?.url, 'https://soap.example.com/B123/x.wsdl');
  const host = await call(soapMap({ url: 'https://vatNumber.example.com/countryCode?vatNumber' }));
  assert.equal(host.asked[0]?.url, 'https://vatNumber.example.com/ES?B123');
  const setting = await call(soapMap({ url: 'https://soap.example.com/getSetting(vat_path).wsdl' }));
  assert.equal(setting.asked[0]?.url, 'https://soap.example.com/checkVatService.wsdl');
});

test('a login goes to the WSDL and to the service; half of one does not', async () => {
  const config = '<wsuser>anna</wsuser><wspass>getSetting(vat_key)</wspass>';
  const both = await call(soapMap({ config }));
  const expected = `Basic ${Buffer.from('anna:s3cret-of-vat').toString('base64')}`;
  assert.deepEqual(
    both.asked.map((request) => header(request, 'Authorization')),
    [expected, expected],
  );
  const half = await call(soapMap({ config: '<wsuser>anna</wsuser><wspass></wspass>' }));
  assert.deepEqual(
    half.asked.map((request) => header(request, 'Authorization')),
    [undefined, undefined],
  );
});

test('a fault fails the step; its words and what is named for them are kept', async () => {
  const response = { faultcode: 'code', faultstring: 'words', 'detail.why.line': 'line', name: 'n' };
  const body = envelope(
    '<e:Fault><faultcode>e:Client</faultcode><faultstring>no such country</faultstring><detail><why><line>7</line></why></detail></e:Fault>',
  );
  const { failure, context } = await call(soapMap({ response }), { status: 500, body });
  assert.equal(failure, 'CALL_SOAP_FAULT');
  assert.deepEqual(context, { code: 'Client', words: 'no such country', line: '7', n: '' });
});

test('what is no envelope fails, with the status where that says more', async () => {
  const html = '<!DOCTYPE html><html><body>Bad gateway</body></html>';
  assert.equal((await call(soapMap(), { status: 502, body: html })).failure, 'CALL_STATUS');
  assert.equal((await call(soapMap(), { status: 200, body: html })).failure, 'CALL_UNREADABLE');
  assert.equal((await call(soapMap(), { status: 200, body: '' })).failure, 'CALL_UNREADABLE');
  assert.equal((await call(soapMap(), { status: 200, body: '<answer/>' })).failure, 'CALL_UNREADABLE');
});

test('a needed parameter that no field gives is told before anything is sent; one too many is left out and told', async () => {
  const missing = await call(soapMap({ fields: { countryCode: 'bill_code' } }));
  assert.deepEqual([missing.failure, missing.sent], ['SOAP_PARAMETER_MISSING', undefined]);
  const more = await call(
    soapMap({ fields: { countryCode: 'bill_code', vatNumber: 'siccode', vatNummer: 'siccode' } }),
  );
  assert.equal(more.failure, undefined);
  assert.match(more.warnings.join('\n'), /^vatNummer was left out/mu);
});

test('without an operation of that name nothing is sent', async () => {
  const { failure, sent } = await call(soapMap().replace('>checkVat<', '>checkVatApprox<'));
  assert.deepEqual([failure, sent], ['SOAP_OPERATION_UNKNOWN', undefined]);
  const otherCase = await call(soapMap().replace('>checkVat<', '>CHECKVAT<'));
  assert.deepEqual([otherCase.failure, otherCase.context], [undefined, { nm: 'ACME' }]);
});

test('text that is more than text stays text, in both directions', async () => {
  const nasty = '<b> & "q" \u{1F529} ]]> \r\n';
  const { sent } = await call(soapMap(), undefined, { ...RECORD, siccode: nasty });
  assert.match(String(sent?.body), /&lt;b&gt; &amp; "q" 🔩 \]\]&gt; &#13;\n</u);
  const answer = {
    body: envelope('<checkVatResponse xmlns="urn:v"><name><![CDATA[<b>&]]>&amp;</name></checkVatResponse>'),
  };
  assert.deepEqual((await call(soapMap(), answer)).context, { nm: '<b>&&' });
});

test('a SOAP map does not ask for a method, an input type or headers', () => {
  const text = soapMap()
    .replace('<wshttpmethod>POST</wshttpmethod>', '')
    .replace('<inputtype>JSON</inputtype>', '<inputtype>SOAP</inputtype>');
  assert.deepEqual(readDocuments({ file: 'M.xml', text }).diagnostics, []);
});

test('where nothing is connected to, a SOAP map says so', async () => {
  const report = await tryMapWithoutInstall(
    { documents: [{ file: 'check-vat.xml', text: soapMap() }], map: 'check-vat', record: RECORD, context: {} },
    { now: () => 0 },
  );
  assert.deepEqual([report.failure?.code, report.request], ['MAP_SOAP_UNAVAILABLE', undefined]);
});
