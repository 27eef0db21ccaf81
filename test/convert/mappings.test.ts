import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { isTruthy } from '../../src/expression/legacy/value.ts';
import { convertOne, type Part } from './conversion-fixture.ts';
import { CONTEXT, PART, RECORD } from './generated-parts.ts';
import { applied, mappingText, type MappingField } from './mapping-fixture.ts';

const FIELDS: fc.Arbitrary<MappingField[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c.d', 'c.e.f', '0', 'Größe'),
    parts: fc.oneof({ weight: 3, arbitrary: PART.map((one) => [one]) }, fc.array(PART, { minLength: 2, maxLength: 3 })),
    delimiter: fc.constantFrom('', ',', '--None--', ' - ', '/.', 'ab', '\'"<&\n'),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
);

/** Values of plain data. */
const ROW: fc.Arbitrary<JsonObject> = fc.record({
  title: fc.constantFrom('Desk', '', '5', 'A & B'),
  amount: fc.constantFrom<Json>(2.5, 0, '7', null),
  customer: fc.constantFrom<Json>({ name: 'Anna', tags: ['a', 'b'] }, { name: '' }, 'none', null),
  lines: fc.constantFrom<Json>([{ price: 1 }, { price: 2 }], [], ''),
});
const ROW_PART: fc.Arbitrary<Part> = fc.oneof(
  fc.tuple(fc.constantFrom('title', 'amount', 'customer.name', 'lines.1.price', 'nobody', 'customer'), fc.constant('')),
  fc.tuple(
    fc.constantFrom('title', '$customer.name', 'lines.0.price', 'customer.tags', 'no.body'),
    fc.constant('FIELD'),
  ),
  fc.tuple(fc.constantFrom('$title!', 'plain'), fc.constant('TEMPLATE')),
  fc.tuple(
    fc.constantFrom("concat(title, '!')", "'x'", 'amount + 1', "getFromContext('title')"),
    fc.constant('EXPRESSION'),
  ),
  fc.tuple(fc.constantFrom('x', ''), fc.constant('CONST')),
);
const ROW_FIELDS: fc.Arbitrary<MappingField[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c.d'),
      parts: fc.oneof(
        ROW_PART.map((one) => [one]),
        fc.array(ROW_PART, { minLength: 2, maxLength: 3 }),
      ),
      delimiter: fc.constantFrom('', ','),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
  )
  .map((fields) => [...fields, { name: 'path', parts: [['customer.name', 'FIELD']] }]);

/** A native value as the original has it, where only the type differs; everything else stays. */
function asOriginal(value: Json, original: Json | undefined): Json {
  if (value === null) return '';
  if (typeof value === 'boolean' && typeof original !== 'boolean') {
    return isTruthy(original ?? '') === value ? (original ?? '') : value;
  }
  if (typeof value === 'number' && original !== undefined && String(original).trim() !== '') {
    const far = Math.abs(Number(original) - value);
    return far <= Math.abs(value) * 1e-13 ? original : value;
  }
  if (typeof value !== 'object' || Array.isArray(value) || typeof original !== 'object' || original === null)
    return value;
  const before = original as JsonObject;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asOriginal(one, before[name])]));
}

type Outcome = { readonly made: JsonObject | undefined } | { readonly failed: true };

async function outcome(text: string, given: Parameters<typeof applied>[1]): Promise<Outcome> {
  try {
    return { made: await applied(text, given) };
  } catch {
    return { failed: true };
  }
}

async function compareBoth(text: string, given: Parameters<typeof applied>[1], keepTypes: boolean): Promise<void> {
  const converted = convertOne(text, { keepTypes });
  assert.equal(converted.outcome, 'converted', `${converted.reason}\n${text}`);
  const [before, after] = [await outcome(text, given), await outcome(converted.text, given)];
  const shown = `${converted.text}\n${JSON.stringify(given)}`;
  if ('failed' in before || 'failed' in after) return assert.deepEqual(after, before, shown);
  const made = keepTypes ? after.made : asOriginal(after.made ?? null, before.made);
  assert.deepEqual(made, before.made, shown);
}

