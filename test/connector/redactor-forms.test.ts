import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DOTS, createRedactor } from '../../src/connector/redactor.ts';
import { MIN_FORM_LENGTH, secretForms } from '../../src/connector/secret-forms.ts';

/** Letters that base64 and hex write too, their signs, and what every encoding escapes in its own way. */
const SECRET = fc.string({
  unit: fc.constantFrom(...'abcdefABCDEF0123456789XYZ+/=_-%', ...'äö"\\/<&\' é漢'),
  minLength: 4,
  maxLength: 24,
});
const FILLER = fc.string({ unit: fc.constantFrom(...'abcdefABCDEF0123456789+/=_-% "&'), maxLength: 30 });

type Disguise = (secret: string, filler: string) => string;

const DISGUISES: readonly Disguise[] = [
  (secret) => secret,
  (secret, filler) => Buffer.from(filler.slice(0, 3) + secret + filler.slice(3, 6)).toString('base64'),
  (secret, filler) => Buffer.from(filler.slice(0, 2) + secret).toString('base64url'),
  (secret) => Buffer.from(secret).toString('hex'),
  (secret, filler) => encodeURIComponent(Buffer.from(secret + filler.slice(0, 2)).toString('base64')),
  (secret) => encodeURIComponent(JSON.stringify(secret)),
  (secret) => secret.slice(0, -1),
];

const PIECE = fc.record({
  disguise: fc.constantFrom(...DISGUISES),
  secret: fc.nat(),
  filler: FILLER,
  end: fc.constantFrom('', ' ', '=', '&', '"'),
});

describe('the quick looks of a redactor', () => {
  it('miss nothing that a search for every form of every secret finds', () => {
    const property = fc.property(
      fc.array(SECRET, { minLength: 1, maxLength: 3 }),
      fc.array(PIECE, { maxLength: 6 }),
      (secrets, pieces) => {
        const redactor = createRedactor();
        for (const secret of secrets) redactor.add(secret);
        const text = pieces
          .map(({ disguise, secret, filler, end }) => {
            return filler + disguise(secrets[secret % secrets.length] ?? '', filler) + end;
          })
          .join('');
        assert.equal(redactor.redact(text), hideEveryForm(text, secrets));
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });
});

/** What the redactor promises, done the long way. */
function hideEveryForm(text: string, secrets: readonly string[]): string {
  const all = secrets.flatMap((secret) => [secret, secret.trim()]).filter(({ length }) => length >= MIN_FORM_LENGTH);
  const forms = all.map(secretForms);
  const found = forms.flatMap(({ readable, encoded }) => [
    ...[...readable, ...encoded].flatMap((form) => placesOf(text, form)),
    ...readable.flatMap((form) => cutPlacesOf(text, form)),
  ]);
  let hidden = '';
  let shownTo = 0;
  for (const { start, end } of found.toSorted((a, b) => a.start - b.start)) {
    if (start > shownTo || (start === shownTo && !hidden.endsWith(DOTS))) hidden += text.slice(shownTo, start) + DOTS;
    shownTo = Math.max(shownTo, end);
  }
  return hidden + text.slice(shownTo);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function placesOf(text: string, form: string): Place[] {
  const places: Place[] = [];
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + form.length)) {
    places.push({ start, end: start + form.length });
  }
  return places;
}

/** Where the form begins and is cut: by a quote, or by dots. */
function cutPlacesOf(text: string, form: string): Place[] {
  const places: Place[] = [];
  for (let length = form.length - 1; length >= 16; length--) {
    for (const mark of ['"', '...', '\u2026']) {
      for (const { start } of placesOf(text, form.slice(0, length) + mark)) {
        // What goes on as the form does is not cut here.
        if (!form.startsWith(mark[0] ?? '', length)) places.push({ start, end: start + length });
      }
    }
  }
  return places;
}
