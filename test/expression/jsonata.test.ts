import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../src/expression/environment.ts';
import type { JsonataBudget } from '../../src/expression/jsonata-guard.ts';
import { compileJsonata, type JsonataExpression } from '../../src/expression/jsonata.ts';
import { AMBIENCE, ENVIRONMENT } from './sample-environment.ts';

/** So that a busy machine does not decide a test. */
const UNHURRIED_MS = 60_000;

function compile(text: string): JsonataExpression {
  const result = compileJsonata(text);
  assert.ok(result.ok, result.ok ? '' : `${text}: ${result.problem.message}`);
  return result.value;
}

const evaluate = (text: string, budget?: JsonataBudget, environment: Environment = ENVIRONMENT): Promise<unknown> =>
  compile(text).evaluate(environment, AMBIENCE, { timeoutMs: UNHURRIED_MS, ...budget });

function problem(text: string): unknown {
  const result = compileJsonata(text);
  assert.ok(!result.ok, `${text} compiles`);
  const { code, offset, length } = result.problem;
  return { code, at: text.slice(offset, offset + length) };
}

const VALUES: readonly (readonly [string, unknown])[] = [
  ['record.price * 2', 3],
  ['record.nosuch', undefined],
  ['record.none', null],
  ['$sum(context.lines.qty)', 5],
  ["context.lines[sku = 'B'].qty", 3],
  ['[context.lines.{"s": sku}]', [{ s: 'A' }, { s: 'B' }]],
  ['$$.changed', ['name']],
  ["response.body.error.code & '!'", 'NOPE!'],
  ['$millis()', AMBIENCE.now],
  ['$now()', '2025-03-14T10:20:30.123Z'],
  ["$now('[Y]-[M01]')", '2025-03'],
  ["$fromMillis(0, '[Y0001]-[M01]-[D01]')", '1970-01-01'],
  ["$toMillis('14.03.2025', '[D01].[M01].[Y0001]')", Date.UTC(2025, 2, 14)],
  ["$formatNumber(1234.5, '#,##0.00')", '1,234.50'],
  ["$formatNumber(1234.5, '#.##0,00', {'decimal-separator': ',', 'grouping-separator': '.'})", '1.234,50'],
  ["$map([1, 2], $formatNumber(?, '00'))", ['01', '02']],
  ["$pad('x', 3) & $pad('7', -3, '0')", 'x  007'],
  ["$map(['a', 'b'], $pad(?, 2))", ['a ', 'b ']],
  ['$map([1, true], $string)', ['1', 'true']],
  ['$string({"a": [1.10, null]})', '{"a":[1.1,null]}'],
  ['$string([1], true)', '[\n  1\n]'],
  ["$join(['a', 'b'], '-')", 'a-b'],
  ['$append([1], 2)', [1, 2]],
  ['$distinct([1, "1", 1, {"a": 1, "b": 2}, {"b": 2, "a": 1}])', [1, '1', { a: 1, b: 2 }]],
  ['$sort($shuffle([3, 1, 2]))', [1, 2, 3]],
  ["$match('a1b2', /([a-z])(\\d)/).groups", ['a', '1', 'b', '2']],
  ["$replace('banana', /an/, '[$0]')", 'b[an][an]a'],
  ["$replace('x', /X/i, 'y')", 'y'],
  ["$split('a1b22c', /\\d+/)", ['a', 'b', 'c']],
  ["$contains('ÄB', /^Ä/)", true],
  ['$sum', undefined],
  ['{"f": $sum, "x": 1}', { x: 1 }],
];

for (const [text, expected] of VALUES) {
  test(`JSONata ${text}`, async () => assert.deepEqual(await evaluate(text), expected));
}

test('a transform works on a copy', async () => {
  assert.deepEqual(await evaluate("(record ~> |$|{'name': 'new'}|).name"), 'new');
});

test('the result shares nothing with the environment', async () => {
  const result = await evaluate('context');
  assert.deepEqual(result, ENVIRONMENT.context);
  assert.notEqual(result, ENVIRONMENT.context);
  assert.equal(Object.isFrozen(result), false);
});

test('names that change an object are left out of results', async () => {
  const body: unknown = JSON.parse(
    '{"__proto__": {"polluted": 1}, "constructor": 2, "prototype": 3, "x": [{"__proto__": 1}]}',
  );
  const input = { ...ENVIRONMENT.input, body } as Environment['input'];
  const result = await evaluate('input.body', {}, { ...ENVIRONMENT, input });
  assert.deepEqual(Object.getOwnPropertyNames(result), ['x']);
  assert.equal(JSON.stringify(result), '{"x":[{}]}');
  assert.equal(await evaluate("($x := {'__proto__': {'polluted': 1}}; record.polluted)"), undefined);
});

