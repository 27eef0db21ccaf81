import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallRequest } from '../../../src/core/call.ts';
import { putToken } from '../../../src/connector/credential/token-place.ts';
import { putSession } from '../../../src/connector/credential/vtiger-session.ts';

const FORM = 'application/x-www-form-urlencoded';

const request = (url: string, more: Partial<CallRequest> = {}): CallRequest => ({
  method: 'GET',
  url,
  headers: [],
  body: undefined,
  connectTimeoutMs: 1,
  totalTimeoutMs: 1,
  maxAnswerBytes: 1,
  ...more,
});

describe('the place of a token', () => {
  it('is a header of any name, once', () => {
    const given = request('https://a.example/', {
      headers: [
        ['authorization', 'old'],
        ['X-Other', '1'],
      ],
    });
    const bearer = putToken(given, { in: 'header', name: 'Authorization', prefix: 'Bearer' }, 't');
    assert.deepEqual(bearer.headers, [
      ['X-Other', '1'],
      ['Authorization', 'Bearer t'],
    ]);
    const bare = putToken(given, { in: 'header', name: 'Token', prefix: '' }, 't');
    assert.deepEqual(bare.headers.at(-1), ['Token', 't']);
  });

  it('is a parameter of the address, which stays as it was written', () => {
    const cases: readonly (readonly [url: string, with_: string])[] = [
      ['https://a.example', 'https://a.example?api%20key=t%26'],
      ['https://a.example/x?', 'https://a.example/x?api%20key=t%26'],
      ['https://a.example/x?b=%41+c&api+key=old#end', 'https://a.example/x?b=%41+c&api%20key=t%26#end'],
      ['https://a.example/x?api%20key=1&api%20key=2&%zz=1', 'https://a.example/x?%zz=1&api%20key=t%26'],
    ];
    for (const [url, expected] of cases) {
      assert.equal(putToken(request(url), { in: 'query', name: 'api key' }, 't&').url, expected);
    }
  });

  it('is a cookie among others', () => {
    const given = request('https://a.example/', {
      headers: [
        ['Cookie', 'a=1; sid=old'],
        ['cookie', 'b=2'],
      ],
    });
    assert.deepEqual(putToken(given, { in: 'cookie', name: 'sid' }, 't').headers, [['Cookie', 'a=1; b=2; sid=t']]);
  });

  it('is, for a session of vtiger, a field of a form, else the address', () => {
    const url = 'https://a.example/webservice.php?sessionName=old&operation=query';
    assert.equal(putSession(request(url), 's').url, 'https://a.example/webservice.php?operation=query&sessionName=s');
    const typed = { method: 'POST', headers: [['content-type', `${FORM}; charset=utf-8`]] as const };
    assert.equal(putSession(request(url, { ...typed, body: 'a=1&sessionName=old' }), 's').body, 'a=1&sessionName=s');
    const empty = putSession(request('https://a.example/', { method: 'POST' }), 's');
    assert.deepEqual([empty.body, empty.headers], ['sessionName=s', [['Content-Type', FORM]]]);
    const json = request('https://a.example/', {
      method: 'POST',
      headers: [['Content-Type', 'application/json']],
      body: '{}',
    });
    assert.deepEqual(
      [putSession(json, 's').url, putSession(json, 's').body],
      ['https://a.example/?sessionName=s', '{}'],
    );
  });
});
