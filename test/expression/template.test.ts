import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapwrightError } from '../../src/core/error.ts';
import { escapeJsonString, escapeQueryValue, noEscape } from '../../src/expression/escape.ts';
import { compileTemplate, type Template, type TemplateKind } from '../../src/expression/template.ts';
import { ENVIRONMENT, TEMPLATE_ENVIRONMENT } from './sample-environment.ts';

function compile(text: string, kind: TemplateKind = 'text'): Template {
  const result = compileTemplate(text, { kind });
  assert.ok(result.ok, result.ok ? '' : `${text}: ${result.problem.message}`);
  return result.value;
}

const fill = (text: string, escape = noEscape): Promise<string> => compile(text).evaluate(TEMPLATE_ENVIRONMENT, escape);

const FILLED: readonly (readonly [string, string])[] = [
  ['', ''],
  ['plain', 'plain'],
  ['{codcliente}', 'C 1/2'],
  ['{record.name}!', 'Bolt "M8" & Söhne!'],
  ['[{record.empty}{record.none}]', '[]'],
  ['{record.price}', '1.5'],
  ['{record.account_id.accountname}', 'Rowley'],
  ['{context.lines.0.sku}', 'A'],
  ['{context.token}{secret.key}', 'T1s3cret'],
  ['{step.key} {user.id} {run.id} {previous.name}', '7-create 19x1 7 Bolt'],
  ['{setting.head_office_url}/x', 'https://b.example/x'],
  ['{response.body.error.code} {response.status} {response.headers.etag}', 'NOPE 200 x'],
  ['{response.body.success}', 'false'],
  ['{context.lines.1}', '{"sku":"B","qty":3}'],
  // Anything else that starts with { is text.
  ['{"a": {record.price}, "b": {}}', '{"a": 1.5, "b": {}}'],
  ['{ record.price } {0} {_x} {a-b} { {', '{ record.price } {0} {_x} {a-b} { {'],
  ['body{color:red}', 'body{color:red}'],
  ['{{record.price} {{{record.price} {{{{', '{record.price} {1.5 {{'],
  ['}}', '}}'],
  // JSONata ends where JSONata ends.
  ['{= 1 + 2 }.', '3.'],
  ['{= \'}\' & "}" & "\\"}" }.', '}}"}.'],
  ['{= {"a": {"b": 1}}.a.b }.', '1.'],
  ['{= /* } */ 1 }.', '1.'],
  ['{= record.`na}me` }.', '.'],
  ["{= $replace('a}b', /[{}]/, '-') }.", 'a-b.'],
  ["{= $replace('a}b', /\\}/, '-') }.", 'a-b.'],
  ['{= record.price / 2 }/{= (4) / 2 }/', '0.75/2/'],
  ['{= $map([4], function($x) { $x / 2 }) / 2 }.', '1.'],
  ["{= 4 > 2 and $contains('}', /\\}/) }.", 'true.'],
  ['{= $sum(context.lines.*[$type($) = "number"]) * 2 }.', '10.'],
  ['{=record.price}', '1.5'],
  ['{=raw record.price }', '1.5'],
];

for (const [text, expected] of FILLED) {
  test(`template ${text}`, async () => assert.equal(await fill(text), expected));
}

test('each value is escaped for its place, the text around and raw values are not', async () => {
  assert.equal(
    await fill('a b={codcliente}&c={= "d e" }&{=raw "d e" }', escapeQueryValue),
    'a b=C%201%2F2&c=d%20e&d e',
  );
  assert.equal(await fill('{"n": "{record.name}"}', escapeJsonString), '{"n": "Bolt \\"M8\\" & Söhne"}');
});

const MISSING = [
  '{nosuch}',
  '{record.nosuch}',
  '{secret.nosuch}',
  '{context.lines.7.sku}',
  '{record.constructor}',
  '{step.no}',
  '{item}',
];

for (const text of MISSING) {
  test(`nothing is known for ${text}`, async () => {
    await assert.rejects(fill(text), { code: 'PARAMETER_SOURCE_MISSING', message: new RegExp(text.slice(1, -1), 'u') });
  });
}

test('an answer that is not there is missing', async () => {
  const { response: _, ...values } = ENVIRONMENT;
  const template = compile('{response.body.error}');
  await assert.rejects(template.evaluate({ ...TEMPLATE_ENVIRONMENT, values }, noEscape), {
    code: 'PARAMETER_SOURCE_MISSING',
  });
});

test('an item stands for itself', async () => {
  const environment = { ...TEMPLATE_ENVIRONMENT, values: { ...ENVIRONMENT, item: { no: 5 } } };
  assert.equal(await compile('{item} {item.no} {= item.no}').evaluate(environment, noEscape), '{"no":5} 5 5');
});

