import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';
import { fault, found, SoapPeer } from './soap-peer.ts';

const FIELDS = ['accountname', 'bill_code', 'siccode', 'is_valid', 'checked_on', 'vat_name', 'vat_error', 'mark'];

/** A module, the SOAP map that checks its VAT number on creation, and a task behind it. */
function documents(peer: SoapPeer, config = '', plan = ''): SourceFile[] {
  const fields = FIELDS.map((name) => `<field name="${name}" label="${name}" type="string" length="200"/>`);
  const input = (name: string, source: string): string =>
    `<field><fieldname>${name}</fieldname><Orgfields><Orgfield><OrgfieldName>${source}</OrgfieldName><OrgfieldID></OrgfieldID></Orgfield><delimiter></delimiter></Orgfields></field>`;
  const output = (path: string, field: string): string =>
    `<field><fieldname>${path}</fieldname><destination><field>${field}</field></destination></field>`;
  return [
    nativeDocument('module', 'name="Accounts" label="Accounts" prefix="11" title="accountname"', fields.join('')),
    {
      file: 'check-vat.xml',
      text: `<map><originmodule><originname>Accounts</originname></originmodule><wsconfig><wsurl>${peer.wsdl}</wsurl>
<methodname>checkVat</methodname><wstype>SOAP</wstype><inputtype>JSON</inputtype><outputtype>JSON</outputtype>${config}</wsconfig>
<fields>${input('countryCode', 'bill_code')}${input('vatNumber', 'siccode')}</fields><Response>${output('valid', 'is_valid')}
${output('requestDate', 'checked_on')}${output('name', 'vat_name')}${output('faultstring', 'vat_error')}</Response></map>`,
    },
    nativeDocument(
      'workflow',
      'name="check-vat-number" label="Check" module="Accounts"',
      `<trigger on="create"/><tasks><webservice id="check" map="check-vat">${plan}</webservice>
<set-fields id="mark"><set field="mark" value="passed"/></set-fields></tasks>`,
    ),
  ];
}

const SOON = '<on-error><retry times="200" every="100ms" on="network timeout 5xx"/></on-error>';
const SPAIN = { accountname: 'ACME', bill_code: 'ES', siccode: 'B123', vat_name: 'before' };

async function open(t: TestContext, peer: SoapPeer, given: { config?: string; plan?: string } = {}) {
  return TestInstall.open(t, { documents: documents(peer, given.config, given.plan) });
}

describe('a SOAP map on an install', () => {
  it('reads the WSDL once, calls the operation for each record, and writes what it answers', async (t) => {
    const peer = await SoapPeer.open(t);
    const install = await open(t, peer);
    const accounts = await Promise.all(
      ['B1 & <2>', 'B2', 'B3'].map((siccode) => install.create({ ...SPAIN, siccode }, 'Accounts')),
    );
    await install.allEnded(3);
    assert.equal(peer.wsdlReads, 1);
    assert.deepEqual(peer.asked.map(({ vatNumber }) => vatNumber).toSorted(), ['B1 &amp; &lt;2&gt;', 'B2', 'B3']);
    assert.deepEqual(
      [peer.asked[0]?.action, peer.asked[0]?.contentType, peer.asked[0]?.authorization],
      ['"urn:v:check"', 'text/xml; charset=utf-8', undefined],
    );
    for (const { id } of accounts) {
      const { is_valid, checked_on, vat_name, mark } = await install.values(id);
      assert.deepEqual([is_valid, checked_on, vat_name, mark], ['1', '2025-03-14+01:00', 'ACME', 'passed']);
    }
  });

  it('goes on after a fault, as the original did: the fault is written, nothing is cleared or tried again', async (t) => {
    const peer = await SoapPeer.open(t);
    peer.reply = () => ({ status: 500, content: fault('Server', 'INVALID_INPUT') });
    const install = await open(t, peer);
    const { id } = await install.create(SPAIN, 'Accounts');
    assert.equal((await install.ended(1)).status, 'failed');
    const check = stepOf(await install.steps(1), 'check');
    assert.deepEqual([check.status, check.failure?.code, check.attempts.length], ['failed', 'CALL_SOAP_FAULT', 1]);
    const { vat_name, vat_error, mark } = await install.values(id);
    assert.deepEqual([vat_name, vat_error, mark], ['before', 'INVALID_INPUT', 'passed']);
  });

  it('tries the same envelope again after a failure that passes', async (t) => {
    const peer = await SoapPeer.open(t);
    peer.reply = () =>
      [
        { status: 503, content: '' },
        { status: 200, content: undefined },
      ][peer.asked.length - 1] ?? { status: 200, content: found('ACME', false) };
    const install = await open(t, peer, { plan: SOON });
    const { id } = await install.create(SPAIN, 'Accounts');
    assert.equal((await install.ended(1)).status, 'completed');
    assert.deepEqual([new Set(peer.asked.map(({ body }) => body)).size, peer.asked.length], [1, 3]);
    const check = stepOf(await install.steps(1), 'check');
    assert.deepEqual(
      check.attempts.map(({ failure }) => failure?.code),
      ['CALL_STATUS', 'CALL_RESET', undefined],
    );
    assert.equal((await install.values(id))['is_valid'], '0');
  });

  it('waits for a WSDL that cannot be had, as for the service itself', async (t) => {
    const peer = await SoapPeer.reserve(t);
    const install = await open(t, peer, { plan: SOON });
    const { id } = await install.create(SPAIN, 'Accounts');
    const wait = await install.waiting(1, 'time');
    assert.match(wait.reason, /^check: CALL_REFUSED the WSDL http/u);
    await peer.start();
    assert.equal((await install.ended(1)).status, 'completed');
    const check = stepOf(await install.steps(1), 'check');
    assert.ok(check.attempts.length > 1, 'the waiting is part of the one step');
    assert.equal((await install.values(id))['vat_name'], 'ACME');
  });

  it('asks again what was under way when the process died', async (t) => {
    const peer = await SoapPeer.open(t);
    let isSilent = true;
    peer.reply = () => (isSilent ? { status: 503, content: undefined } : { status: 200, content: found('ACME', true) });
    const install = await open(t, peer, { plan: SOON });
    const { id } = await install.create(SPAIN, 'Accounts');
    await until('the service is asked', () => peer.asked[0]);
    await install.close();
    isSilent = false;
    await install.reopen({ worker: true });
    assert.equal((await install.ended(1)).status, 'completed');
    assert.equal(new Set(peer.asked.map(({ body }) => body)).size, 1);
    assert.equal((await install.values(id))['vat_name'], 'ACME');
  });

  it('logs in with wsuser and wspass, which history shows as dots', async (t) => {
    const peer = await SoapPeer.open(t);
    peer.reply = ({ body }) => ({ status: 200, content: found(`you said ${body.length} correct-horse`, true) });
    const install = await open(t, peer, { config: '<wsuser>anna</wsuser><wspass>correct-horse</wspass>' });
    await install.create(SPAIN, 'Accounts');
    assert.equal((await install.ended(1)).status, 'completed');
    const login = Buffer.from('anna:correct-horse').toString('base64');
    assert.equal(peer.asked[0]?.authorization, `Basic ${login}`);
    const shown = JSON.stringify((await install.steps(1)).map(({ attempts, effects }) => [attempts, effects]));
    for (const hidden of [login, 'correct-horse']) assert.equal(shown.includes(hidden), false, hidden);
  });
});
