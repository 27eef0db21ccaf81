import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CallRequest } from '../../src/core/call.ts';
import type { Json } from '../../src/core/json.ts';
import { createRedactor } from '../../src/connector/redactor.ts';
import { isSensitiveHeader, isSensitiveName, redactJson } from '../../src/connector/sensitive-name.ts';
import { recordAnswer, recordRequest } from '../../src/connector/call-record.ts';
import { maskFormText, maskJsonText, maskUrl } from '../../src/connector/masked-text.ts';
import { maskXmlText } from '../../src/connector/masked-xml.ts';
import { requestTo } from './peer.ts';

const DOTS = '••••';
const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const form = (text: string): string => new URLSearchParams({ a: text }).toString().slice(2);

/** How a secret may come to be written; each is undone by its own means, not by the redactor's. */
const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  percent: (text) => encodeURIComponent(text),
  'percent, lower case': (text) => encodeURIComponent(text).replaceAll(/%../gu, (escape) => escape.toLowerCase()),
  form,
  'url query': (text) =>
    new URL(`http://h/?${text.replaceAll(/[#\t\r\n]/gu, encodeURIComponent)}.`).search.slice(1, -1),
  json: (text) => JSON.stringify(text).slice(1, -1),
  'json in json': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  'json in a form': (text) => form(JSON.stringify(text)),
  xml,
  'base64 of xml': (text) => Buffer.from(xml(text)).toString('base64'),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 in a form': (text) => form(Buffer.from(text).toString('base64')),
  hex: (text) => Buffer.from(text).toString('hex'),
  'hex, upper case': (text) => Buffer.from(text).toString('hex').toUpperCase(),
};

const secrets = fc.oneof(
  fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }),
  fc.string({ minLength: 4, maxLength: 40, unit: fc.constantFrom(...'aZ0 +/%&=<>"\'\\?#~*(){}[]|^`\n\tü螺🔩') }),
);

describe('createRedactor', () => {
  for (const [name, encode] of Object.entries(ENCODINGS)) {
    it(`lets no secret survive: ${name}`, () => {
      fc.assert(
        fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
          const redactor = createRedactor();
          redactor.add(secret);
          const redacted = redactor.redact(`${before}\u0001${encode(secret)}\u0001${after}`);
          assert.ok(!redacted.includes(`\u0001${encode(secret)}\u0001`));
          assert.ok(!redacted.includes(encode(secret)));
          assert.ok(redacted.includes(DOTS));
        }),
      );
    });
  }

  it('lets no secret survive inside longer encoded text, at any alignment', () => {
    const bytes = fc.string({ maxLength: 9 });
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 30 }), bytes, bytes, (secret, before, after) => {
        const redactor = createRedactor();
        redactor.add(secret);
        for (const encoding of ['base64', 'base64url', 'hex'] as const) {
          const redacted = redactor.redact(Buffer.from(before + secret + after).toString(encoding));
          assert.ok(redacted.split(DOTS).every((part) => !Buffer.from(part, encoding).toString().includes(secret)));
          assert.ok(redacted.includes(DOTS));
        }
      }),
    );
  });

  it('hides overlapping secrets as one, and shows no rest of the longer', () => {
    const redactor = createRedactor();
    for (const secret of ['abcd', 'cdefghij', 'abcdef', 'wxyz']) redactor.add(secret);
    assert.equal(redactor.redact('-abcdefghij-wxyzwxyz-abc'), `-${DOTS}-${DOTS}-abc`);
  });

  it('leaves short values and other text alone', () => {
    const redactor = createRedactor();
    for (const secret of ['', 'a', 'abc']) redactor.add(secret);
    assert.equal(redactor.redact('abcabc a'), 'abcabc a');
    redactor.add('abcd');
    assert.equal(redactor.redact('abc bcd abCd'), 'abc bcd abCd');
  });

  it('hides a secret that lies across the end whole', () => {
    const redactor = createRedactor();
    redactor.add('secret-text');
    assert.equal(redactor.redactStart('ab secret-text cd', 6), `ab ${DOTS}`);
    assert.equal(redactor.redactStart('ab secret-text cd', 15), `ab ${DOTS} `);
    assert.equal(redactor.redactStart('ab secret-text cd', 2), 'ab');
  });
});

