import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { BookingPeer } from './booking-peer.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';

interface Given {
  readonly call?: string;
  readonly operation?: string;
  readonly credential?: SourceFile;
  readonly parameters?: string;
  readonly secrets?: Readonly<Record<string, string>>;
}

const PARAMETERS = `
<parameter name="Session" in="soap-header"><parameter name="key" value="s &amp; 1"/></parameter>
<parameter name="X-Trace" in="header" value="t1"/>
<parameter name="line" each="[{'sku': 'A', 'n': 2}, {'sku': 'B &lt;', 'n': 1}]" type="array">
  <parameter name="quantity" jsonata="item.n"/><parameter name="sku" jsonata="item.sku"/><parameter name="position" jsonata="item.n"/>
</parameter>
<parameter name="number" field="number"/>
<parameter name="total"><parameter name="currency" value="EUR"/><parameter name="_" field="total"/></parameter>`;

function documents(peer: BookingPeer, given: Given): SourceFile[] {
  const { call = '', operation = 'Book', credential, parameters = PARAMETERS } = given;
  const fields = ['number', 'total', 'booking', 'problem'].map(
    (name) => `<field name="${name}" label="${name}" type="string" length="200"/>`,
  );
  const named = credential === undefined ? '' : ' credential="erp-login"';
  return [
    nativeDocument('module', 'name="Orders" label="Orders" prefix="15" title="number"', fields.join('')),
    ...(credential === undefined ? [] : [credential]),
    nativeDocument('service', `name="erp" url="${peer.url}/booking"${named}`, '<header name="X-From" value="crm"/>'),
    nativeDocument(
      'map',
      'name="book" module="Orders" service="erp"',
      `<call protocol="soap" operation="${operation}" ${call}/><parameters>${parameters}</parameters>
<response><expect when="response.body.lines = 2"/><output path="booking" field="booking"/>
<output jsonata="response.body.fault.code &amp; '/' &amp; response.body.fault.subcode &amp; '/' &amp; response.body.fault.message &amp; '/' &amp; response.body.fault.detail.reason" field="problem" on="failure"/></response>`,
    ),
    nativeDocument(
      'workflow',
      'name="book-orders" label="Book" module="Orders"',
      '<trigger on="create"/><tasks><webservice id="book" map="book"><on-error><abort to="inbox"/></on-error></webservice></tasks>',
    ),
  ];
}

async function booked(t: TestContext, peer: BookingPeer, given: Given = {}) {
  const { secrets = {} } = given;
  const install = await TestInstall.open(t, { documents: documents(peer, given), secrets });
  const { id } = await install.create({ number: 'SO-17', total: '3.50' }, 'Orders');
  return { install, id };
}

function loginFor(isDigest: boolean): SourceFile {
  return nativeDocument(
    'credential',
    'name="erp-login" kind="ws-username-token"',
    `<login user="crm" secret="erp-password"${isDigest ? ' digest="true"' : ''}/>`,
  );
}

const secrets = { 'erp-password': 'p<4ss & more' };

