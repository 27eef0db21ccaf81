import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallRequest } from '../../../src/core/call.ts';
import type { Credential, TokenPlace } from '../../../src/core/credential.ts';
import { applyPlain } from '../../../src/connector/credential/plain-kinds.ts';
import { applyingWith, headersOf, sending } from './signed-calls.ts';

const named = { name: 'shop', subject: '' };

function keyed(send: TokenPlace, key = 'k&1=ü'): Extract<Credential, { kind: 'api-key' }> {
  return { ...named, kind: 'api-key', key, send };
}

function applied(url: string, credential: ReturnType<typeof keyed>, more: Partial<CallRequest> = {}): CallRequest {
  return applyPlain(sending(url, more), credential, applyingWith());
}

const header: TokenPlace = { in: 'header', name: 'X-Key', prefix: '' };

test('a key stands in its header, with its prefix, in the place of one that the map gave', () => {
  const sent = applied('https://a.example/', keyed(header), { headers: [['x-key', 'old']] });
  assert.deepEqual(headersOf(sent, 'X-Key'), ['k&1=ü']);
  assert.deepEqual(headersOf(applied('https://a.example/', keyed({ ...header, prefix: 'Token' })), 'X-Key'), [
    'Token k&1=ü',
  ]);
});

test('a key in the address is encoded, and nothing else of the address changes', () => {
  const sent = applied('https://a.example/x?b=%20&key=old&a=1#part', keyed({ in: 'query', name: 'key' }));
  assert.equal(sent.url, 'https://a.example/x?b=%20&a=1&key=k%261%3D%C3%BC#part');
});

test('a key in a cookie stands beside the cookies that the map gave', () => {
  const sent = applied('https://a.example/', keyed({ in: 'cookie', name: 'sid' }, 'abc'), {
    headers: [['cookie', 'lang=de; sid=old']],
  });
  assert.deepEqual(headersOf(sent, 'Cookie'), ['lang=de; sid=abc']);
});

test('the line break at the end of a stored key is no part of it', () => {
  assert.deepEqual(headersOf(applied('https://a.example/', keyed(header, 'abc\n')), 'X-Key'), ['abc']);
  assert.equal(
    applied('https://a.example/', keyed({ in: 'query', name: 'k' }, 'abc\r\n')).url,
    'https://a.example/?k=abc',
  );
});

for (const [what, place, key] of [
  ['a line break in a header', header, 'a\r\nX-Admin: 1'],
  ['a semicolon in a cookie', { in: 'cookie', name: 'sid' }, 'a; admin=1'],
  ['a sign beyond ASCII in a cookie', { in: 'cookie', name: 'sid' }, 'ä'],
  ['nothing', header, ' \n'],
] as const) {
  test(`a key with ${what} is not sent`, () => {
    assert.throws(() => applied('https://a.example/', keyed(place, key)), { code: 'CREDENTIAL_UNSENDABLE' });
  });
}

test('a login as RFC 7617 writes it, in UTF-8', () => {
  const on = applyingWith();
  const first = applyPlain(
    sending('https://a.example/'),
    { ...named, kind: 'basic', user: 'Aladdin', password: 'open sesame' },
    on,
  );
  assert.deepEqual(headersOf(first, 'Authorization'), ['Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==']);
  const second = applyPlain(
    sending('https://a.example/'),
    { ...named, kind: 'basic', user: 'test', password: '123\u{A3}' },
    on,
  );
  assert.deepEqual(headersOf(second, 'Authorization'), ['Basic dGVzdDoxMjPCow==']);
  assert.deepEqual(on.secrets, ['QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'dGVzdDoxMjPCow==']);
});

test('a user with a colon cannot log in with Basic', () => {
  assert.throws(
    () =>
      applyPlain(
        sending('https://a.example/'),
        { ...named, kind: 'basic', user: 'a:b', password: 'c' },
        applyingWith(),
      ),
    { code: 'CREDENTIAL_UNSENDABLE' },
  );
});