const NAMES: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(
    `accessKey accesskey access_key ACCESS_KEY password Password userPassword user_password userpassword password2
    passwd pwd passphrase secret clientSecret client_secret token access_token refreshToken X-Auth-Token tokens
    sessionName sessionname session_id sessionId JSESSIONID PHPSESSID api_key apiKey APIKey apikey x-api-key privateKey
    credential credentials auth session otp pin jwt peer_token tokenId`
      .split(/\s+/u)
      .map((name) => [name, true]),
  ),
  ...Object.fromEntries(
    `tokenized_at tokenizer token_type tokenType token_expires_in expires_in password_changed_at passwordPolicy key keys
    name sessions session_count author authority pinned passenger compass total_tokens max_tokens secretary
    accountname primary_key monkey id`
      .split(/\s+/u)
      .map((name) => [name, false]),
  ),
  '': false,
};

describe('names', () => {
  for (const [name, isSensitive] of Object.entries(NAMES)) {
    it(`"${name}" ${isSensitive ? 'is' : 'is not'} sensitive`, () => assert.equal(isSensitiveName(name), isSensitive));
  }

  const headers = {
    Authorization: true,
    'proxy-authorization': true,
    Cookie: true,
    'Set-Cookie': true,
    'X-API-Key': true,
  };
  const others = {
    'Api-Key': true,
    Token: true,
    'X-Functions-Key': true,
    'Idempotency-Key': false,
    'Content-Type': false,
  };
  for (const [name, isSensitive] of Object.entries({ ...headers, ...others, Accept: false })) {
    it(`header ${name} ${isSensitive ? 'is' : 'is not'} sensitive`, () =>
      assert.equal(isSensitiveHeader(name), isSensitive));
  }
});

describe('redactJson', () => {
  it('hides sensitive members at any depth and keeps the rest', () => {
    const value = { a: [{ token: 'x', n: 1 }], secret: { deep: [1] }, password: null, sessionName: '', b: true };
    const hidden = { a: [{ token: DOTS, n: 1 }], secret: DOTS, password: null, sessionName: '', b: true };
    assert.deepEqual(redactJson(value), hidden);
  });

  it('does not follow a value without end', () => {
    let deep: Json = { token: 'x' };
    for (let level = 0; level < 20_000; level++) deep = [deep];
    assert.ok(JSON.stringify(redactJson(deep)).includes(DOTS));
  });
});

describe('text masked by name', () => {
  const json: readonly (readonly [string, string])[] = [
    ['{"token":"abc", "n": 1.50}', `{"token":"${DOTS}", "n": 1.50}`],
    ['{"a":{"accessKey" : 12, "b":[ ]}}', `{"a":{"accessKey" : "${DOTS}", "b":[ ]}}`],
    ['{"secret":{"a":["x",{"b":"]"}]},"c":"d"}', `{"secret":"${DOTS}","c":"d"}`],
    ['{"pass\\u0077ord":"x\\"y","c":"token"}', `{"pass\\u0077ord":"${DOTS}","c":"token"}`],
    ['{"token":null,"secret":""}', '{"token":null,"secret":""}'],
    ['{"token":"abc', `{"token":"${DOTS}"`],
    ['{"token":{"a":"abc', `{"token":"${DOTS}"`],
    ['{"token":', '{"token":'],
    ['["token","abc"]', '["token","abc"]'],
    ['{"a":"\\', '{"a":"\\'],
  ];
  for (const [text, masked] of json) it(`JSON ${text}`, () => assert.equal(maskJsonText(text), masked));

  it('JSON stays what it was but for sensitive members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ minLength: 5 }), (value, secret) => {
        const text = JSON.stringify({ before: value, password: { nested: [secret, value] }, after: 1 }, null, 1);
        const masked: unknown = JSON.parse(maskJsonText(text));
        const expected: unknown = JSON.parse(JSON.stringify(redactJson(JSON.parse(text))));
        assert.deepEqual(masked, expected);
      }),
    );
  });

  it('any text is masked without throwing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom(...'{}[]":,\\ token<>/=&%') }),
        (a, b) => {
          for (const text of [a, b])
            assert.equal(
              typeof (maskJsonText(text) + maskFormText(text) + maskXmlText(text) + maskUrl(text)),
              'string',
            );
        },
      ),
    );
  });

  it('forms and queries', () => {
    assert.equal(
      maskFormText('operation=login&accessKey=abc&x=1+2&token='),
      `operation=login&accessKey=${DOTS}&x=1+2&token=`,
    );
    assert.equal(maskFormText('element=%7B%22token%22%3A%22abc%22%7D'), `element=%7B%22token%22%3A%22${DOTS}%22%7D`);
    assert.equal(maskUrl('http://h/p?a=b&session%4Eame=x'), `http://h/p?a=b&session%4Eame=${DOTS}`);
    assert.equal(maskUrl('http://h/p'), 'http://h/p');
  });

  it('XML', () => {
    assert.equal(
      maskXmlText('<a><w:Password Type="t">x</w:Password><b key="1" token="y" ns:secret=\'z\'>c</b><password/></a>'),
      `<a><w:Password Type="t">${DOTS}</w:Password><b key="1" token="${DOTS}" ns:secret="${DOTS}">c</b><password/></a>`,
    );
  });
});

