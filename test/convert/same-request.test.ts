import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CallRequest } from '../../src/core/call.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { toLegacyText } from '../../src/expression/legacy/value.ts';
import { tryTexts } from '../engine/map-trial.ts';
import { ACCOUNTS, convertOne, mapText, type MapText } from './conversion-fixture.ts';
import { CONTEXT, PART, RECORD } from './generated-parts.ts';

const FIELDS = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c.d', '0', '1', 'Größe'),
    parts: fc.oneof({ weight: 3, arbitrary: PART.map((one) => [one]) }, fc.array(PART, { minLength: 2, maxLength: 3 })),
    delimiter: fc.constantFrom('', ',', '--None--'),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
);

const MAP: fc.Arbitrary<MapText> = fc.record({
  fields: FIELDS,
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  input: fc.constantFrom('JSON', 'XML', 'URL', 'URLRESTFUL'),
  url: fc.constantFrom('https://erp.example.com/in', 'https://erp.example.com/in?key=1', 'getSetting(erp)/in'),
  headers: fc.constantFrom(
    [],
    [['Content-type', 'application/json']],
    [['Content-type', 'application/x-www-form-urlencoded']],
    [['X-Token', 'Bearer getContext(token)']],
  ),
});

interface Sent {
  readonly original: CallRequest | undefined;
  readonly native: CallRequest | undefined;
  readonly text: string;
}

async function sendBoth(map: string, record: JsonObject, context: JsonObject, keepTypes: boolean): Promise<Sent> {
  const converted = convertOne(map, { keepTypes });
  assert.equal(converted.outcome, 'converted', converted.reason);
  const data = { record, context, settings: { erp: 'https://erp.example.com' } };
  const before = await tryTexts({ documents: [map, ACCOUNTS], ...data });
  const after = await tryTexts({ documents: [converted.text, ACCOUNTS], ...data });
  return { original: before.sent, native: after.sent, text: converted.text };
}

/** Header names in small letters; what the native dialect adds is left out. */
function headersOf({ headers }: CallRequest): Record<string, string> {
  const named = headers.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return Object.fromEntries(named.filter(([name]) => name !== 'idempotency-key'));
}

/** The body as the other side reads it: of a form its pairs, of JSON its members; a list's by their place. */
function readBody({ body }: CallRequest): readonly (readonly [string, Json])[] {
  const text = String(body ?? '');
  return /^[[{]/u.test(text) ? Object.entries(JSON.parse(text) as JsonObject) : [...new URLSearchParams(text)];
}

/** A value of JSON as coreBOS sends it: text. False is `0` where it is a checkbox and nothing elsewhere. */
function asSentByCorebos(value: Json, like: unknown): unknown {
  if (value === like) return like;
  // 4.2e+251 and 4.2E+251.
  if (/^\d.*e\+\d+$/u.test(String(value)) && Number(value) === Number(like)) return like;
  if (typeof value === 'number') return Number(like) === value ? like : toLegacyText(value);
  if (value === false) return like === '0' ? '0' : '';
  return typeof value === 'object' && value !== null ? value : toLegacyText(value);
}

function assertSameMeaning({ original, native, text }: Sent): void {
  if (original === undefined || native === undefined) return assert.equal(native, original, text);
  const before = new Map(readBody(original));
  const after = readBody(native).map(([name, value]) => [name, asSentByCorebos(value, before.get(name))] as const);
  assert.deepEqual(new Map(after), before, text);
  assert.deepEqual([native.method, native.url], [original.method, original.url], text);
  assert.deepEqual(headersOf(native), headersOf(original), text);
}

describe('a converted map', () => {
  it('sends what its original sends, byte by byte, when types are kept', async () => {
    await fc.assert(
      fc.asyncProperty(MAP, RECORD, CONTEXT, async (map, record, context) => {
        const { original, native, text } = await sendBoth(mapText(map), record, context, true);
        assert.equal(native === undefined, original === undefined, text);
        if (original === undefined || native === undefined) return;
        const of = ({ method, body }: CallRequest): unknown => ({ method, body });
        assert.deepEqual(of(native), of(original), text);
        // A query with no field has a lone question mark in the original.
        assert.equal(native.url, original.url, text);
        assert.deepEqual(headersOf(native), headersOf(original), text);
      }),
      { numRuns: 150 },
    );
  });

  it('means what its original means', async () => {
    await fc.assert(
      fc.asyncProperty(
        MAP.filter(({ input }) => input !== 'URL'),
        RECORD,
        CONTEXT,
        async (map, record, context) => {
          assertSameMeaning(await sendBoth(mapText(map), record, context, false));
        },
      ),
      { numRuns: 300 },
    );
  });
});
