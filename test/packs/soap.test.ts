import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { BookingPeer } from '../whole/booking-peer.ts';
import { assertAllRan, PackInstall } from './pack-install.ts';

async function open(t: TestContext, version: '1.1' | '1.2', adapt?: (text: string) => string) {
  const peer = await BookingPeer.open(t, version);
  const pack = await PackInstall.open(t, 'soap', {
    settings: { soap_url: `${peer.url}/booking`, soap_user: 'crm' },
    secrets: { soap_password: 'p<4ss & more' },
    ...(adapt === undefined ? {} : { adapt }),
  });
  return { peer, pack };
}

const LINE = { sku: 'B < "C"', quantity: 2, position: 7 };
const BOOK = {
  soap_operation: 'Book',
  soap_parameters: { number: 'SO-17', total: { currency: 'EUR', _: 3.5 }, line: [LINE, { ...LINE, sku: 'ü' }] },
};
const UNDERSTOOD = {
  number: 'SO-17',
  total: { attributes: { currency: 'EUR' }, $value: 3.5 },
  line: ['B < "C"', 'ü'].map((sku) => ({ attributes: { position: '7' }, sku, quantity: 2 })),
};

/** The same order in the elements of a message that is written without a WSDL. */
const BODY = {
  'b:Book': {
    '@xmlns:b': 'urn:booking',
    'b:number': 'SO-17',
    'b:total': { '@currency': 'EUR', '#text': 3.5 },
    'b:line': ['B < "C"', 'ü'].map((sku) => ({ '@position': 7, 'b:sku': sku, 'b:quantity': 2 })),
  },
};

const SENDS = { '1.1': 'soap-send-11', '1.2': 'soap-send-12' } as const;

function faultOf(version: '1.1' | '1.2'): object {
  return version === '1.1'
    ? { Fault: { faultcode: 'soap:Client.Stock', faultstring: 'sold out' } }
    : { Fault: { Code: { Value: 'soap:Sender', Subcode: { Value: 'rpc:Stock' } }, Reason: { Text: 'sold out' } } };
}

for (const version of ['1.1', '1.2'] as const) {
  describe(`the pack soap, in SOAP ${version}`, () => {
    it('calls an operation by its WSDL, as another implementation understands it', async (t) => {
      const { pack, peer } = await open(t, version);
      const left = await pack.done('soap-call', BOOK);
      assert.deepEqual(left, { soap_answer: { booking: 'B-1', lines: 2 }, soap_fault: '' });
      assert.deepEqual(peer.booked[0]?.values, UNDERSTOOD);
    });

    it('sends a message without a WSDL', async (t) => {
      const { pack, peer } = await open(t, version);
      const left = await pack.done(SENDS[version], { soap_action: 'urn:booking:book', soap_body: BODY });
      assert.deepEqual(left['soap_answer'], { BookResponse: { booking: 'B-1', lines: '2' } });
      assert.deepEqual(peer.booked[0]?.values, UNDERSTOOD);
      if (version === '1.1') assert.equal(peer.booked[0]?.http['soapaction'], '"urn:booking:book"');
      assert.equal(peer.wsdlReads, 0);
    });

    it('takes a fault for an answer: its words are left, and a person decides', async (t) => {
      const { pack, peer } = await open(t, version);
      peer.fault = faultOf(version);
      const called = await pack.fails('soap-call', BOOK, 'CALL_SOAP_FAULT', 'sold out');
      assert.deepEqual([called.left, called.run.wait?.for], [{ soap_fault: 'sold out' }, 'person']);
      const sent = await pack.call(SENDS[version], { soap_action: 'urn:booking:book', soap_body: BODY });
      assert.deepEqual([sent.left, sent.run.wait?.for], [{ soap_fault: 'sold out' }, 'person']);
      assert.ok(['CALL_STATUS', 'CALL_EXPECTATION'].includes(sent.step.failure?.code ?? ''));
    });

    it('logs in by WS-Security where the service names the credential', async (t) => {
      const { pack, peer } = await open(t, version, (text) =>
        text.replace('<service ', '<service credential="soap-login" '),
      );
      peer.admits = (security) => isDigestOf(security, 'p<4ss & more');
      await pack.done('soap-call', BOOK);
      await pack.done(SENDS[version], { soap_action: 'urn:booking:book', soap_body: BODY });
      assert.ok(!JSON.stringify(await pack.test.details(1)).includes('p<4ss'));
      peer.admits = () => false;
      assert.notEqual((await pack.call('soap-call', BOOK)).run.status, 'completed');
    });
  });
}

describe('the pack soap', () => {
  it('sends nothing where the WSDL has no such operation, or a parameter is missing', async (t) => {
    const { pack, peer } = await open(t, '1.1');
    await pack.fails('soap-call', { ...BOOK, soap_operation: 'Bok' }, 'SOAP_OPERATION_UNKNOWN');
    await pack.fails('soap-call', { soap_operation: 'Book' }, 'SOAP_PARAMETER_MISSING');
    await pack.fails('soap-call', { ...BOOK, soap_parameters: 'SO-17' }, 'PARAMETER_TYPE');
    await pack.fails('soap-send-11', { soap_body: { 'no name': 1 } }, 'XML_NAME_INVALID');
    assert.deepEqual(peer.booked, []);
  });

  it('runs its example, and goes on at the task that the plan names when it is refused', async (t) => {
    const { pack, peer } = await open(t, '1.1');
    const context = { order: 'SO-18', sku: 'A' };
    assert.equal((await pack.start('soap-example', context)).run.status, 'completed');
    peer.fault = faultOf('1.1');
    const { run, steps } = await pack.start('soap-example', context);
    assert.deepEqual([run.status, steps.at(-1)?.task], ['failed', 'refused']);
  });

  it('has no map and no workflow that these tests leave out', () => assertAllRan('soap'));
});

/** Whether the header holds the password's hash, as WS-Security has it: of nonce, time and password. */
function isDigestOf(security: unknown, password: string): boolean {
  const token = memberOf(security, 'UsernameToken');
  const nonce = Buffer.from(String(memberOf(memberOf(token, 'Nonce'), '$value')), 'base64');
  const created = String(memberOf(token, 'Created'));
  const hash = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return memberOf(token, 'Username') === 'crm' && memberOf(memberOf(token, 'Password'), '$value') === hash;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
