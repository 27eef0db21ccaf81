import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';
import { MapwrightError } from '../../src/core/error.ts';
import { compileJsonata } from '../../src/expression/jsonata.ts';
import { JsonataEvaluator } from '../../src/expression/jsonata-evaluator.ts';
import { shortcutOf } from '../../src/expression/jsonata-shortcut.ts';
import { AMBIENCE, ENVIRONMENT } from './sample-environment.ts';

/** So that a busy machine does not decide a test. */
const BUDGET = { timeoutMs: 60_000 };

type Outcome = { readonly value: unknown } | { readonly code: string };

/** What JSONata itself makes of it, or the code it fails with. */
async function wholeEvaluation(evaluator: JsonataEvaluator, environment: typeof ENVIRONMENT): Promise<Outcome> {
  try {
    return { value: await evaluator.run(environment, AMBIENCE, BUDGET) };
  } catch (thrown) {
    assert.ok(thrown instanceof MapwrightError, String(thrown));
    return { code: thrown.code };
  }
}

/** Names that are there, that are not, and that every object or list has from elsewhere. */
const names = fc.constantFrom('a', 'b', '`c-d`', 'length', 'constructor', 'toString', 'sequence', '`__proto__`');
const scalars = fc.oneof(
  fc.constantFrom(null, true, false, 0, -0, 1, 2, 1.5, -1, 1e21, '', '0', 'a', 'ab', 'é', 'true', ' '),
  fc.integer({ min: -3, max: 3 }),
  fc.string({ maxLength: 3 }),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { withCrossShrink: true, maxDepth: 3 },
    { weight: 5, arbitrary: scalars },
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c-d', 'length'), tie('value'), { maxKeys: 3 }) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
  ),
})).value;
const records = fc.dictionary(fc.constantFrom('a', 'b', 'c-d', 'length'), values, { maxKeys: 4 });

const paths = fc
  .tuple(fc.constantFrom('record', 'context', 'changed', 'item'), fc.array(names, { minLength: 1, maxLength: 3 }))
  .map(([root, rest]) => [root, ...rest].join('.'));
const literals = fc.constantFrom('1', '0', '-1', '1.5', "''", "'a'", '"0"', 'true', 'false', 'null');
const expressions = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    { weight: 4, arbitrary: paths },
    { weight: 2, arbitrary: literals },
    {
      weight: 5,
      arbitrary: fc
        .tuple(tie('expression'), fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '&', 'and', 'or'), tie('expression'))
        .map((parts) => parts.join(' ')),
    },
    { weight: 2, arbitrary: tie('expression').map((inner) => `(${inner})`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('exists', 'not'), tie('expression'))
        .map(([name, inner]) => `$${name}(${inner})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('expression'), tie('expression'), fc.option(tie('expression')))
        .map(([a, b, c]) => `${a} ? ${b}${c === null ? '' : ` : ${c}`}`),
    },
  ),
})).expression;

test('what is read directly is what the whole evaluation gives', async () => {
  let direct = 0;
  let whole = 0;
  const environments = fc.record({ record: records, context: records, item: values });
  await fc.assert(
    fc.asyncProperty(expressions, environments, async (text, parts) => {
      const environment = { ...ENVIRONMENT, ...(parts as { record: JsonObject; context: JsonObject }) };
      const evaluator = new JsonataEvaluator(text);
      const shortcut = shortcutOf(evaluator.tree);
      const known = shortcut?.(environment);
      if (known === undefined) {
        whole += 1;
        return;
      }
      direct += 1;
      assert.deepEqual({ value: known.value }, await wholeEvaluation(evaluator, environment), text);
    }),
    { numRuns: 3000 },
  );
  assert.ok(
    direct > 300 && whole > 300,
    `${direct} were read directly and ${whole} were not: the property says little`,
  );
});

const DIRECT: readonly (readonly [string, unknown])[] = [
  ['record.name', 'Bolt "M8" & Söhne'],
  ['response.body.success = false', true],
  ["record.price > 1 and record.name != ''", true],
  ["record.nosuch = 'x' or (record.price <= 1.5 and $not(record.none))", true],
  ["record.account_id & '-' & context.token", '11x74-T1'],
  ["$exists(record.nosuch) ? 'there' : 'not there'", 'not there'],
];

for (const [text, expected] of DIRECT) {
  test(`is read directly: ${text}`, async () => {
    assert.deepEqual(shortcutOf(new JsonataEvaluator(text).tree)?.(ENVIRONMENT), { value: expected });
    const compiled = compileJsonata(text);
    assert.ok(compiled.ok);
    assert.equal(await compiled.value.evaluate(ENVIRONMENT, AMBIENCE), expected);
  });
}

const LEFT_TO_JSONATA = [
  'context.lines.qty',
  'record',
  'record.name < 1',
  'record.none < 1',
  "record.price & ''",
  'record.constructor',
  '$sum(context.lines.qty) = 5',
  'record.name[0]',
  '(record.name)[]',
  '$not(record.nosuch)',
];

for (const text of LEFT_TO_JSONATA) {
  test(`is left to JSONata: ${text}`, () => {
    assert.equal(shortcutOf(new JsonataEvaluator(text).tree)?.(ENVIRONMENT), undefined);
  });
}

test('an expression of any depth is evaluated, and of too great a depth refused as before', async () => {
  for (const depth of [10, 100]) {
    const compiled = compileJsonata(`${'('.repeat(depth)}record.price > 1${')'.repeat(depth)}`);
    assert.ok(compiled.ok);
    assert.equal(await compiled.value.evaluate(ENVIRONMENT, AMBIENCE), true);
  }
  const compiled = compileJsonata('((((((1))))))');
  assert.ok(compiled.ok);
  await assert.rejects(compiled.value.evaluate(ENVIRONMENT, AMBIENCE, { maxDepth: 3 }), {
    code: 'EXPRESSION_TOO_LARGE',
  });
});
