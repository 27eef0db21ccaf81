import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { memoryEnvironment } from '../../tools/conformance/memory-world.ts';
import { type LegacyEnvironment, throwawayContext } from '../../src/expression/legacy/environment.ts';
import { compileLegacy, type LegacyExpression } from '../../src/expression/legacy/legacy.ts';

const FIELDS: JsonObject = {
  id: '14x74',
  name: 'Bolt "M8"',
  qty: '131',
  amount: '3045164.000000',
  blank: '',
  zero: '0',
  account: 'Rowley',
};
const CONTEXT: JsonObject = {
  token: 'T1',
  zero: 0,
  rows: [
    { sku: 'A', qty: 1 },
    { sku: 'B', qty: 2, tags: ['p', 'q'] },
  ],
};

function environment(change: Partial<LegacyEnvironment> = {}): LegacyEnvironment {
  return {
    ...memoryEnvironment(),
    field: (name) => FIELDS[name],
    related: async ({ field, module, target }) =>
      field === 'account_id' && module === 'Accounts' && target === 'phone' ? '555' : undefined,
    record: FIELDS,
    context: throwawayContext(CONTEXT),
    ...change,
  };
}

function compile(text: string): LegacyExpression {
  const result = compileLegacy(text);
  assert.ok(result.ok, result.ok ? '' : `${text}: ${result.problem.message}`);
  return result.value;
}

