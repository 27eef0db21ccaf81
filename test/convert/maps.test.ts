import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isSensitiveName } from '../../src/connector/sensitive-name.ts';
import { convertDocuments } from '../../src/convert/convert-documents.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { readFixtures } from '../document/fixtures.ts';
import { mutated } from '../document/mutation.ts';
import { ACCOUNTS, convertOne, mapText } from './conversion-fixture.ts';

const plain = [{ name: 'a', parts: [['1', 'CONST']] as const }];
const kinds = (text: string, keepTypes = false): string[] =>
  convertOne(text, { keepTypes }).notes.map(({ kind }) => kind);

describe('a converted map', () => {
  it('passes the check and is converted once', () => {
    const fixtures = readFixtures().filter(({ kind, group }) => kind === 'corebos' && group !== 'invalid');
    assert.ok(fixtures.length > 20);
    for (const keepTypes of [false, true]) {
      for (const { name: file, text } of fixtures) {
        const source = { file, text };
        const [first] = convertDocuments([source], { keepTypes, isSensitiveName });
        assert.ok(first !== undefined);
        const again = convertDocuments([{ file, text: first.text }], { keepTypes, isSensitiveName });
        assert.equal(again[0]?.text, first.text);
        const { diagnostics } = checkDocuments([{ file, text: first.text }]);
        assert.deepEqual(
          diagnostics.filter(({ severity }) => severity === 'error'),
          [],
          first.text,
        );
      }
    }
  });

  it('lists every value whose JSON type changes, and none in a form or when types are kept', () => {
    const fields = ['employees', 'revenue', 'active', 'since', 'accountname'].map((name) => ({
      name,
      parts: [[name]] as const,
    }));
    const { notes } = convertOne(mapText({ fields }));
    const typed = notes.filter(({ kind }) => kind === 'type').map(({ at }) => at);
    assert.deepEqual(typed, ['parameter employees', 'parameter revenue', 'parameter active', 'parameter since']);
    assert.ok(!kinds(mapText({ fields, input: 'XML' })).includes('type'));
    assert.ok(!kinds(mapText({ fields }), true).includes('type'));
  });

  it('keeps what the original replaces in address and headers', () => {
    const text = mapText({
      url: 'getSetting(erp)/orders/$no/getContext(part)?v=1',
      input: 'URLRESTFUL',
      fields: [
        { name: 'no', parts: [['accountname']] },
        { name: 'rest', parts: [['note']] },
      ],
      headers: [
        ['Authorization', 'Bearer getContext(token)'],
        ['X-Key', 'getSetting(key)'],
        ['X-Session', 'getContext(session)'],
      ],
    });
    const converted = convertOne(text).text;
    assert.ok(converted.includes('url="{setting.erp}/orders" path="/{no}/{context.part}?v=1"'), converted);
    assert.ok(converted.includes(`<header name="X-Key" setting="key" when-empty="omit"/>`), converted);
    assert.ok(converted.includes('<header name="X-Session" context="session" default="" when-empty="omit"'), converted);
    assert.ok(converted.includes(`context.token ? 'Bearer ' & context.token : ''`), converted);
  });

  it('decodes a query that was encoded by hand, and leaves one that cannot be', () => {
    const query = (value: string): string =>
      convertOne(mapText({ input: 'URL', method: 'GET', fields: [{ name: 'q', parts: [[value, 'CONST']] }] })).text;
    assert.match(query('select%20*%20from%20Accounts;'), /value="select \* from Accounts;"/u);
    assert.match(query('a&b=c'), /serialization="php"/u);
  });

  it('writes error outputs after a failure, and renames context keys that native documents do not have', () => {
    const output = (path: string, destination: string): string =>
      `<field><fieldname>${path}</fieldname><destination>${destination}</destination></field>`;
    const response = output('error', '<field>note</field>') + output('data.id', '');
    const { text, notes } = convertOne(mapText({ fields: plain, response }));
    assert.match(text, /<output path="error" field="note" on="failure" optional="true"\/>/u);
    assert.match(text, /<output path="data.id" context="wsctx_data_id" default=""\/>/u);
    assert.ok(notes.some(({ at, kind }) => at === 'output data.id' && kind === 'changed'));
  });

  it('keeps comments', () => {
    assert.match(
      convertOne(`<!-- made by Anna\n  in 2020 -->${mapText({ fields: plain })}`).text,
      /^<!--\n  made by Anna\n  in 2020\n-->\n<map /u,
    );
  });

  it('names no module that lacks a field it writes to', () => {
    const response = '<field><fieldname>a.b</fieldname><destination><field>gone</field></destination></field>';
    assert.ok(!convertOne(mapText({ fields: plain, response })).text.includes('module='));
  });
});

