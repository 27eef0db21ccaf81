import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createRedactor, DOTS } from '../../src/connector/redactor.ts';

const NUM_RUNS = 150;

/** Any Unicode, whole characters and halves of them; what stands for a secret is none. */
const secrets = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
    fc.string({
      unit: fc.constantFrom('\ud800', '\udc00', 'a', '0', '"', '\n', ' ', 'ü', '漢'),
      minLength: 1,
      maxLength: 200,
    }),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 }),
  )
  .filter((secret) => !secret.includes('•'));
const text = fc.string({ unit: 'binary', maxLength: 60 });

const utf8 = (one: string): Buffer => Buffer.from(one, 'utf8');

function html(one: string, quote: string, apostrophe: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': quote,
    "'": apostrophe,
  };
  return one.replaceAll(/[&<>"']/gu, (sign) => entities[sign] ?? sign);
}

/** How a secret may be written; where bytes stand around it, what they alone decide of the code is cut off. */
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  'as HTML (Python)': (secret) => html(secret, '&quot;', '&#x27;'),
  'as HTML (PHP)': (secret) => html(secret, '&quot;', '&#039;'),
  'as HTML (Go)': (secret) => html(secret, '&#34;', '&#39;'),
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in JSON in JSON': (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  'percent-encoded': (secret) => encodeURIComponent(secret),
  'percent-encoded in lower case': (secret) =>
    encodeURIComponent(secret).replaceAll(/%../gu, (escape) => escape.toLowerCase()),
  'in a form': (secret) => new URLSearchParams([['', secret]]).toString().slice(1),
  'from a header read as ISO 8859-1': (secret) => utf8(secret).toString('latin1'),
  'in hex': (secret) => utf8(secret).toString('hex'),
  'in upper hex': (secret) => utf8(secret).toString('hex').toUpperCase(),
  'in base64': (secret) => utf8(secret).toString('base64'),
  'in base64url': (secret) => utf8(secret).toString('base64url'),
  'in base64, percent-encoded': (secret) => encodeURIComponent(utf8(secret).toString('base64')),
  'percent-encoded, in base64': (secret) => utf8(encodeURIComponent(secret)).toString('base64'),
  'one byte into base64': (secret) => utf8(`x${secret}`).toString('base64url').slice(2),
  'two bytes into base64': (secret) => utf8(`xy${secret}`).toString('base64url').slice(3),
};

describe('a secret of any length and any characters', () => {
  for (const [name, write] of Object.entries(FORMS)) {
    it(`is hidden in any text: ${name}`, () => {
      fc.assert(
        fc.property(secrets, text, text, (given, before, after) => {
          const secret = given.toWellFormed();
          fc.pre(secret.length >= 4 && write(secret).length >= 4);
          const redactor = createRedactor();
          redactor.add(given);
          // A blank ends what base64 and hex could go on with.
          const shown = redactor.redact(`${before} ${write(secret)} ${after}`);
          assert.ok(shown.includes(DOTS));
          assert.ok(!shown.includes(coreOf(name, write(secret))), shown);
        }),
        { numRuns: NUM_RUNS },
      );
    });
  }

  it('shorter than four characters is not hidden by its value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 3 }), text, (secret, around) => {
        const redactor = createRedactor();
        redactor.add(secret);
        const whole = `${around}${secret}${around}`;
        assert.equal(redactor.redact(whole), whole.toWellFormed());
      }),
      { numRuns: NUM_RUNS },
    );
  });

  it('is hidden without the blanks around it, too', () => {
    fc.assert(
      fc.property(secrets, fc.constantFrom('\n', '\r\n', ' ', '\t\n'), (given, blank) => {
        const secret = given.toWellFormed().trim();
        fc.pre(secret.length >= 4);
        const redactor = createRedactor();
        redactor.add(`${secret}${blank}`);
        assert.ok(!redactor.redact(`it is ${secret}.`).includes(secret));
      }),
      { numRuns: NUM_RUNS },
    );
  });

  it('is hidden where a message has cut it, once 16 characters are seen', () => {
    const cuts = fc.constantFrom('"', '...', '\u2026', '..."');
    const long = fc.string({ unit: fc.constantFrom(...'abcXYZ0123456789-_'), minLength: 17, maxLength: 200 });
    fc.assert(
      fc.property(long, fc.nat(), cuts, (secret, at, cut) => {
        const redactor = createRedactor();
        redactor.add(secret);
        const shown = secret.slice(0, 16 + (at % (secret.length - 16)));
        assert.equal(redactor.redact(`amount: "${shown}${cut} is no number`), `amount: "${DOTS}${cut} is no number`);
      }),
      { numRuns: NUM_RUNS },
    );
  });
});

/** The last sign of base64 may belong to the byte behind the secret as well. */
function coreOf(name: string, form: string): string {
  return name.includes('into base64') ? form.slice(0, -1) : form;
}