describe('a converted mapping', () => {
  it('gives what its original gives, of records', async () => {
    await fc.assert(
      fc.asyncProperty(FIELDS, RECORD, CONTEXT, async (fields, record, values) => {
        await compareBoth(mappingText(fields), { record, values }, false);
      }),
      { numRuns: 300 },
    );
  });

  it('gives what its original gives, of rows', async () => {
    await fc.assert(
      fc.asyncProperty(ROW_FIELDS, ROW, async (fields, values) => {
        await compareBoth(mappingText(fields), { values }, false);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same values with the same types, when types are kept', async () => {
    await fc.assert(
      fc.asyncProperty(FIELDS, RECORD, CONTEXT, async (fields, record, values) => {
        await compareBoth(mappingText(fields), { record, values }, true);
      }),
      { numRuns: 150 },
    );
  });
});

/** The element for one field, and what is told of it as `kind place`. */
function convertedField(parts: readonly Part[], options: { readonly delimiter?: string; readonly to?: string } = {}) {
  const { delimiter = '', to = '' } = options;
  const { text, notes, reason } = convertOne(mappingText([{ name: 'note', parts, delimiter }], { to }));
  const [, set = reason] = /(<set [^]*<\/set>|<set [^>]*\/>)/u.exec(text) ?? [];
  return [
    set,
    notes
      .filter(({ at }) => at.startsWith('field'))
      .map(({ kind }) => kind)
      .join(' '),
  ];
}

describe('a field of a mapping', () => {
  const cases: readonly (readonly [what: string, parts: readonly Part[], set: string, told: string])[] = [
    ['a text', [['accountname']], '<set field="note" from="accountname"/>', ''],
    ['a constant', [['a & b', 'CONST']], '<set field="note" value="a &amp; b"/>', ''],
    ['a number', [['revenue']], '<set field="note" from="revenue"/>', 'type'],
    ['a checkbox', [['active']], '<set field="note" jsonata="record.active = true"/>', 'type'],
    ['a reference', [['parent']], `<set field="note" jsonata="$substringAfter(record.parent, 'x')"/>`, ''],
    ['a context value', [['token']], '<set field="note" context="token" default=""/>', ''],
    ['FIELD of a text', [['accountname', 'FIELD']], '<set field="note" from="accountname"/>', ''],
    ['FIELD of a date', [['since', 'FIELD']], '<set field="note" legacy-template="$since"/>', 'kept'],
    ['TEMPLATE', [['Hi $accountname', 'TEMPLATE']], '<set field="note" template="Hi {record.accountname}"/>', ''],
    [
      'behind a reference',
      [['$(parent : (Accounts) note)', 'FIELD']],
      '<set field="note" template="{record.parent.note}"/>',
      '',
    ],
    ['EXPRESSION', [["concat(note, '!')", 'EXPRESSION']], `<set field="note" template="{record.note}!"/>`, ''],
    [
      'an expression that stays',
      [['getCurrentUserName()', 'EXPRESSION']],
      '<set field="note" legacy="getCurrentUserName()"/>',
      'kept',
    ],
    [
      'a value of what is mapped',
      [["getFromContext('note')", 'EXPRESSION']],
      `<set field="note" legacy="getFromContext('note')"/>`,
      'kept',
    ],
    [
      'a rule that is not there',
      [['Size', 'RULE']],
      '<set field="note">\n    <legacy-parts>\n      <part as="rule">Size</part>\n    </legacy-parts>\n  </set>',
      'kept',
    ],
  ];
  for (const [what, parts, set, told] of cases) {
    it(`becomes ${set.replaceAll(/\s+/gu, ' ')} for ${what}`, () =>
      assert.deepEqual(convertedField(parts), [set, told]));
  }

  it('takes delimiters from the end as its original does, where it can be empty', () => {
    const names: readonly Part[] = [['accountname'], ['note']];
    const cut = "$replace(record.accountname & ' ' & record.note & ' ', /(?: ){1,2}$/, '')";
    const [set] = convertedField(names, { delimiter: ' ' });
    assert.ok(set?.includes(cut), set);
    const [ended] = convertedField([...names, ['end', 'CONST']], { delimiter: ' ' });
    assert.equal(ended, '<set field="note" template="{record.accountname} {record.note} end"/>');
    const [constant] = convertedField(
      [
        ['a', 'CONST'],
        ['', 'CONST'],
      ],
      { delimiter: '-' },
    );
    assert.equal(constant, '<set field="note" value="a"/>');
  });
});

describe('a mapping as a document', () => {
  it('says its modules where it fits them, and fills references by whole ids', () => {
    const text = mappingText(
      [
        { name: 'accountname', parts: [['note']] },
        { name: 'parent', parts: [['parent']] },
        { name: 'met', parts: [['met']] },
      ],
      { to: 'Accounts' },
    );
    const { text: native, notes, documents } = convertOne(`<!-- what a copy gets -->${text}`);
    assert.equal(
      native,
      `<!-- what a copy gets -->
<mapping xmlns="urn:mapwright:1" name="M" from="Accounts" to="Accounts">
  <set field="accountname" from="note"/>
  <set field="parent" from="parent"/>
  <set field="met" from="met"/>
</mapping>
`,
    );
    assert.deepEqual(documents, ['mapping M']);
    assert.deepEqual(
      notes.map(({ kind, at }) => `${kind} ${at}`),
      ['changed field parent', 'type field met', 'assumed mapping'],
    );
  });

  it('means the current user by an owner that the records do not have, and no context value', async () => {
    const text = mappingText([{ name: 'a', parts: [['assigned_user_id']] }]);
    const record = { id: '11x74', accountname: 'Chemex' };
    const original = await applied(text, { record, values: {} });
    assert.notEqual(Object(original)['a'], '');
    assert.deepEqual(await applied(convertOne(text).text, { record, values: {} }), original);
  });

  it('leaves out a module that it does not fit, and nests targets with dots', () => {
    const fields: MappingField[] = [
      { name: 'element.subject', parts: [['note']] },
      { name: 'element.of.id', parts: [['7', 'CONST']] },
    ];
    const { text, notes } = convertOne(mappingText(fields, { to: 'Accounts' }));
    assert.match(text, /from="Accounts">\n {2}<set field="element">\n {4}<parameter name="subject" field="note"\/>/u);
    assert.ok(notes.some(({ kind, at }) => kind === 'changed' && at === 'mapping'));
  });

  const reasons: readonly (readonly [what: string, fields: readonly MappingField[]])[] = [
    ['no field', []],
    [
      'a field and what is nested in it',
      [
        { name: 'a', parts: [['x', 'CONST']] },
        { name: 'a.b', parts: [['y', 'CONST']] },
      ],
    ],
    ['a name that is empty', [{ name: 'a..b', parts: [['x', 'CONST']] }]],
    ['an expression that is none', [{ name: 'a', parts: [['concat(', 'EXPRESSION']] }]],
  ];
  for (const [what, fields] of reasons) {
    it(`stays because of ${what}`, () => {
      const text = mappingText(fields);
      const converted = convertOne(text);
      assert.equal(converted.text, text);
      assert.ok(converted.outcome !== 'converted' && (converted.reason ?? '').length > 10, converted.outcome);
    });
  }

  it('is converted once: a native one keeps its text', () => {
    const { text } = convertOne(mappingText([{ name: 'a', parts: [['note']] }]));
    const again = convertOne(text);
    assert.deepEqual([again.outcome, again.text], ['native', text]);
  });
});
