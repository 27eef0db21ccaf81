import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { assertAllRan, PackInstall } from './pack-install.ts';
import { VIES_WSDL, ViesPeer } from './vies-peer.ts';

const RETRIED = [
  'MS_UNAVAILABLE',
  'MS_MAX_CONCURRENT_REQ',
  'MS_MAX_CONCURRENT_REQ_TIME',
  'GLOBAL_MAX_CONCURRENT_REQ',
  'GLOBAL_MAX_CONCURRENT_REQ_TIME',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
  'SERVER_BUSY',
];
const FINAL = ['INVALID_INPUT', 'INVALID_REQUESTER_INFO', 'VAT_BLOCKED', 'IP_BLOCKED'];

async function open(t: TestContext, settings: Readonly<Record<string, string>> = {}) {
  const peer = await ViesPeer.open(t);
  const pack = await PackInstall.open(t, 'vies', { settings: { vies_url: peer.url, ...settings } });
  return { pack, peer };
}

const BELGIAN = { vies_vat: 'be 0123.456.789' };
const FOUND = {
  vies_valid: true,
  vies_date: '2026-03-14',
  vies_name: 'NV ACME & Söhne',
  vies_address: 'Rue de la Loi 1\n1000 Bruxelles',
  vies_error: '',
};

describe('the pack vies', () => {
  it('checks a number as people write it, over SOAP and over REST', async (t) => {
    const { pack, peer } = await open(t);
    assert.deepEqual(await pack.done('vies-check', BELGIAN), FOUND);
    assert.deepEqual(await pack.done('vies-check-rest', BELGIAN), { ...FOUND, vies_reference: '' });
    const values = { countryCode: 'BE', vatNumber: '0123456789' };
    assert.deepEqual(peer.asked, [
      { way: 'checkVat', values },
      { way: 'rest', values },
    ]);
  });

  it('says that a number is not valid, and of a valid one that nobody tells whose it is', async (t) => {
    const { pack, peer } = await open(t);
    for (const map of ['vies-check', 'vies-check-rest']) {
      const greek = await pack.done(map, { vies_vat: 'GR094259216' });
      assert.deepEqual([greek['vies_valid'], greek['vies_name']], [false, '']);
      const german = await pack.done(map, { vies_vat: 'DE 123 456 789' });
      assert.deepEqual([german['vies_valid'], german['vies_name'], german['vies_address']], [true, '', '']);
    }
    assert.equal(peer.asked[0]?.values['countryCode'], 'EL');
  });

  it('compares what is known, and gives the reference that proves it to whoever asked', async (t) => {
    const { pack, peer } = await open(t, { vies_requester: 'FR 12 345678901' });
    const trader = { name: 'NV ACME & Söhne', city: 'Bruxelles' };
    const found = await pack.done('vies-check-approx', { ...BELGIAN, vies_trader: trader });
    assert.equal(found['vies_reference'], 'WAPIAAAA1');
    assert.deepEqual(found['vies_matches'], { name: 'yes' });
    assert.deepEqual(peer.asked[0]?.values, {
      countryCode: 'BE',
      vatNumber: '0123456789',
      traderName: 'NV ACME & Söhne',
      traderCity: 'Bruxelles',
      requesterCountryCode: 'FR',
      requesterVatNumber: '12345678901',
    });
    const other = await pack.done('vies-check-approx', { ...BELGIAN, vies_trader: { name: 'Other' } });
    assert.deepEqual(other['vies_matches'], { name: 'no' });
    assert.deepEqual((await pack.done('vies-check-approx', BELGIAN))['vies_matches'], {});
    assert.equal((await pack.done('vies-check-rest', BELGIAN))['vies_reference'], 'WAPIAAAA2');
  });

  it('calls Greece by the name that it has there, whoever asks', async (t) => {
    const { pack, peer } = await open(t, { vies_requester: 'GR 094259216' });
    await pack.done('vies-check-approx', BELGIAN);
    await pack.done('vies-check-rest', BELGIAN);
    const [soap, rest] = peer.asked.map(({ values }) => values);
    assert.deepEqual([soap?.['requesterCountryCode'], soap?.['requesterVatNumber']], ['EL', '094259216']);
    assert.deepEqual([rest?.['requesterMemberStateCode'], rest?.['requesterNumber']], ['EL', '094259216']);
  });

  for (const map of ['vies-check', 'vies-check-approx', 'vies-check-rest']) {
    it(`tries again what may pass, and leaves the rest to a person: ${map}`, async (t) => {
      const { pack, peer } = await open(t);
      for (const fault of [...RETRIED, ...FINAL]) {
        peer.fault = fault;
        const { run, step, left } = await pack.call(map, BELGIAN);
        assert.deepEqual([fault, run.wait?.for], [fault, RETRIED.includes(fault) ? 'time' : 'person']);
        assert.equal(left['vies_error'], fault);
        assert.ok(step.failure?.message.includes(fault));
      }
    });
  }

  it('tells the fault in the older way of writing it, too', async (t) => {
    const { pack, peer } = await open(t);
    peer.fault = "{ 'MS_UNAVAILABLE' }";
    assert.equal((await pack.call('vies-check', BELGIAN)).run.wait?.for, 'time');
  });

  it('asks nobody without a number', async (t) => {
    const { pack, peer } = await open(t);
    await pack.fails('vies-check', {}, 'PARAMETER_EMPTY', 'countryCode');
    await pack.fails('vies-check-rest', { vies_vat: 'BE' }, 'PARAMETER_EMPTY', 'vatNumber');
    assert.deepEqual(peer.asked, []);
  });

  it('tells which registers can be asked', async (t) => {
    const { pack } = await open(t);
    assert.deepEqual(await pack.done('vies-status'), { vies_available: true, vies_countries_down: ['DE'] });
    const none = await PackInstall.open(t, 'vies', { settings: { vies_url: 'http://127.0.0.1:9' } });
    await none.fails('vies-status', {}, 'CALL_REFUSED');
  });

  it('runs its example, which ends by what came of it', async (t) => {
    const { pack, peer } = await open(t);
    const endOf = async (vat: string): Promise<string | undefined> => {
      const { run, steps } = await pack.start('vies-example', { vat });
      return `${run.status} ${steps.at(-1)?.task}`;
    };
    assert.equal(await endOf('BE0123456789'), 'completed valid');
    assert.equal(await endOf('BE0000000000'), 'completed invalid');
    peer.fault = 'INVALID_INPUT';
    assert.equal(await endOf('XX1'), 'failed not-checked');
  });

  it('has no map and no workflow that these tests leave out', () => assertAllRan('vies'));

  it('is tested on the WSDL that the server here has', () => {
    const folder = new URL('../../maps/vies/tests/', import.meta.url);
    const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const inside = texts.flatMap((text) =>
      [...text.matchAll(/<wsdl><!\[CDATA\[(.*?)\]\]><\/wsdl>/gsu)].map(([, wsdl = '']) => wsdl.trim()),
    );
    assert.ok(inside.length >= 2);
    for (const wsdl of inside) assert.equal(wsdl, VIES_WSDL.trim());
  });
});
