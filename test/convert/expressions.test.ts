import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { convertOne, mapText } from './conversion-fixture.ts';

/** The parameter that an expression of a JSON field becomes. */
function parameterOf(expression: string): string {
  const { text } = convertOne(mapText({ fields: [{ name: 'p', parts: [[expression, 'EXPRESSION']] }] }));
  return (
    /<parameter name="p"(?:\/>| *([^]*?)(?:\/>|<\/parameter>))/u.exec(text)?.[1]?.replaceAll(/\s+/gu, ' ').trim() ??
    text
  );
}

const TABLE: readonly (readonly [legacy: string, native: string])[] = [
  ["'a text'", 'value="a text"'],
  ['42', 'value="42"'],
  ['accountname', 'field="accountname"'],
  ['employees', 'field="employees"'],
  ["getFromContext('token')", 'context="token" default=""'],
  ["concat('No. ', accountname)", 'template="No. {record.accountname}"'],
  ["concat('{', note)", 'template="{{{record.note}"'],
  ["hash(concat(accountname, 'x'), 'md5')", 'template="{record.accountname}x" encode="md5"'],
  // The right operand is all that follows.
  ['10-5-2', 'jsonata="(10 - (5 - 2))"'],
  ['employees+1*2+3', 'jsonata="((record.employees = null ? 0 : record.employees) + (1 * (2 + 3)))"'],
  ['employees/0', 'jsonata="0"'],
  ['employees > 10', 'jsonata="(record.employees != null and record.employees &gt; 10)"'],
  ["if rating == 'Hot' then 'yes' else 'no' end", `jsonata="(record.rating = 'Hot' ? 'yes' : 'no')"`],
  ["if active == '1' then 1 else 0 end", 'jsonata="(record.active = true ? 1 : 0)"'],
  ['substring(accountname, 0, 3)', 'jsonata="$substring(record.accountname, 0, 3)"'],
  ["coalesce(note, 'none')", `jsonata="((record.note != '' and record.note != '0') ? record.note : 'none')"`],
  ["concat('of ', $(parent : (Accounts) accountname))", 'template="of {record.parent.accountname}"'],
  ['concat(met)', `jsonata="(record.met ? $substring($replace(record.met, 'T', ' '), 0, 19) : '')"`],
];

/** What JSONata cannot say the same. */
const KEPT: readonly string[] = [
  'parent',
  'nosuch',
  'uppercase(accountname)',
  'accountname > note',
  "accountname == '0'",
  'accountname + 1',
  "getFromContext('a.b')",
  '$(parent : (Accounts) employees)',
  'substring($(parent : (Accounts) accountname), 1, 2)',
  'concat(1/3)',
  'substring(accountname, employees)',
  'AND(accountname, employees * 2)',
  'ceil(-(employees) / 0)',
  "if rating then 1 else 'a' end",
];

describe('an expression', () => {
  for (const [legacy, native] of TABLE) {
    it(`${legacy} becomes ${native}`, () => assert.equal(parameterOf(legacy).replaceAll('>', '&gt;'), native));
  }

  for (const legacy of KEPT) {
    it(`${legacy} stays as it is, with a reason`, () => {
      const { text, notes } = convertOne(mapText({ fields: [{ name: 'p', parts: [[legacy, 'EXPRESSION']] }] }));
      assert.ok(text.includes('legacy="') || text.includes('<part as="expression">'), text);
      const kept = notes.find(({ kind, at }) => kind === 'kept' && at === 'parameter p');
      assert.ok(kept !== undefined && kept.line === 5, JSON.stringify(notes));
    });
  }

  it('is not translated without the module of its fields', () => {
    const text = mapText({ fields: [{ name: 'p', parts: [["concat('No. ', accountname)", 'EXPRESSION']] }] });
    const converted = convertOne(text, { module: false });
    assert.match(converted.text, /legacy="concat\('No\. ', accountname\)"/u);
  });
});
