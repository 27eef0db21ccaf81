import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { DOTS, createRedactor } from '../../src/connector/redactor.ts';

/** As OpenSSL writes one: some 1,700 characters in lines of 64. */
const PEM = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;
const P12 = randomBytes(30_000).toString('base64');
/** A file of JSON, as providers of services hand them out, with text beyond ASCII. */
const JSON_FILE = JSON.stringify({ name: 'Schlüssel 漢字'.repeat(90), key: PEM, note: 'ä"ö/ü\\'.repeat(60) }, null, 2);
/** Nothing in it that is no sign, but for its ends. */
const SIGNS = `"${'\'"&<>\\/%+ '.repeat(200)}"`;

const SECRETS: Readonly<Record<string, string>> = {
  'a key in PEM': PEM,
  'a .p12 in base64': P12,
  'a JSON file': JSON_FILE,
};

const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  'in JSON': (secret) => JSON.stringify(secret),
  'in JSON, as PHP writes it': (secret) =>
    JSON.stringify(secret)
      .replaceAll('/', '\\/')
      .replaceAll(/[\u0080-\uffff]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in JSON in JSON': (secret) => JSON.stringify(JSON.stringify(secret)),
  'as HTML': (secret) => secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
  'percent-encoded': (secret) => encodeURIComponent(secret),
  'percent-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'in a form': (secret) => new URLSearchParams([['', secret]]).toString(),
  'from a header read as ISO 8859-1': (secret) => Buffer.from(secret).toString('latin1'),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'one byte into base64url': (secret) => Buffer.from(`x${secret}`).toString('base64url'),
  'two bytes into base64, percent-encoded': (secret) =>
    encodeURIComponent(Buffer.from(`xy${secret}`).toString('base64')),
  'in base64, in lines': (secret) => Buffer.from(secret).toString('base64').replaceAll(/.{76}/gu, '$&\r\n'),
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
  'in upper hex': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
};

/** The longest row of letters and digits that is left of what was looked through. */
function longestShown(shown: string): number {
  return Math.max(...shown.split(DOTS).map((part) => part.replaceAll(/[^A-Za-z0-9]/gu, '').length));
}

describe('a secret of thousands of characters', () => {
  for (const [what, secret] of Object.entries(SECRETS)) {
    const redactor = createRedactor();
    redactor.add(secret);
    for (const [name, write] of Object.entries(FORMS)) {
      it(`is hidden, ${what}: ${name}`, () => {
        const shown = redactor.redact(`before it: ${write(secret)} and after it`);
        assert.ok(shown.startsWith('before it: ') && shown.endsWith(' and after it'), shown.slice(0, 100));
        assert.ok(longestShown(shown) < 48, shown);
      });
    }
  }

  it('is hidden in part: lines, and what a message has cut', () => {
    const redactor = createRedactor();
    redactor.add(PEM);
    const lines = PEM.split('\n').filter((line) => line.length === 64);
    assert.ok(lines.length > 20);
    for (const line of lines) assert.ok(longestShown(redactor.redact(`line: ${line}.`)) < 20, line);
    for (let start = 100; start < 400; start += 7) {
      const shown = redactor.redact(`it is ${PEM.slice(start, start + 120)}`);
      assert.ok(longestShown(shown) < 48 && shown.includes(DOTS), shown);
    }
    assert.ok(redactor.redact(`bad key "${PEM.slice(0, 40)}..."`).includes(DOTS));
  });

  it('is hidden across the end of what is shown, and where texts are looked through in blocks', () => {
    const redactor = createRedactor();
    redactor.add(P12);
    for (let before = 256 * 1024 - 90; before <= 256 * 1024 + 90; before += 15) {
      const shown = redactor.redact(`${'-'.repeat(before)}${P12.slice(1_000, 1_100)}`);
      assert.ok(longestShown(shown) < 48, `${before}`);
    }
    for (let length = 10; length < 200; length += 10) {
      assert.ok(longestShown(redactor.redactStart(`-- ${P12}`, length)) < 24);
    }
    assert.ok(redactor.longestForm < 10_000, `${redactor.longestForm}`);
  });

  it('that is all signs is hidden by its start', () => {
    const redactor = createRedactor();
    redactor.add(SIGNS);
    assert.ok(!redactor.redact(`x ${SIGNS}`).includes(SIGNS.slice(0, 64)));
    const [start = ''] = redactor.redact(`x ${JSON.stringify(SIGNS)}`).split(DOTS);
    assert.ok(start.length < 10, start);
  });

  it('leaves other text alone, other keys too', () => {
    const redactor = createRedactor();
    for (const secret of [PEM, P12, JSON_FILE]) redactor.add(secret);
    for (const text of [
      '-----BEGIN PRIVATE KEY-----',
      randomBytes(3_000).toString('base64'),
      randomBytes(3_000).toString('hex'),
      JSON.stringify({ a: 'Schlüssel', b: [1, 2, '%20&amp;\\u00e4'] }),
      `${'\\'.repeat(5_000)}${'%25'.repeat(5_000)}&${'amp;'.repeat(5_000)}&#99999999;&#x110000;%ff%`,
      'Ä'.repeat(100),
    ]) {
      assert.equal(redactor.redact(text), text);
    }
  });
});

describe('the work that a secret makes', () => {
  /** How much longer twice as much takes is what tells linear from quadratic, on a slow machine too. */
  it('stays bounded: 1 MiB of quotes, of one letter, of bytes; half a million places', () => {
    const secrets = ['"'.repeat(2 ** 20), 'a'.repeat(2 ** 20), randomBytes(786_000).toString('base64'), 'abcd'];
    const redactor = createRedactor();
    for (const secret of secrets) redactor.add(secret);
    const text = `${'"'.repeat(10_000)} ${'a'.repeat(10_000)} ${'abcd abcdefgh '.repeat(250_000)}`;
    const shown = redactor.redact(text);
    assert.ok(!/abcd|a{40}|"{64}/u.test(shown));
  });
});
