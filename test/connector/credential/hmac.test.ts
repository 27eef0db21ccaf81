import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { CallRequest } from '../../../src/core/call.ts';
import type { HmacCredential } from '../../../src/core/credential.ts';
import { applyHmac } from '../../../src/connector/credential/hmac.ts';
import { applyingWith, headersOf, sending } from './signed-calls.ts';

const MOMENT = '1994-11-06T08:49:37.250Z';
const NONCE = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

function hmac(more: Partial<HmacCredential>): HmacCredential {
  return {
    kind: 'hmac',
    key: 'Jefe',
    algorithm: 'sha256',
    encoding: 'hex',
    covers: '{body}',
    send: { in: 'header', name: 'X-Signature', prefix: '' },
    timestampHeader: undefined,
    nonceHeader: undefined,
    ...more,
  };
}

function signed(
  credential: Partial<HmacCredential>,
  more: Partial<CallRequest> = {},
  url = 'https://a.example/',
): CallRequest {
  return applyHmac(sending(url, more), hmac(credential), applyingWith(MOMENT, NONCE));
}

// RFC 4231 and RFC 2202, test case 2.
for (const [algorithm, digest] of [
  ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [
    'sha512',
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
  ['sha1', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
] as const) {
  test(`${algorithm} gives what its test vector says, in hex and in base64`, () => {
    const body = 'what do ya want for nothing?';
    assert.deepEqual(headersOf(signed({ algorithm }, { body }), 'X-Signature'), [digest]);
    const inBase64 = Buffer.from(digest, 'hex').toString('base64');
    assert.deepEqual(headersOf(signed({ algorithm, encoding: 'base64' }, { body }), 'X-Signature'), [inBase64]);
  });
}

const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

for (const [name, text] of [
  ['method', 'POST'],
  ['url', 'https://a.example:8443/p%C3%A4th/x%20y?b=1&a=%C3%BC'],
  ['path', '/p%C3%A4th/x%20y'],
  ['query', 'b=1&a=%C3%BC'],
  ['host', 'a.example:8443'],
  ['body-sha256', EMPTY_HASH],
  ['timestamp', '784111777'],
  ['timestamp-ms', '784111777250'],
  ['date', 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ['iso-date', '1994-11-06T08:49:37.250Z'],
  ['nonce', '00112233445566778899aabbccddeeff'],
] as const) {
  test(`{${name}} is signed as it is sent`, () => {
    const url = 'https://a.example:8443/päth/x y?b=1&a=ü#part';
    const sent = signed({ covers: `<{${name}}>{ {` }, { method: 'POST' }, url);
    const expected = createHmac('sha256', 'Jefe').update(`<${text}>{ {`).digest('hex');
    assert.deepEqual(headersOf(sent, 'X-Signature'), [expected]);
  });
}

test('a body of bytes that are no text is signed as it is', () => {
  const body = Buffer.from([0, 255, 128, 10]);
  const expected = createHmac('sha256', 'Jefe').update('a\n').update(body).digest('hex');
  assert.deepEqual(headersOf(signed({ covers: 'a\n{body}' }, { body }), 'X-Signature'), [expected]);
});

test('the time is sent as it was signed, and the nonce', () => {
  const headers = { timestampHeader: 'X-Time', nonceHeader: 'X-Nonce' };
  const seconds = signed({ covers: '{timestamp}.{body}', ...headers });
  assert.deepEqual(headersOf(seconds, 'X-Time'), ['784111777']);
  assert.deepEqual(headersOf(seconds, 'X-Nonce'), ['00112233445566778899aabbccddeeff']);
  assert.deepEqual(headersOf(signed({ covers: '{date}', ...headers }), 'X-Time'), ['Sun, 06 Nov 1994 08:49:37 GMT']);
  assert.deepEqual(headersOf(signed({ covers: '{iso-date}', ...headers }), 'X-Time'), ['1994-11-06T08:49:37.250Z']);
});

test('a signature in the address is not part of what it signs', () => {
  const sent = signed({ covers: '{url}', send: { in: 'query', name: 'sig' } }, {}, 'https://a.example/x?a=1');
  const expected = createHmac('sha256', 'Jefe').update('https://a.example/x?a=1').digest('hex');
  assert.equal(sent.url, `https://a.example/x?a=1&sig=${expected}`);
});
