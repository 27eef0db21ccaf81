import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeXmlText } from '../../src/expression/escape.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { tryTexts } from './map-trial.ts';

const name = fc.constantFrom('a', 'b', 'account_id', '0', '1', ' pad ', 'x.y', '__proto__', 'toString', '$id');
const xmlText = fc
  .oneof(
    fc.constantFrom(
      '',
      'accountname',
      "concat('a', accountname)",
      '$accountname',
      "getFromContext('token')",
      '5',
      '[1,2]',
    ),
    fc.string({ maxLength: 20 }).filter((text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u.test(text)),
  )
  .filter((text) => text.isWellFormed());

const orgfield = fc.record({
  name: xmlText,
  id: fc.constantFrom('', 'CONST', 'FIELD', 'TEMPLATE', 'EXPRESSION', 'RULE', 'Other'),
  process: fc.constantFrom(
    '',
    'intval',
    'boolval',
    'json_decode',
    'json_encode',
    'htmlentities',
    'stripslashes',
    'none',
  ),
});

const source = fc.oneof(
  fc.record({ parts: fc.array(orgfield, { maxLength: 3 }), delimiter: fc.constantFrom('', '-', '--None--', ', ') }),
  fc.record({ link: name, list: xmlText }),
  fc.record({ value: xmlText }),
);

const anyMap = fc.record({
  url: fc.constantFrom(
    'https://peer.example/api',
    'https://peer.example/$a/$b?x=1',
    'getSetting(base)/x',
    'https://peer.example/getContext(token)',
    'nonsense',
  ),
  method: fc.constantFrom('GET', 'post', 'PUT', ''),
  input: fc.constantFrom('JSON', 'XML', 'URL', 'URLRESTFUL', 'json', 'Other'),
  headers: fc.array(fc.tuple(fc.constantFrom('Content-type', 'X-A', ''), xmlText), { maxLength: 2 }),
  fields: fc.array(fc.tuple(name, source), { maxLength: 4 }),
});

type AnyMap = typeof anyMap extends fc.Arbitrary<infer T> ? T : never;

function element(tag: string, text: string): string {
  return `<${tag}>${escapeXmlText(text)}</${tag}>`;
}

function renderSource(given: AnyMap['fields'][number][1]): string {
  if ('value' in given) return element('value', given.value);
  if ('link' in given) {
    const parts = [
      element('RelfieldName', 'accountname'),
      element('linkfield', given.link),
      element('Relfieldvalue', given.list),
    ];
    return `<Orgfields><Relfield>${parts.join('')}</Relfield></Orgfields>`;
  }
  const parts = given.parts.map(
    (part) =>
      `<Orgfield>${element('OrgfieldName', part.name)}${element('OrgfieldID', part.id)}${element('postProcess', part.process)}</Orgfield>`,
  );
  return `<Orgfields>${parts.join('')}${element('delimiter', given.delimiter)}</Orgfields>`;
}

function render({ url, method, input, headers, fields }: AnyMap): string {
  const header = headers.map(
    ([key, value]) => `<header>${element('keyname', key)}${element('keyvalue', value)}</header>`,
  );
  const field = fields.map(([key, given]) => `<field>${element('fieldname', key)}${renderSource(given)}</field>`);
  return `<map><wsconfig>${element('wsurl', url)}${element('wshttpmethod', method)}<wstype>REST</wstype>${element('inputtype', input)}
    <outputtype>JSON</outputtype><wsheader>${header.join('')}</wsheader></wsconfig><fields>${field.join('')}</fields></map>`;
}

const anyRecord = fc.record(
  { accountname: xmlText, account_id: fc.constantFrom('', '11x1', '7', 'x'), a: xmlText, employees: fc.integer() },
  { requiredKeys: [] },
);

describe('any coreBOS map', () => {
  it('is read without throwing, and its request is the same each time it is built', async () => {
    await fc.assert(
      fc.asyncProperty(anyMap, anyRecord, fc.boolean(), async (given, record, isStored) => {
        const text = render(given);
        const { diagnostics, documents } = readDocuments({ file: 'M.xml', text });
        if (documents.length === 0) {
          assert.ok(diagnostics.some(({ severity }) => severity === 'error'));
          return;
        }
        const input = {
          documents: [text],
          map: 'M',
          record: isStored ? { ...record, id: '11x1' } : record,
          context: { token: 'T', list: [1, { a: null }] },
          settings: { base: 'https://base.example' },
        };
        const build = async (): Promise<unknown> => {
          try {
            const { sent, trial } = await tryTexts(input);
            return { sent, failure: trial.failure };
          } catch (thrown) {
            // A map with errors is not among those that can be tried.
            assert.equal((thrown as { code?: unknown }).code, 'MAP_UNKNOWN');
            return 'refused';
          }
        };
        assert.deepEqual(await build(), await build());
      }),
      { numRuns: 300 },
    );
  });

  it('is read without throwing whatever stands in it', () => {
    fc.assert(
      fc.property(anyMap, fc.nat(), fc.string({ maxLength: 5 }), (given, at, put) => {
        const text = render(given);
        const place = at % text.length;
        readDocuments({ file: 'M.xml', text: text.slice(0, place) + put + text.slice(place + put.length) });
      }),
      { numRuns: 300 },
    );
  });
});
