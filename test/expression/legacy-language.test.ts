import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { expandLegacy } from '../../src/expression/legacy/expansion.ts';
import { compileLegacy } from '../../src/expression/legacy/legacy.ts';
import { memoryEnvironment, type WorldView } from '../../tools/conformance/memory-world.ts';

function compile(text: string) {
  const result = compileLegacy(text);
  assert.ok(result.ok, result.ok ? '' : `${text}: ${result.problem.message}`);
  return result.value;
}

function evaluate(text: string, view: WorldView = {}): Promise<Json> {
  return compile(text).evaluate(memoryEnvironment(view));
}

function values(rows: readonly (readonly [string, Json])[]): void {
  for (const [text, expected] of rows) {
    it(text, async () => {
      assert.deepEqual(await evaluate(text), expected);
    });
  }
}

describe('loose comparison', () => {
  values([
    ["' 12' == '12'", true],
    ["'12 ' == 12", true],
    ["'1e3' == '1000'", true],
    ["'1e3' == 1000", true],
    ["'1.' == '1'", true],
    ["'.5' == '0.50'", true],
    ["'0x1A' == 26", false],
    ["'abc' == 0", false],
    ["'' == 0", false],
    ['none == 0', true],
    ["none == '0'", false],
    ['none == array()', true],
    ["none < 'a'", true],
    ["(1==1) == 'a'", true],
    ["(1==1) == '0'", false],
    ["(1==2) == ''", true],
    ["'abc' == 'ABC'", false],
    ["'10' == '1e1'", true],
    ["'abc' < 'abd'", true],
    ["'Z' < 'a'", true],
    ["'9007199254740993' == '9007199254740992'", false],
    ["'9223372036854775808' == '9223372036854775809'", false],
    ["'9223372036854775806' < '9223372036854775807'", true],
    ["'1e1000' == '1e1001'", false],
    ['power(10, 400) == power(10, 401)', true],
    ['power(-8, 0.3) == power(-8, 0.3)', false],
    ["array('a') > 'zzz'", true],
    ["array(1, 2) == array('1', '2.0')", true],
    ['array(1, 9) < array(2, 1)', true],
  ]);
});

describe('whole numbers and floats', () => {
  values([
    ['concat(9007199254740993 + 0)', '9007199254740993'],
    ['concat(3037000500 * 3037000500)', '9.2233720370002E+18'],
    ['concat(3037000499 * 3037000499)', '9223372030926249001'],
    ['concat(9223372036854775807 + 1)', '9.2233720368548E+18'],
    ['concat(0 - 9223372036854775807)', '-9223372036854775807'],
    ['concat(9223372036854775806 / 2)', '4611686018427387903'],
    ['concat(power(2, 62))', '4611686018427387904'],
    ['concat(power(2, 63))', '9.2233720368548E+18'],
    ['concat(6 / 2)', '3'],
    ['concat(7 / 2)', '3.5'],
    ['concat(1 / 10000)', '0.0001'],
    ['concat(1 / 100000)', '1.0E-5'],
    ['concat(99999999999999.5)', '1.0E+14'],
    ['concat(12345678901234.5)', '12345678901234'],
    ['concat(12345678901235.5)', '12345678901236'],
    ['concat(0.1 + 0.2)', '0.3'],
    ['concat(-0.5 * 0)', '0'],
    ["concat('1e400' + 0)", 'INF'],
    ["+ 'abc'", 'abc'],
    ["- '12abc'", -12],
    ['- none', 0],
    ["'5' + none", '5'],
    ["'2.00' - 'some'", '2.00'],
    ['none * 2', 0],
  ]);

  const failing = [
    "- 'abc'",
    "'' * 2",
    'array(1) / 2',
    "'a' / 2",
    'uppercase(array(1))',
    "hash(array('a'), 'md5')",
    "explode(',', array('a'))",
    "regex('a', array('a'))",
    "log('12abc')",
    "char('A')",
    "substring('abc', '1x')",
    "round(1.55, '1x')",
  ];
  for (const text of failing) {
    it(`${text} fails`, async () => {
      await assert.rejects(evaluate(text), { code: 'EXPRESSION_FAILED' });
    });
  }
});