for (const version of ['1.1', '1.2'] as const) {
  describe(`a native map that calls SOAP ${version}`, () => {
    it('sends structures, attributes and headers as another implementation reads them, and writes what is answered', async (t) => {
      const peer = await BookingPeer.open(t, version);
      const { install, id } = await booked(t, peer);
      const run = await install.ended(1);
      assert.equal(run.status, 'completed', JSON.stringify(stepOf(await install.steps(1), 'book').failure));
      assert.equal((await install.values(id))['booking'], 'B-1');
      const [call] = peer.booked;
      assert.deepEqual(call?.values, {
        number: 'SO-17',
        total: { attributes: { currency: 'EUR' }, $value: 3.5 },
        line: [
          { attributes: { position: '2' }, sku: 'A', quantity: 2 },
          { attributes: { position: '1' }, sku: 'B <', quantity: 1 },
        ],
      });
      assert.deepEqual(call.header?.['Session'], { key: 's & 1' });
      assert.equal(call.http['x-trace'], 't1');
      assert.equal(call.http['x-from'], 'crm');
      const type = version === '1.1' ? /^text\/xml/u : /^application\/soap\+xml; .*action="urn:booking:book"/u;
      assert.match(call.http['content-type'] ?? '', type);
    });

    it('fails on a fault with its code, message and detail, which outputs for failures read', async (t) => {
      const peer = await BookingPeer.open(t, version);
      peer.fault =
        version === '1.1'
          ? { Fault: { faultcode: 'soap:Client.Stock', faultstring: 'sold out', detail: { reason: 'R7' } } }
          : {
              Fault: {
                Code: { Value: 'soap:Sender', Subcode: { Value: 'rpc:Stock' } },
                Reason: { Text: 'sold out' },
                Detail: { reason: 'R7' },
              },
            };
      const { install, id } = await booked(t, peer);
      await install.waiting(1, 'person');
      const { failure } = stepOf(await install.steps(1), 'book');
      assert.equal(failure?.code, 'CALL_SOAP_FAULT');
      const code = version === '1.1' ? 'Client.Stock/' : 'Sender/Stock';
      const { problem, booking } = await install.values(id);
      assert.deepEqual([problem, booking], [`${code}/sold out/R7`, null]);
    });

    for (const isDigest of [false, true]) {
      it(`logs in with a UsernameToken, ${isDigest ? 'hashed' : 'as text'}, which history does not show`, async (t) => {
        const peer = await BookingPeer.open(t, version);
        peer.admits = (security) => isLogin(security, secrets['erp-password'], isDigest);
        const { install } = await booked(t, peer, { credential: loginFor(isDigest), secrets });
        assert.equal((await install.ended(1)).status, 'completed');
        const shown = JSON.stringify(await install.steps(1));
        assert.ok(!shown.includes('p<4ss') && !shown.includes('p&lt;4ss'));
        assert.ok(shown.includes('SO-17'));
      });
    }
  });
}

describe('a native SOAP call', () => {
  it('reads its WSDL once for many records, and goes where the map says instead of where the WSDL does', async (t) => {
    const peer = await BookingPeer.open(t, '1.1');
    const call = `wsdl="${peer.url}/booking?wsdl" url="${peer.url}/booking/"`;
    const { install } = await booked(t, peer, { call });
    await Promise.all(['SO-18', 'SO-19'].map((number) => install.create({ number, total: '1' }, 'Orders')));
    await install.allEnded(3);
    assert.equal(peer.booked.length, 3);
    assert.equal(peer.wsdlReads, 1);
  });

  for (const [what, code, given] of [
    [
      'a header that the WSDL does not name',
      'SOAP_HEADER_UNKNOWN',
      { parameters: PARAMETERS.replace('"Session"', '"Sesion"') },
    ],
    ['an operation that it does not have', 'SOAP_OPERATION_UNKNOWN', { operation: 'Bok' }],
    ['a parameter that is missing', 'SOAP_PARAMETER_MISSING', { parameters: '<parameter name="number" value="1"/>' }],
  ] as const) {
    it(`is not sent with ${what}`, async (t) => {
      const peer = await BookingPeer.open(t, '1.1');
      const install = await TestInstall.open(t, { documents: documents(peer, given) });
      await install.create({ number: 'SO-17', total: '3.50' }, 'Orders');
      await install.waiting(1, 'person');
      assert.equal(stepOf(await install.steps(1), 'book').failure?.code, code);
      assert.equal(peer.booked.length, 0);
    });
  }

  it('sends a header of its own under its namespace', async (t) => {
    const peer = await BookingPeer.open(t, '1.1');
    const parameters = PARAMETERS.replace('"Session"', '"{urn:other}Token"');
    const { install } = await booked(t, peer, { parameters });
    await install.ended(1);
    assert.ok(JSON.stringify(peer.booked[0]?.header).includes('Token'));
  });
});

/** Whether the header, as the other implementation reads it, is that of user `crm` with this password. */
function isLogin(security: unknown, password: string, isDigest: boolean): boolean {
  const token = memberOf(security, 'UsernameToken');
  const said = memberOf(memberOf(token, 'Password'), '$value');
  const nonce = Buffer.from(String(memberOf(memberOf(token, 'Nonce'), '$value')), 'base64');
  const created = String(memberOf(token, 'Created'));
  const hash = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return memberOf(token, 'Username') === 'crm' && said === (isDigest ? hash : password);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