test('a path has no empty parts; its query may', async () => {
  const path = compile('/x/{record.price}?a={record.empty}&b={= record.empty }', 'path');
  assert.equal(await path.evaluate(TEMPLATE_ENVIRONMENT, noEscape), '/x/1.5?a=&b=');
  for (const text of ['/x/{record.empty}', '/x/{= record.empty }', '/x/{record.none}/y?z=1']) {
    await assert.rejects(compile(text, 'path').evaluate(TEMPLATE_ENVIRONMENT, noEscape), { code: 'PARAMETER_EMPTY' });
  }
});

type ProblemCase = readonly [text: string, kind: TemplateKind, code: string, at: string];

const PROBLEMS: readonly ProblemCase[] = [
  ['a {foo.bar}', 'text', 'TEMPLATE_UNKNOWN_NAME', 'foo'],
  ['a {contxt.bar}', 'text', 'TEMPLATE_UNKNOWN_NAME', 'contxt'],
  ['a {record..b}', 'text', 'TEMPLATE_SYNTAX', 'record..b'],
  ['a {record.}', 'text', 'TEMPLATE_SYNTAX', 'record.'],
  ['a {= 1', 'text', 'TEMPLATE_SYNTAX', '{='],
  ["a {= '} b", 'text', 'TEMPLATE_SYNTAX', '{='],
  ['a {= /} b', 'text', 'TEMPLATE_SYNTAX', '{='],
  ["{= $contains('a', /[}]/) }", 'text', 'TEMPLATE_SYNTAX', '{='],
  ['a {= /* } b', 'text', 'TEMPLATE_SYNTAX', '{='],
  ['a {= `} b', 'text', 'TEMPLATE_SYNTAX', '{='],
  ['é {= 1 + recrod.x }', 'text', 'EXPRESSION_UNKNOWN_NAME', 'recrod'],
  ['é {= 1 + + }', 'text', 'EXPRESSION_SYNTAX', '+'],
  ['https://{record.host}/', 'origin', 'TEMPLATE_ORIGIN', 'r'],
  ['https://{= "x" }/', 'origin', 'TEMPLATE_ORIGIN', ' '],
  ['https://{host}/', 'origin', 'TEMPLATE_ORIGIN', 'h'],
];

for (const [text, kind, code, at] of PROBLEMS) {
  test(`template does not compile: ${text}`, () => {
    const result = compileTemplate(text, { kind });
    assert.ok(!result.ok);
    const { offset, length } = result.problem;
    assert.deepEqual({ code: result.problem.code, at: text.slice(offset, offset + length) }, { code, at });
  });
}

test('hints name what was meant', () => {
  const result = compileTemplate('{contxt.bar}');
  assert.equal(result.ok ? '' : result.problem.hint, 'did you mean "context"?');
});

test('a template with very many expressions is refused', () => {
  const result = compileTemplate('{= 1 }'.repeat(1001));
  assert.equal(result.ok ? '' : result.problem.code, 'EXPRESSION_TOO_LARGE');
});

test('an origin may hold settings', () => {
  assert.deepEqual(compile('{setting.url}/webservice.php', 'origin').isLiteral, false);
  assert.equal(compile('https://x.example', 'origin').isLiteral, true);
});

test('raw values are warned about', () => {
  const result = compileTemplate('{=raw 1 }');
  assert.deepEqual(result.ok && result.warnings.map((warning) => warning.code), ['TEMPLATE_RAW']);
});

test('references and their places', () => {
  const text = '{codcliente} {record.a.b} {= context.x & record.y }';
  const { references, isLiteral } = compile(text);
  assert.deepEqual(
    references.map(({ root, path, offset, length }) => [root, ...path, text.slice(offset, offset + length)]),
    [
      ['parameter', 'codcliente', 'codcliente'],
      ['record', 'a', 'b', 'record.a.b'],
      ['context', 'x', 'x'],
      ['record', 'y', 'y'],
    ],
  );
  assert.equal(isLiteral, false);
});

test('a message shows the beginning of a long name', async () => {
  const long = 'a'.repeat(20_000);
  for (const text of [`{x${long}.y}`, `{record..${long}}`]) {
    const compiled = compileTemplate(text, { kind: 'text' });
    assert.ok(!compiled.ok && compiled.problem.message.length < 600);
  }
  await assert.rejects(fill(`{record.${long}}`), (thrown: unknown) => {
    assert.ok(thrown instanceof MapwrightError && thrown.message.length < 600);
    return thrown.code === 'PARAMETER_SOURCE_MISSING';
  });
});