describe('text functions', () => {
  values([
    ['substring(12345)', 12345],
    ["substring('abc', -5, 2)", 'ab'],
    ["substring('abc', '1.9')", 'bc'],
    ["substring('a😀b', 1, 1)", '😀'],
    ["stringposition('a😀b', 'B')", 2],
    ["stringposition('abc', 'x')", -1],
    ["stringposition('abc')", -1],
    ["stringlength('😀')", 1],
    ["stringreplace(array('a', 'b'), array('1', '2'), 'abc')", '12c'],
    ["stringreplace('a', 'b', array('aa', 'c'))", ['bb', 'c']],
    ["regexreplace('[', 'x', 'a')", null],
    ["regexreplace('(.)(.)', '$2\\\\1', 'ab')", 'ba'],
    ["regex('[', 'a')", false],
    ["regex('/^.$/u', 'é')", true],
    ["base64decode('QW 5u*YQ')", 'Anna'],
    ["hash('abc', 'sha512/256')", '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23'],
    ["hash('abc', 'crc32b')", '352441c2'],
    ["hash('abc', 'adler32')", '024d0127'],
    ["hash('', 'crc32')", '00000000'],
    ["hash('abc', 'SHA512')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ["translate('LBL_X')", 'LBL_X'],
    ['char(321)', 'A'],
  ]);
});

describe('numbers in words', () => {
  values([
    ["num2str('2017.34')", 'TWO THOUSAND SEVENTEEN point THIRTY FOUR'],
    ['num2str(0)', 'ZERO'],
    ["num2str('')", ''],
    ['num2str(-1000001)', 'MINUS ONE MILLION ONE'],
    ["num2str('12.05')", 'TWELVE point ZERO FIVE'],
    ['num2str(110)', 'ONE HUNDRED TEN'],
    ["num2str(1234021000, 'es_es')", 'MIL DOSCIENTOS TREINTA Y CUATRO MILLONES VEINTIÚN MIL'],
    ["num2str('1001.5', 'es')", 'MIL UNO punto CINCO'],
    ["num2str(280000, 'fr')", 'DEUX CENT QUATRE-VINGT MILLE'],
    ["num2str(171, 'fr')", 'CENT SOIXANTE ET ONZE'],
    ["num2str(2000321, 'de')", 'ZWEI MILLIONEN DREIHUNDERTEINUNDZWANZIG'],
    ["num2str(21001, 'de')", 'EINUNDZWANZIGTAUSENDEINS'],
    ["num2str(1183, 'it')", 'MILLECENTOOTTANTATRÉ'],
    ["num2str(1121, 'pt')", 'MIL CENTO E VINTE E UM'],
    ["num2str(2005, 'pt')", 'DOIS MIL E CINCO'],
  ]);

  for (const text of ["num2str('x')", "num2str(1, 'tlh')", "num2str(1000000000000, 'fr')", "num2str('1e30')"]) {
    it(`${text} fails`, async () => {
      await assert.rejects(evaluate(text), { code: 'EXPRESSION_FAILED' });
    });
  }
});

describe('statistics', () => {
  values([
    ["statistics('mean', array(1, 2, 6))", 3],
    ["statistics('mean', 1, 2, '6')", 3],
    ["statistics('median', array(1, 9, 3, 4))", 3.5],
    ["statistics('medianLow', array(1, 9, 3, 4))", 3],
    ["statistics('medianHigh', array(1, 9, 3, 4))", 4],
    ["statistics('mode', array('a', 'b', 'b'))", 'b'],
    ["statistics('mode', array(1, 2))", null],
    ["statistics('multimode', array(1, 1, 2, 2, 3))", [1, 2]],
    ["statistics('quantiles', array(98, 90, 70, 18, 92, 92, 55, 83, 45, 95, 88))", [55, 88, 92]],
    ["statistics('firstQuartile', array(98, 90, 70, 18, 92, 92, 55, 83, 45, 95, 88))", 55],
    ["statistics('interquartileRange', array(98, 90, 70, 18, 92, 92, 55, 83, 45, 95, 88))", 37],
    ["statistics('stdev', array(1.5, 2.5, 2.5, 2.75, 3.25, 4.75), 4)", 1.0811],
    ["statistics('pvariance', array(1, 2, 3, 4))", 1.25],
    ["statistics('variance', array(1, 2, 3))", 1],
    ["statistics('geometricMean', array(54, 24, 36), 1)", 36],
    ["statistics('harmonicMean', array(40, 60), array(5, 30), 1)", 56],
    ["statistics('covariance', array(1, 2, 3), array(2, 4, 6))", 2],
    ["statistics('correlation', array(1, 2, 3), array(6, 4, 2))", -1],
    ["statistics('linearRegression', array(1, 2, 3), array(3, 5, 7))", [2, 1]],
    ["statistics('count', array(5))", 1],
    ["frequency('frequencies', array('b', 'a', 'b'))", { a: 1, b: 2 }],
    ["frequency('cumulativeFrequencies', 10, 9, 10)", { 9: 1, 10: 3 }],
    ["frequency('relativeFrequencies', array(1, 2, 2), 2)", { 1: 33.33, 2: 66.67 }],
    ["frequency('frequencyTableBySize', array(1, 4, 5, 9), 4)", { 1: 2, 5: 1, 9: 1 }],
    ["frequency('frequencyTable', array(1, 4, 5, 9), 2)", { 1: 2, 5: 1, 9: 1 }],
  ]);

  for (const text of [
    "statistics('mean')",
    "statistics('mean', array())",
    "statistics('mean', array('x'))",
    "statistics('stdev', array(1))",
    "statistics('toString', array(1))",
    "statistics('geometricMean', array(0 - 1, 2))",
    "statistics('correlation', array(1, 2), array(1))",
    "frequency('nosuch', 1)",
    "frequency('frequencyTableBySize', array(1, 1000000), 1)",
  ]) {
    it(`${text} fails`, async () => {
      await assert.rejects(evaluate(text), { code: 'EXPRESSION_FAILED' });
    });
  }
});

describe('lists and JSON', () => {
  values([
    ["jsonDecode('{}')", []],
    [`jsonDecode('{"0":"a","1":{"x":{}}}')`, ['a', { x: [] }]],
    [`jsonEncode(array('012', ' 3', '1e2', '+4', 'x', '', 9007199254740993))`, '[12,3,100,4,"x","",9007199254740993]'],
    ['jsonEncode(power(10, 25))', '1.0e+25'],
    ['jsonEncode(0.1 + 0.2)', '0.30000000000000004'],
    ['jsonEncode(power(10, 400))', false],
    ["cleanArrayElements(array('a', 'b', 'c'), '2')", ['a', 'b']],
    ["cleanArrayElements(array('a', 'b', 'c'), '0,9')", { 1: 'b', 2: 'c' }],
    ["implode(array('a'), ',')", ''],
    ["explode(',', '')", ['']],
  ]);

  it('an empty text to split at fails', async () => {
    await assert.rejects(evaluate("explode('', 'a')"), { code: 'EXPRESSION_FAILED' });
  });
});

describe('random values', () => {
  it('have the forms of the original', async () => {
    assert.match(String(await evaluate('randomstring()')), /^[0-9a-f]{20}$/u);
    assert.match(String(await evaluate('randomstring(3)')), /^[0-9a-f]{6}$/u);
    assert.match(String(await evaluate("uniqid('p')")), /^p67d40[0-9a-f]{8}$/u);
    assert.equal(await evaluate('randomnumber(7, 7)'), 7);
    const number = Number(await evaluate('randomnumber(9, 5)'));
    assert.ok(number >= 5 && number <= 9, String(number));
    assert.match(String(await evaluate("faker('safeEmail')")), /^[a-z]+\.[a-z]+@example\.(?:com|net|org)$/u);
    assert.match(String(await evaluate("faker('numerify', 'A-##')")), /^A-\d\d$/u);
    assert.match(
      String(await evaluate("faker('uuid')")),
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/u,
    );
  });

  for (const text of ["faker('nosuch')", "faker('constructor')", 'randomstring(0 - 1)']) {
    it(`${text} fails`, async () => {
      await assert.rejects(evaluate(text), { code: 'EXPRESSION_FAILED' });
    });
  }
});

describe('raw parameters', () => {
  const view: WorldView = {
    record: { account_id: '11x74', qty: '5' },
    fieldTypes: { account_id: 'reference' },
  };

  it('a plain field gives what is stored, what is nested is computed', async () => {
    assert.equal(await evaluate('max(account_id)', view), '11x74');
    assert.equal(await evaluate('max(qty, qty + 1, nosuch)', view), 6);
  });
});

describe('an empty context', () => {
  it('keeps the record beside what is set', async () => {
    const environment = memoryEnvironment({ record: { name: 'A' } });
    await compile("setToContext('x', 1)").evaluate(environment);
    assert.deepEqual(environment.context.values(), { current_row: { name: 'A' }, x: 1 });
    const none = memoryEnvironment({ mode: 'none' });
    assert.equal(await compile("setToContext('x', 1)").evaluate(none), 1);
    assert.deepEqual(none.context.values(), {});
  });
});

describe('waiting', () => {
  it('there is no promise where nothing is looked up', () => {
    const environment = {
      ...memoryEnvironment({ context: { t: 'T' } }),
      field: (name: string) => (name === 'a' ? '2' : undefined),
    };
    assert.equal(
      compile("concat(a, if a > 1 then getFromContext('t') else 'x' end, a + 1)").compute(environment),
      '2T3',
    );
    assert.throws(() => compile("a * 'x'").compute(environment), { code: 'EXPRESSION_FAILED' });
  });

  it('what is looked up is waited for at each place, in order', async () => {
    const asked: string[] = [];
    const environment = {
      ...memoryEnvironment(),
      field: async (name: string) => {
        asked.push(name);
        return name;
      },
    };
    const text = "concat(a, 'x', if b == 'b' then c else d end, -(e + 1), f == g, if 0 then h else i end)";
    assert.equal(await compile(text).compute(environment), 'axc-1i');
    assert.equal(asked.join(''), 'abcefgi');
  });
});

describe('what the original computes otherwise', () => {
  for (const [text, expected] of [
    ['getFromContext("a")', ['EXPRESSION_MENDED@15']],
    ['-power(2, 3)', ['EXPRESSION_MENDED@0']],
    ['`name`', ['EXPRESSION_MENDED@0']],
    ['if true then 1 else 2 end', ['EXPRESSION_WORD_IS_FIELD@3']],
    ['concat(null, False)', ['EXPRESSION_WORD_IS_FIELD@7', 'EXPRESSION_WORD_IS_FIELD@13']],
    ['IF 1 THEN 2', ['EXPRESSION_WORD_IS_FIELD@0', 'EXPRESSION_TEXT_IGNORED@3']],
    ["''", []],
    ["concat('\"', name)", []],
  ] as const) {
    it(`check warns of ${text}`, () => {
      const result = compileLegacy(text);
      assert.deepEqual(result.ok && result.warnings.map(({ code, offset }) => `${code}@${offset}`), expected);
    });
  }

  it('a reference is no function', () => {
    const result = compileLegacy('$(a : (B) c)(1)');
    assert.deepEqual(!result.ok && [result.problem.code, result.problem.offset], ['EXPRESSION_SYNTAX', 12]);
  });
});

describe('expansion of {{ }}', () => {
  const view: WorldView = { record: { name: 'qty', qty: '5', inner: '{{ name }}', loop: '{{ loop }}' } };
  const expand = (text: string): Promise<string> => expandLegacy(text, memoryEnvironment(view));

  for (const [text, expected] of [
    ['concat({{ name }}, 1)', 'concat(qty, 1)'],
    ['{{ concat({{name}}, 1) }}', '51'],
    ['{{{ name }}}', '{qty}'],
    ['{{ inner }}', 'qty'],
    ['}} {{ qty }} }}', '}} 5 }}'],
    ['no parts', 'no parts'],
    ['{{ name', '{{ name'],
  ] as const) {
    it(text, async () => {
      assert.equal(await expand(text), expected);
    });
  }

  it('ends where it would not end', async () => {
    await assert.rejects(expand('{{ loop }}'), { code: 'EXPRESSION_TOO_LARGE' });
  });

  it('names what cannot be read', async () => {
    await assert.rejects(expand('{{ concat( }}'), { code: 'EXPRESSION_SYNTAX' });
    await assert.rejects(expand('{{ executeSQL(1) }}'), { code: 'EXPRESSION_FUNCTION_UNAVAILABLE' });
  });
});
