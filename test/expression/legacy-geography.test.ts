import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ADMIN } from '../../tools/conformance/memory-world.ts';
import { answerOfServers, onAccount, relatedServices } from './related-world.ts';

const GEOCODER = { geocoder_url: 'https://geo.example/search' };

const world = (settings: Readonly<Record<string, string>> = GEOCODER) =>
  relatedServices({ settings, getText: answerOfServers });

describe('functions of places', () => {
  it('ask the geocoder that a setting names', async () => {
    assert.equal(await onAccount("getLatitude('Paris')", world()), '48.85');
    assert.equal(await onAccount("getLongitude('Paris')", world()), '2.35');
    assert.equal(await onAccount("getLongitudeLatitude('Paris')", world()), '2.35,48.85');
  });

  it('measure as the crow flies, and by road where a setting names a router', async () => {
    const km = /^39\d\.\d{1,4} km$/u;
    assert.match(String(await onAccount("getGEODistance('Paris', 'Lyon')", world())), km);
    assert.match(String(await onAccount('getGEODistanceFromCoordinates(48.85, 2.35, 45.75, 4.85)')), km);
    assert.match(String(await onAccount("getGEODistanceFromCoordinates('48.85,2.35', '45.75, 4.85')")), km);
    assert.equal(await onAccount('getGEODistanceFromCoordinates(1, 2, 1, 2)'), '0 km');
    const router = { ...GEOCODER, router_url: 'https://router.example' };
    assert.equal(await onAccount("getGEODistance('Paris', 'Lyon')", world(router)), '465.3 km');
  });

  it('take the addresses of the company, of users and of records', async () => {
    const company = { ...GEOCODER, company_city: 'Paris', company_country: 'France' };
    assert.match(String(await onAccount("getGEODistanceFromCompanyAddress('Lyon')", world(company))), /^39\d/u);
    const user = { ...ADMIN, fields: { ...ADMIN.fields, address_city: 'Paris' } };
    const services = relatedServices({ settings: GEOCODER, getText: answerOfServers, users: [user] });
    assert.match(String(await onAccount("getGEODistanceFromUserAddress('Lyon')", services)), /^39\d/u);
    assert.match(String(await onAccount('getGEODistanceFromUser2AccountBilling(id)', services)), /^39\d/u);
    const assigned = "getGEODistanceFromAssignUser2AccountBilling(id, '19x1', 'city')";
    assert.match(String(await onAccount(assigned, services)), /^39\d/u);
    assert.equal(await onAccount("getGEODistanceFromUser2AccountBilling('')", services), '0');
    assert.equal(await onAccount("getGEODistanceFromUser2ContactShipping('12x9')", services), '0');
  });

  const failing: readonly [expression: string, settings: Readonly<Record<string, string>>][] = [
    ["getLatitude('Paris')", {}],
    ["getLatitude('Paris')", { geocoder_url: 'no url' }],
    ["getLatitude('Atlantis')", GEOCODER],
    ["getGEODistanceFromCompanyAddress('Lyon')", GEOCODER],
    ["getGEODistanceFromUserAddress('Lyon')", GEOCODER],
    ["getGEODistanceFromCoordinates('here', 'there')", GEOCODER],
  ];
  for (const [expression, settings] of failing) {
    it(`fail: ${expression} ${JSON.stringify(settings)}`, () =>
      assert.rejects(onAccount(expression, world(settings)), { code: 'EXPRESSION_FAILED' }));
  }
});

describe('EUVATValidation', () => {
  it('says what the tax office says, and asks nobody about what is no number', async () => {
    assert.equal(await onAccount("EUVATValidation('ES 123-456.78')", world()), true);
    assert.equal(await onAccount("EUVATValidation('FR999999')", world()), false);
    assert.equal(await onAccount("EUVATValidation('12')"), false);
    assert.equal(await onAccount('EUVATValidation()'), false);
  });

  it('fails where the tax office cannot say', () =>
    assert.rejects(onAccount("EUVATValidation('DE111111')", world()), { code: 'EXPRESSION_FAILED' }));
});