describe('any text', () => {
  const fixtures = readFixtures().filter(({ kind, group }) => kind !== 'xml' && group === 'valid');

  it('is converted or stays, and nothing is thrown', () => {
    const text = fc.oneof(mutated(fixtures.map((one) => one.text)), fc.string());
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), fc.boolean(), (texts, keepTypes) => {
        const sources = texts.map((one, index) => ({ file: `${index}.xml`, text: one }));
        const files = convertDocuments(sources, { keepTypes, isSensitiveName });
        assert.equal(files.length, texts.length);
      }),
      { numRuns: 300 },
    );
  });

  it('of an expression that grows with every level is not multiplied', () => {
    for (const [before, after] of [
      ['coalesce(', ", 'a')"],
      ['if ', " then 'a' else accountname end"],
    ] as const) {
      const expression = before.repeat(200) + 'accountname' + after.repeat(200);
      const { outcome, notes } = convertOne(mapText({ fields: [{ name: 'p', parts: [[expression, 'EXPRESSION']] }] }));
      assert.equal(outcome, 'converted');
      assert.ok(notes.some(({ kind, at }) => kind === 'kept' && at === 'parameter p'));
    }
  });
});

describe('a document that stays', () => {
  const reasons: readonly (readonly [what: string, text: string])[] = [
    ['SOAP', mapText({ fields: plain }).replace('<wstype>REST', '<methodname>check</methodname><wstype>SOAP')],
    [
      'a header twice',
      mapText({
        fields: plain,
        headers: [
          ['X-A', '1'],
          ['x-a', '2'],
        ],
      }),
    ],
    ['a Content-Type from data', mapText({ fields: plain, headers: [['Content-Type', 'getContext(type)']] })],
    ['an expression with an error', mapText({ fields: [{ name: 'a', parts: [['concat(', 'EXPRESSION']] }] })],
    [
      'a rule',
      '<map><function><name>uppercase</name><parameters><parameter>note</parameter></parameters></function></map>',
    ],
    [
      'a proxy',
      mapText({ fields: plain }).replace(
        '<wstype>',
        '<wsproxyhost>proxy.example</wsproxyhost><wsproxyport>3128</wsproxyport><wstype>',
      ),
    ],
    ['a mapping', '<map><originmodule/><targetmodule/><fields/></map>'],
  ];
  for (const [what, text] of reasons) {
    it(`because of ${what} keeps its text and says why`, () => {
      const converted = convertOne(text);
      assert.equal(converted.text, text);
      assert.equal(converted.outcome, 'kept');
      assert.ok((converted.reason ?? '').length > 10);
    });
  }

  it('because it is native, or cannot be read, keeps its text too', () => {
    const outcomes = [ACCOUNTS, '<map', '', 'no xml', '<map/>'].map((text) => {
      const converted = convertOne(text, { module: false });
      assert.equal(converted.text, text);
      return converted.outcome;
    });
    assert.deepEqual(outcomes, ['native', 'unreadable', 'unreadable', 'unreadable', 'unreadable']);
  });
});