const VALUES: readonly (readonly [string, Json])[] = [
  // The tree leans to the right.
  ['10-5-2', 7],
  ['8/4/2', 4],
  ['2*3+4', 14],
  ['2+3*4', 14],
  ['1+1==2', 1],
  ['2==1+1', true],
  ['(2*3)+4', 10],
  ['power(2,3)*2+1', 24],
  ['2*-3', -6],
  ['- -3', 3],
  ['-power(2,3)', -8],
  ['1 2', 1],
  ['10 % 3', 10],
  ['.5+1', 1.5],
  ['1e3', 1],
  ["if 0 then 'a' else if '' then 'b' else if 1 then 'c' else 'd' end", 'c'],
  ['if qty > 13 then if zero then 1 else 2 end else 3 end', 2],
  ['IF 1 THEN 2 ELSE 3 END', null],
  ['true', null],
  ["concat('x', if 1 then 'y' else 'z' end, 1==1, 1==2, null)", 'xy1'],
  // Strings.
  ["''", ''],
  ["'it\\'s'", "it's"],
  ['"it\'s \\"so\\""', 'it\'s "so"'],
  ["'a\\n\\x41\\101\\q\\\\b'", 'a\nAAq\\b'],
  ["'\\xC3\\xA9'", 'é'],
  ['&#039;q&#039; ', 'q'],
  ['13 &lt; qty', true],
  ["'a\\'", 'a\\'],
  // Symbols.
  ['name', 'Bolt "M8"'],
  ['`name`', 'Bolt "M8"'],
  ['nosuch', null],
  ['$(account_id : (Accounts) phone)', '555'],
  ['$(account_id : (Contacts) phone)', ''],
  // Operators.
  ['qty + 1', 132],
  ['amount + 1', 3045165],
  ["'a' - 7", 7],
  ["7 - 'a'", 7],
  ["'a' + 'b'", 0],
  ["'12abc' * 2", 24],
  ['5 / 0', 0],
  ['5 / blank', 0],
  ["'1.0' == '1'", true],
  ["'10' > '9'", true],
  ["'10' < '9a'", true],
  ["0 == 'a'", false],
  ["nosuch == ''", true],
  ['nosuch == 0', true],
  ["'abc' == 'ABC'", false],
  ["blank != ''", false],
  ["'2024-02-15' >= '2024-02-15'", true],
  ["array(1, 2) == array('1', 2)", true],
  ['array(1) == array(1, 2)', false],
  ["array(1) > 'z'", true],
  // To text.
  ['concat(1/3, 0.1+0.2, 1.50)', '0.333333333333330.31.5'],
  ['concat(1000000 * 1000000 * 1000000 * 1.5)', '1.5E+18'],
  ['concat(1 / 3000000000)', '3.3333333333333E-10'],
  ['concat(9007199254740993)', '9007199254740993'],
  ['concat(array(1))', 'Array'],
  // Functions the published maps use.
  ["hash(concat(getFromContext('token'), 'key'), 'md5')", '48bc96f7502fb71d587bc979c9f563d9'],
  ["hash('abc')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ["hash('abc', 'crc32')", '73bb8c64'],
  ['hash()', -1],
  ['getCurrentUserID()', '19x1'],
  ['getFromContext("token")', 'T1'],
  ["getFromContext('zero')", ''],
  ["getFromContext('rows.1.tags.1')", 'q'],
  ["getFromContext('rows.nosuch.1.sku')", 'B'],
  ["getFromContext('token,nosuch')", '{"token":"T1","nosuch":""}'],
  ["getFromContextSearching('rows', 'sku', 'B', 'tags.0')", 'p'],
  ["getFromContextSearching('rows,nosuch', 'qty', '1', 'sku')", '{"rows":"A","nosuch":""}'],
  ["concat(setToContext('x', '1'), getFromContext('x'))", '11'],
  // Others.
  ["coalesce(blank, zero, nosuch, 'x')", 'x'],
  ["substring('abcdef', 1, -1)", 'bcde'],
  ["substring('abcdef', -2)", 'ef'],
  ["substring('éa', 0, 1)", 'é'],
  ["stringposition('Hello', 'LL')", 2],
  ["stringreplace('a', 'b', 'banana')", 'bbnbnb'],
  ["regexreplace('(\\\\w)/', '$1-', 'a/b/c')", 'a-b-c'],
  ["regexreplace('(a+)+x', '', 'aaaa')", 'aaaa'],
  ["uppercasewords('hELLO wORLD')", 'Hello World'],
  ["getCRMIDFromWSID('22x33')", '33'],
  ['jsonEncode(jsonDecode(\'{"a":"12","b":"x/y"}\'))', '{"a":12,"b":"x\\/y"}'],
  ["implode('-', explode(',', 'a,b'))", 'a-b'],
  ["implode(',', nosuch)", ''],
  ['cleanArrayElements(jsonDecode(\'{"a":1,"b":2}\'), \'a\')', { b: 2 }],
  ['flattenarray(array(1, array(2, array(3))))', [1, 2, 3]],
  ['round(2.5) + round(0 - 2.5)', 0],
  ['round(2017.23556, 2)', 2017.24],
  ["round('xx')", 'xx'],
  ['round(1.005, 2)', 1.01],
  ["number_format('1234567.891', '2', ',', '.')", '1.234.567,89'],
  ['number_format(0 - 0.4)', '0'],
  ['modulo(0 - 7, 3)', -1],
  ['max(3, 10, 9)', 10],
  ['min(array(3, 1, 2))', 1],
  ["AND(1, 'a', OR(0, NOT('')))", true],
  ["regex('/^A.C$/i', 'abc')", true],
  ["isNumeric(' 12')", true],
];

for (const [text, expected] of VALUES) {
  test(`legacy ${text}`, async () => {
    const value = await compile(text).evaluate(environment());
    assert.deepEqual(value, expected);
  });
}

test('without an environment a symbol is its own name and the context is empty', async () => {
  const none = environment({ mode: 'none' });
  assert.equal(await compile('name').evaluate(none), 'name');
  assert.equal(await compile("concat(getFromContext('token'), x)").evaluate(none), 'x');
});

test('in a stub an unknown symbol is its own name and the context can be seen', async () => {
  const stub = environment({ mode: 'stub' });
  assert.equal(await compile('getFromContext(token)').evaluate(stub), 'T1');
  assert.equal(await compile('name').evaluate(stub), 'Bolt "M8"');
});

test('an empty context is the record', async () => {
  const empty = environment({ context: throwawayContext({}) });
  assert.equal(await compile("getFromContext('current_row.qty')").evaluate(empty), '131');
  assert.equal(await compile("getFromContext('current_row.qty')").evaluate(environment()), '');
});

test('what an expression sets is seen in its own context and nowhere else', async () => {
  const context = throwawayContext(CONTEXT);
  await compile("setToContext('x', array(1, 2))").evaluate(environment({ context }));
  assert.deepEqual(context.values()['x'], [1, 2]);
  assert.equal(Object.hasOwn(CONTEXT, 'x'), false);
});

for (const text of ["'a' * 2", 'array(1) * 2', "power('a', 2)", "number_format('abc')", "regex('(?=a)', 'a')"]) {
  test(`legacy ${text} fails`, async () => {
    await assert.rejects(compile(text).evaluate(environment()), { name: 'MapwrightError', code: /^EXPRESSION_/u });
  });
}

const PROBLEMS: readonly (readonly [string, string, number])[] = [
  ['', 'EXPRESSION_SYNTAX', 0],
  ["concat('a'", 'EXPRESSION_SYNTAX', 10],
  ['concat(,1)', 'EXPRESSION_SYNTAX', 7],
  ['if 1 then 2 else 3', 'EXPRESSION_SYNTAX', 18],
  ['if 1 2', 'EXPRESSION_SYNTAX', 5],
  ['&lt;&gt; 1', 'EXPRESSION_SYNTAX', 0],
  ["concat('&lt;', 1 +)", 'EXPRESSION_SYNTAX', 18],
  ['$(a: (B) c)', 'EXPRESSION_SYNTAX', 9],
  ["1 + concatt('a')", 'EXPRESSION_UNKNOWN_FUNCTION', 4],
  ["Concat('a')", 'EXPRESSION_UNKNOWN_FUNCTION', 0],
  ["'&amp;' + executeSQL('select 1')", 'EXPRESSION_FUNCTION_UNAVAILABLE', 10],
  ["hasOwnProperty('a')", 'EXPRESSION_UNKNOWN_FUNCTION', 0],
  ['1+'.repeat(600), 'EXPRESSION_TOO_LARGE', 1000],
  ['-'.repeat(600), 'EXPRESSION_TOO_LARGE', 501],
  ['('.repeat(600), 'EXPRESSION_TOO_LARGE', 500],
  [' '.repeat(300_000), 'EXPRESSION_TOO_LARGE', 262_144],
];

for (const [text, code, offset] of PROBLEMS) {
  test(`legacy does not compile: ${text.slice(0, 40)}`, () => {
    const result = compileLegacy(text);
    assert.deepEqual(!result.ok && [result.problem.code, result.problem.offset], [code, offset]);
  });
}

test('a hint names what was meant', () => {
  const result = compileLegacy("concatt('a')");
  assert.equal(result.ok ? '' : result.problem.hint, 'did you mean "concat"?');
});

const WARNINGS: readonly (readonly [string, readonly string[]])[] = [
  ['10-5-2', ['EXPRESSION_RIGHT_ASSOCIATIVE@2']],
  ['2*3+4', ['EXPRESSION_RIGHT_ASSOCIATIVE@1']],
  ["'&lt;' == 1+1==2", ['EXPRESSION_RIGHT_ASSOCIATIVE@11']],
  ['8/4*2', ['EXPRESSION_RIGHT_ASSOCIATIVE@1']],
  ['1+2+3', []],
  ['2+3*4', []],
  ['2==1+1', []],
  ['2*(3+4)', []],
  ['10-(5-2)', []],
  ['a and b', ['EXPRESSION_TEXT_IGNORED@2']],
  ['10 % 3', ['EXPRESSION_TEXT_IGNORED@3']],
  ['. 1', ['EXPRESSION_TEXT_IGNORED@0']],
  ["concat('a', b)", []],
];

for (const [text, expected] of WARNINGS) {
  test(`warnings of ${text}`, () => {
    const result = compileLegacy(text);
    assert.deepEqual(result.ok && result.warnings.map(({ code, offset }) => `${code}@${offset}`), expected);
  });
}

test('references and their places', () => {
  const text = "concat('&lt;', name, $(account_id : (Accounts) phone), getFromContext('a.b,c'), getFromContext(x))";
  assert.deepEqual(
    compile(text).references.map(({ root, path, offset, length }) => [
      root,
      ...path,
      text.slice(offset, offset + length),
    ]),
    [
      ['record', 'name', 'name'],
      ['record', 'account_id', 'phone', '$(account_id : (Accounts) phone)'],
      ['context', 'a', 'b', 'getFromContext'],
      ['context', 'c', 'getFromContext'],
      ['context', 'getFromContext'],
      ['record', 'x', 'x'],
    ],
  );
});
