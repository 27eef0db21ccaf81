import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { matchRowConditions } from '../../src/expression/legacy/functions/row-condition.ts';
import { compileLegacy, evaluationScope } from '../../src/expression/legacy/legacy.ts';
import { JsonataGuard } from '../../src/expression/jsonata-guard.ts';
import { memoryEnvironment } from '../../tools/conformance/memory-world.ts';

function evaluate(text: string): Promise<Json> {
  const result = compileLegacy(text);
  assert.ok(result.ok, text);
  return result.value.evaluate(memoryEnvironment({ context: { x: '' } }));
}

/** The text with itself put into `around` in the place of `*`, so many times. */
function nested(times: number, around: string, inner: string): string {
  let text = inner;
  for (let level = 0; level < times; level++) text = around.replace('*', () => text);
  return text;
}

test('a short expression cannot build more than memory holds', async () => {
  for (const [what, text] of Object.entries({
    'a text that grows tenfold with each replacement': nested(30, "stringreplace('a','aaaaaaaaaa',*)", "'a'"),
    'a text that grows with each pattern found': nested(30, "regexreplace('','aaaaaaaaaa',*)", "'a'"),
    'a text that is doubled through the context': nested(60, "concat(setToContext('x',*),getFromContext('x'))", "'a'"),
    'a text joined by itself': nested(20, "implode(setToContext('x',*),explode('a',getFromContext('x')))", "'aaab'"),
    'a list that holds itself twice': nested(60, "array(setToContext('x',*),getFromContext('x'))", "'a'"),
    'JSON text that holds itself twice': nested(
      60,
      "jsonEncode(array(setToContext('x',*),getFromContext('x')))",
      "'a'",
    ),
    'a number with a long text between its digits': `number_format(power(10,20),0,'',${nested(7, "stringreplace('a','aaaaaaaaaa',*)", "'a'")})`,
  })) {
    await assert.rejects(evaluate(text), { name: 'MapwrightError', code: /^EXPRESSION_(?:TOO_LARGE|TIMEOUT)$/u }, what);
  }
});

test('JSON with more levels than PHP reads is none', async () => {
  const lists = (levels: number) => `jsonDecode('${'['.repeat(levels)}${']'.repeat(levels)}')`;
  assert.equal(await evaluate(lists(50_000)), null);
  assert.equal(await evaluate(lists(513)), null);
  assert.notEqual(await evaluate(lists(512)), null);
  await evaluate(`flattenarray(${lists(50_000)})`);
});

test('what is large and fits is computed', async () => {
  const million = await evaluate(nested(6, "stringreplace('a','aaaaaaaaaa',*)", "'a'"));
  assert.equal(String(million).length, 1_000_000);
  assert.equal(await evaluate("number_format(1234567.891, 2, ',', '.')"), '1.234.567,89');
  assert.equal(await evaluate("regexreplace('(b)', '[$1]', 'abcb')"), 'a[b]c[b]');
  assert.equal(await evaluate("implode('-', array('a', 1))"), 'a-1');
});

test('a number that JSON does not have leaves an expression as its text', async () => {
  assert.equal(await evaluate('log(0)'), '-INF');
  assert.equal(await evaluate('power(10, 400)'), 'INF');
  assert.deepEqual(await evaluate('array(power(-8, 0.3), 1)'), ['NAN', 1]);
  assert.equal(await evaluate('power(10, 400) > 1'), true);
});

test('ten thousand rows, each compared with a list of a hundred thousand, are given up in time', async () => {
  const rows = Array.from({ length: 10_000 }, (_, index) => ({
    id: `11x${index + 1}`,
    module: 'Accounts',
    fields: { code: `c${index}` },
  }));
  const list = Array.from({ length: 100_000 }, (_, index) => index).join(',');
  const scope = evaluationScope(memoryEnvironment({}), new JsonataGuard({ timeoutMs: 50 }));
  const matching = matchRowConditions(rows, `[code,i,${list}]`, scope);
  await assert.rejects(matching, { code: 'EXPRESSION_TIMEOUT' });
  const few = matchRowConditions(rows, '[code,i,c7,c9]', evaluationScope(memoryEnvironment({}), new JsonataGuard({})));
  assert.deepEqual(
    (await few).map(({ id }) => id),
    ['11x8', '11x10'],
  );
});
