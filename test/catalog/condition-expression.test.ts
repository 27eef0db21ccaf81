import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { CHEMEX, codesOf, rulesOf } from './rule-world.ts';

const expression = (text: string): string => `<map><expression><![CDATA[${text}]]></expression></map>`;

describe('a condition expression', () => {
  const cases: readonly (readonly [text: string, values: JsonObject, answer: unknown])[] = [
    ["if employees > 100 then 'big' else 'small' end", CHEMEX, 'big'],
    ["if employees > 100 then 'big' else 'small' end", { ...CHEMEX, employees: '5' }, 'small'],
    ["if employees > 100 then 'big' else 'small' end", { record_id: '11x75' }, 'small'],
    ['uppercase(accountname)', CHEMEX, 'CHEMEX'],
    ['parent_id', CHEMEX, 'Rowley'],
    ['parent_id', { ...CHEMEX, parent_id: '75' }, 'Rowley'],
    ['$(parent_id : (Accounts) employees)', CHEMEX, '5'],
    ["getFromContext('token')", { ...CHEMEX, token: 't1' }, 't1'],
    ['id', CHEMEX, '11x74'],
    ['amount + 1', { amount: 4 }, 5],
    ['unknown', { amount: 4 }, 'unknown'],
    ['unknown', CHEMEX, null],
  ];
  for (const [text, values, answer] of cases) {
    it(`${text} on ${JSON.stringify(values)} is ${JSON.stringify(answer)}`, async () => {
      assert.deepEqual(await rulesOf({ Rule: expression(text) }).evaluateRule('Rule', values), answer);
    });
  }

  it('is told where it ends too early, also before a line that ends with a carriage return', () => {
    const text = "<map><expression>concat('x'\r</expression></map>";
    const [problem] = checkDocuments([{ file: 'Rule.xml', text }]).diagnostics;
    assert.equal(problem?.code, 'EXPRESSION_SYNTAX');
    assert.deepEqual(problem.range, {
      start: { line: 1, column: 28, offset: 27 },
      end: { line: 1, column: 28, offset: 27 },
    });
  });

  it('ends when the rules that it asks come to millions, and lets others have their turns meanwhile', async () => {
    const ask = (level: number) => expression(`concat(${`evaluateRule('R${level + 1}'),`.repeat(3)} 'x')`);
    const levels = Array.from({ length: 15 }, (_, level) => [`R${level}`, ask(level)] as const);
    const maps = rulesOf({ ...Object.fromEntries(levels), R15: expression("'end'") }, [], 300);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    await assert.rejects(maps.evaluateRule('R0', CHEMEX), { code: 'EXPRESSION_TIMEOUT' });
    clearInterval(timer);
    // On a busy machine there may be one only; without a pause there would be none.
    assert.ok(turns > 0);
    assert.equal(await maps.evaluateRule('R13', CHEMEX), `${'endendendx'.repeat(3)}x`);
  });

  it('is found by a name of another letter case, and is not made up', async () => {
    const maps = rulesOf({ Rule: expression("'yes'") });
    assert.equal(await maps.evaluateRule(' rule ', {}), 'yes');
    assert.equal(await maps.evaluateRule('Rule2', {}), undefined);
    assert.equal(await maps.evaluateRule('74', {}), undefined);
  });

  it('prefers the rule of exactly that name', async () => {
    const maps = rulesOf({ RULE: expression("'upper'"), Rule: expression("'mixed'") }, ['DOCUMENT_DUPLICATE']);
    assert.equal(await maps.evaluateRule('Rule', {}), 'mixed');
    assert.equal(await maps.evaluateRule('RULE', {}), 'upper');
  });

  it('renders a template, and puts values into it that are no templates themselves', async () => {
    const text = '<map><template>Hello $accountname, $[said]!</template></map>';
    const answer = await rulesOf({ Rule: text }).evaluateRule('Rule', { ...CHEMEX, said: '$employees' });
    assert.equal(answer, 'Hello Chemex, $employees!');
  });

  it('calls a function with fields and texts', async () => {
    const text = `<map><function><name>concat</name><parameters><parameter>accountname</parameter>
      <parameter> it's a \\ text &amp;amp; more</parameter><parameter>record_id</parameter></parameters></function></map>`;
    const answer = await rulesOf({ Rule: text }).evaluateRule('Rule', CHEMEX);
    assert.equal(answer, "Chemex it's a \\ text &amp; more74");
  });

  it('refuses functions that are not of the language, and texts that are no expressions', () => {
    assert.deepEqual(codesOf({ Rule: '<map><function><name>isPermitted</name></function></map>' }), [
      'EXPRESSION_UNKNOWN_FUNCTION',
    ]);
    assert.deepEqual(codesOf({ Rule: expression('concat(') }), ['EXPRESSION_SYNTAX']);
  });

  it('stops rules that ask each other in a circle', async () => {
    const maps = rulesOf({ A: expression("evaluateRule('B')"), B: expression("evaluateRule('A')") });
    await assert.rejects(maps.evaluateRule('A', CHEMEX), { code: 'RULE_TOO_DEEP' });
  });
});

describe('$[name] in a rule', () => {
  const cases: readonly (readonly [text: string, values: JsonObject, answer: unknown])[] = [
    ['$[amount] + 1', { amount: '4' }, 5],
    ['$[AMOUNT] + 1', { amount: -4 }, -3],
    ["concat('<$[name]>', 'x')", { name: 'O\'Neil \\ & <b> &#39; "q"' }, '<O\'Neil \\ & <b> &#39; "q">x'],
    ['concat($[name], 1)', { name: "two words', delSetting('a" }, "two words', delSetting('a1"],
    ['concat($[name], 1)', { name: '' }, '1'],
    ['concat($[date], 1)', { date: '2025-01-31' }, '2025-01-311'],
    ["concat('$[list]', '$[nobody]')", { list: [1] }, '$[list]$[nobody]'],
    ['$[field]', { field: 'amount', amount: '7' }, '7'],
  ];
  for (const [text, values, answer] of cases) {
    it(`${text} with ${JSON.stringify(values)} is ${JSON.stringify(answer)}`, async () => {
      assert.deepEqual(await rulesOf({ Rule: expression(text) }).evaluateRule('Rule', values), answer);
    });
  }

  it('fails the rule when it is no expression with the values in it', async () => {
    const maps = rulesOf({ Rule: expression('concat($[name]') });
    await assert.rejects(maps.evaluateRule('Rule', { name: 'a' }), { code: 'EXPRESSION_SYNTAX' });
  });
});