test('inherited members are not reachable', async () => {
  assert.equal(await evaluate('record.constructor'), undefined);
  assert.equal(await evaluate("$lookup(record, 'toString')"), undefined);
  assert.equal(await evaluate('record.__proto__.x'), undefined);
});

test('the same ambience gives the same value, another seed another one', async () => {
  const text = '{"r": [$random(), $random()], "u": $uuid(), "s": $shuffle([1..20])}';
  const expression = compile(text);
  const first = await expression.evaluate(ENVIRONMENT, AMBIENCE);
  assert.deepEqual(await expression.evaluate(ENVIRONMENT, AMBIENCE), first);
  assert.deepEqual(await compile(text).evaluate(ENVIRONMENT, AMBIENCE), first);
  assert.notDeepEqual(await expression.evaluate(ENVIRONMENT, { ...AMBIENCE, seed: 'run-2' }), first);
  const uuid = await evaluate('$uuid()');
  assert.match(String(uuid), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
});

test('evaluations of one expression at the same time do not mix', async () => {
  const expression = compile('$map([1..200], function($i) { $i + record.n })[199] & $millis()');
  const results = await Promise.all(
    [0, 1000, 2000, 3000, 4000, 5000].map((n) =>
      expression.evaluate({ ...ENVIRONMENT, record: { n } }, { ...AMBIENCE, now: n }, { timeoutMs: UNHURRIED_MS }),
    ),
  );
  assert.deepEqual(results, ['2000', '12001000', '22002000', '32003000', '42004000', '52005000']);
});

const STOPPED: readonly (readonly [string, string])[] = [
  ['($f := function($x) { $f($x) }; $f(1))', 'EXPRESSION_TIMEOUT'],
  ['$reduce([1..100000], $append)', 'EXPRESSION_TIMEOUT'],
  ['[1..100000].[1..100000]', 'EXPRESSION_TOO_LARGE'],
  ['($f := function($x) { 1 + $f($x) }; $f(1))', 'EXPRESSION_TOO_LARGE'],
  ["$pad('a', 1000000000)", 'EXPRESSION_TOO_LARGE'],
  ['[1..1000000000]', 'EXPRESSION_TOO_LARGE'],
  ['[1..1000000]', 'EXPRESSION_TOO_LARGE'],
  ["$reduce([1..60], function($a, $i) { $a & $a }, 'ab')", 'EXPRESSION_TOO_LARGE'],
  ['$reduce([1..60], function($a, $i) { [[$a], [$a]] }, [1])', 'EXPRESSION_TOO_LARGE'],
  ["$join($map([1..5000], function($i) { 'x' }), $pad('', 100000))", 'EXPRESSION_TOO_LARGE'],
  ["($b := $pad('', 1000000); $string([1..100].($b)))", 'EXPRESSION_TOO_LARGE'],
  ["($b := $pad('', 8000000); [1..1000].($uppercase($b)))", 'EXPRESSION_TOO_LARGE'],
  ["$contains($pad('', 10000000), /(a|b|c|d|e|f)+x/)", 'EXPRESSION_TOO_LARGE'],
  ["$fromMillis(0, '[Y0001,1000000000]')", 'EXPRESSION_TOO_LARGE'],
  ["$formatNumber(1, $pad('', 50000, '#,##0'))", 'EXPRESSION_TOO_LARGE'],
  ["$toMillis($pad('', 60, '1') & 'x', '[Y][M][D][H][m][s][f][Y][M][D][H]')", 'EXPRESSION_TOO_LARGE'],
  ["$eval('1')", 'EXPRESSION_FAILED'],
  ['1 / 0', 'EXPRESSION_FAILED'],
  ["1 + 'a'", 'EXPRESSION_FAILED'],
  ["$error('no')", 'EXPRESSION_FAILED'],
  ["$DateTime('yyyy', '+1x')", 'EXPRESSION_FAILED'],
];

for (const [text, code] of STOPPED) {
  test(`JSONata is stopped: ${text}`, async () => {
    const timeoutMs = code === 'EXPRESSION_TIMEOUT' ? 100 : UNHURRIED_MS;
    await assert.rejects(evaluate(text, { timeoutMs }), { code });
  });
}

test('the budget is the caller’s', async () => {
  await assert.rejects(evaluate('[1..11]', { maxSequence: 10 }), { code: 'EXPRESSION_TOO_LARGE' });
  await assert.rejects(evaluate('((((((1))))))', { maxDepth: 3 }), { code: 'EXPRESSION_TOO_LARGE' });
  assert.equal(await evaluate('$count([1..10])', { maxSequence: 10 }), 10);
});

test('a backtracking regular expression takes linear time', async () => {
  assert.equal(await evaluate(`$contains('${'a'.repeat(5000)}!', /^(a+)+$/)`), false);
});

test('an error tells where in the expression it happened', async () => {
  await assert.rejects(evaluate("  $number('x')"), {
    code: 'EXPRESSION_FAILED',
    message: /at character 10 of the expression/u,
  });
});

test('the place of an error is one in the expression, not in a function of it', async () => {
  await assert.rejects(evaluate("  $formatNumber(1, '##x0#')"), {
    code: 'EXPRESSION_FAILED',
    message: /at character 16 of the expression/u,
  });
});

test('a message shows the beginning of a long name', () => {
  for (const text of ['a'.repeat(50_000), `$${'f'.repeat(50_000)}()`, `{"x"${'"x"'.repeat(20_000)}`]) {
    const compiled = compileJsonata(text);
    assert.ok(!compiled.ok && compiled.problem.message.length < 600);
  }
});

test('an expression can be evaluated again after a failure', async () => {
  const expression = compile("record.fail ? $error('no') : 1");
  await assert.rejects(expression.evaluate({ ...ENVIRONMENT, record: { fail: true } }, AMBIENCE), {
    code: 'EXPRESSION_FAILED',
  });
  assert.equal(await expression.evaluate(ENVIRONMENT, AMBIENCE), 1);
});

const PROBLEMS: readonly (readonly [string, string, string])[] = [
  ['recrod.x', 'EXPRESSION_UNKNOWN_NAME', 'recrod'],
  ['record.(x) & `nam e`.y', 'EXPRESSION_UNKNOWN_NAME', '`nam e`'],
  ['$.foo', 'EXPRESSION_UNKNOWN_NAME', 'foo'],
  ['$map(context.lines, function($l) { qty })', 'EXPRESSION_UNKNOWN_NAME', 'qty'],
  ['secret.x', 'EXPRESSION_UNKNOWN_NAME', 'secret'],
  ['$smu(1)', 'EXPRESSION_UNKNOWN_FUNCTION', 'smu'],
  ["$contains('a', /(?=a)/)", 'EXPRESSION_REGEX', '/(?=a)/'],
  ["$contains('a', /(a)\\1/)", 'EXPRESSION_REGEX', '/(a)\\1/'],
  ['1 + + 2 )', 'EXPRESSION_SYNTAX', '+'],
  ["'abc", 'EXPRESSION_SYNTAX', 'c'],
  ['', 'EXPRESSION_SYNTAX', ''],
];

for (const [text, code, at] of PROBLEMS) {
  test(`JSONata does not compile: ${text}`, () => assert.deepEqual(problem(text), { code, at }));
}

test('a hint names what was meant', () => {
  const result = compileJsonata('recrod.x');
  assert.equal(result.ok ? '' : result.problem.hint, 'did you mean "record"?');
});

test('too long and too deep texts are problems', () => {
  assert.deepEqual(problem(' '.repeat(300_000)), { code: 'EXPRESSION_TOO_LARGE', at: ' ' });
  const deep = compileJsonata('('.repeat(100_000));
  assert.equal(deep.ok ? '' : deep.problem.code, 'EXPRESSION_TOO_LARGE');
});

const REFERENCES: readonly (readonly [string, readonly string[]])[] = [
  ['1 + 2', []],
  ['record.account_id.name', ['record.account_id.name@18+4']],
  ['record.`a b`', ['record.a b@7+5']],
  ['context.lines[qty > 1].sku', ['context.lines.qty@14+3', 'context.lines.sku@23+3']],
  ['context.lines^(>qty)', ['context.lines.qty@16+3', 'context.lines@8+5']],
  ["context.lines.{'s': sku}", ['context.lines.sku@20+3', 'context.lines@8+5']],
  ['$lookup(setting, input.key)', ['setting@8+7', 'input.key@23+3']],
  ['$map(context.lines, function($l) { $l.qty })', ['context.lines@13+5']],
  ['$exists($.record.x)', ['record.x@17+1']],
  ['context.lines@$l.context', ['context.lines@8+5']],
  ['[1..3].($ + record.x)', []],
];

for (const [text, expected] of REFERENCES) {
  test(`references of ${text}`, () => {
    const found = compile(text).references;
    assert.deepEqual(
      found.map(({ root, path, offset, length }) => `${[root, ...path].join('.')}@${offset}+${length}`),
      expected,
    );
  });
}

test('using everything refers to every root', () => {
  const roots = compile('$string($$)').references.map((reference) => reference.root);
  assert.deepEqual(roots, [
    'record',
    'previous',
    'changed',
    'context',
    'input',
    'user',
    'run',
    'setting',
    'answer',
    'response',
    'item',
  ]);
});

test('a message that repeats a very long argument is cut', async () => {
  const long = '-'.repeat(100_000);
  for (const text of [`$DateTime('yyyy', '${long}')`, `$DateTime('yyyy', '+1d', 'Europe/${long}')`, `1 + '${long}'`]) {
    await assert.rejects(evaluate(text), (thrown: Error) => thrown.message.length < 1_000);
  }
});