describe('recorded calls', () => {
  it('hide secrets by value and by name, wherever they stand', () => {
    const redactor = createRedactor();
    redactor.add('s3cr3t+value');
    const recorded = recordRequest(
      requestTo('http://h/s3cr3t%2Bvalue/x?sessionName=abc&q=1', {
        method: 'POST',
        headers: [
          ['Authorization', 'Bearer abc.def'],
          ['X-Api-Key', 'abc'],
          ['X-Other', `v ${Buffer.from('u:s3cr3t+value').toString('base64')}`],
          ['Content-Type', 'application/x-www-form-urlencoded'],
        ],
        body: 'a=s3cr3t%2Bvalue&password=abc',
      }),
      redactor,
      [
        { name: 'accessKey', source: 'template', value: 'abc' },
        { name: 'element', source: 'nested', value: '{"token":"abc","x":"s3cr3t+value"}' },
      ],
    );
    assert.equal(recorded.url, `http://h/${DOTS}/x?sessionName=${DOTS}&q=1`);
    assert.equal(recorded.headers[0]?.[1], `Bearer ${DOTS}`);
    assert.equal(recorded.headers[1]?.[1], DOTS);
    assert.ok(recorded.headers[2]?.[1].includes(DOTS));
    assert.deepEqual(recorded.body, { text: `a=${DOTS}&password=${DOTS}`, bytes: 29, cut: false });
    assert.deepEqual(
      recorded.parameters.map(({ value }) => value),
      [DOTS, `{"token":"${DOTS}","x":"${DOTS}"}`],
    );
    assert.equal(JSON.stringify(recorded).includes('abc'), false);
  });

  const SECRET = 's3cr3t+value';
  const PLACES: Readonly<Record<string, Partial<CallRequest>>> = {
    'the address': { url: `http://h/${SECRET}` },
    'a header': { headers: [['X-Other', SECRET]] },
    'the body': { body: SECRET },
    'a body that is not short': { body: `${'x'.repeat(20_000)} ${SECRET}` },
    'a body with a NUL in it': { body: `\u0000 ${SECRET}` },
    'a body of bytes': { body: Buffer.from(SECRET), headers: [['Content-Type', 'text/plain']] },
    'what stands for a file': { body: { length: 1, shown: SECRET, open: async function* () {} } },
  };
  for (const [place, changes] of Object.entries(PLACES)) {
    it(`hide a secret that stands in ${place} and nowhere else`, () => {
      const redactor = createRedactor();
      redactor.add(SECRET);
      const recorded = recordRequest(requestTo('http://h/', changes), redactor, [
        { name: 'x', source: 'context', value: 'nothing' },
      ]);
      assert.equal(JSON.stringify(recorded).includes(SECRET), false);
      assert.ok(JSON.stringify(recorded).includes(DOTS));
    });
  }

  it('hide a secret that stands in a parameter and nowhere else', () => {
    const redactor = createRedactor();
    redactor.add(SECRET);
    const [value, source] = recordRequest(requestTo('http://h/'), redactor, [
      { name: 'x', source: 'context', value: SECRET },
      { name: 'y', source: SECRET, value: 'nothing' },
    ]).parameters;
    assert.deepEqual([value?.value, source?.source, source?.value], [DOTS, DOTS, 'nothing']);
  });

  it('hide secrets with the character that stands between texts, and texts that hold it', () => {
    const redactor = createRedactor();
    for (const secret of ['a\u0000b\u0000c', SECRET]) redactor.add(secret);
    const parameters = ['b', `a\u0000b\u0000c`, SECRET, `${SECRET}\u0000x`].map((value) => ({
      name: 'x',
      source: 'a',
      value,
    }));
    const recorded = recordRequest(requestTo('http://h/'), redactor, parameters);
    const shown = recorded.parameters.map(({ source, value }) => [source, value]);
    assert.deepEqual(shown, [
      ['a', 'b'],
      ['a', DOTS],
      ['a', DOTS],
      ['a', `${DOTS}\u0000x`],
    ]);
  });

  it('hide a secret with half a character in it, which is sent as U+FFFD', () => {
    const redactor = createRedactor();
    redactor.add('s3cr3t\ud800value');
    const parameters = [{ name: 'x', source: 'context', value: 'a s3cr3t\ud800value' }];
    const recorded = recordRequest(requestTo('http://h/', { body: 's3cr3t\ud800value' }), redactor, parameters);
    assert.deepEqual([recorded.body?.text, recorded.parameters[0]?.value], [DOTS, `a ${DOTS}`]);
  });

  const answer = (body: Uint8Array | string, type?: string) => ({
    status: 200,
    headers: type === undefined ? [] : [['content-type', type] as const],
    body: typeof body === 'string' ? Buffer.from(body) : body,
    durationMs: 7,
  });
  const bodyOf = (body: Uint8Array | string, type?: string, secret = '') => {
    const redactor = createRedactor();
    redactor.add(secret);
    return recordAnswer(answer(body, type), redactor).body;
  };

  it('tell binary bodies by their size and type', () => {
    const bytes = new Uint8Array(1_204).fill(0xff);
    assert.deepEqual(bodyOf(bytes, 'image/png'), { text: '(1,204 bytes of image/png)', bytes: 1_204, cut: false });
    assert.equal(bodyOf(bytes)?.text, '(1,204 bytes)');
    assert.equal(bodyOf(new Uint8Array()), undefined);
  });

  it('show text by its type, its charset or its bytes', () => {
    assert.equal(bodyOf('Söhne')?.text, 'Söhne');
    assert.equal(bodyOf(Buffer.from('Söhne', 'latin1'), 'text/plain; charset=iso-8859-1')?.text, 'Söhne');
    assert.equal(bodyOf(Buffer.from('Söhne', 'utf16le'), 'text/plain; charset="UTF-16LE"')?.text, 'Söhne');
    assert.equal(bodyOf(Buffer.from([0x61, 0xff]), 'text/plain; charset=nonsense')?.text, 'a\u{fffd}');
    assert.equal(bodyOf('a\0b', 'text/plain')?.text, 'a\u2400b');
    assert.equal(bodyOf('{"token":"abc"}', 'application/problem+json')?.text, `{"token":"${DOTS}"}`);
    assert.equal(bodyOf('<token>abc</token>', 'application/soap+xml')?.text, `<token>${DOTS}</token>`);
  });

  it('are cut at 64 KiB between two characters, with all bytes counted', () => {
    const text = `a${'螺'.repeat(30_000)}`;
    const body = bodyOf(text, 'text/plain');
    assert.ok(body !== undefined);
    assert.deepEqual([body.bytes, body.cut], [90_001, true]);
    assert.ok(
      text.startsWith(body.text) && Buffer.byteLength(body.text) > 65_530 && Buffer.byteLength(body.text) <= 65_536,
    );
    assert.deepEqual(bodyOf('x'.repeat(65_536)), { text: 'x'.repeat(65_536), bytes: 65_536, cut: false });
  });

  it('show no part of a secret that lies across the cut, whatever was hidden before it', () => {
    const secret = 'correct-horse-battery-staple';
    for (let shift = -30; shift <= 30; shift++) {
      const text = `${secret} `.repeat(40) + 'x'.repeat(65_536 - 40 * 29 + shift) + secret + 'y'.repeat(500);
      const shown = bodyOf(text, 'text/plain', secret)?.text ?? '';
      assert.ok(!/correct|orse|batt|staple|\bc|xc/u.test(shown), `shift ${shift}`);
    }
  });

  it('still fit when dots are longer than what they hide', () => {
    const body = bodyOf('abcd '.repeat(13_000), 'text/plain', 'abcd');
    assert.ok(body !== undefined && Buffer.byteLength(body.text) <= 65_536);
    assert.deepEqual([body.bytes, body.cut], [65_000, true]);
  });
});
