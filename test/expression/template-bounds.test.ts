import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noEscape } from '../../src/expression/escape.ts';
import type { TemplateEnvironment } from '../../src/expression/environment.ts';
import { compileTemplate, type Template } from '../../src/expression/template.ts';
import { TEMPLATE_ENVIRONMENT } from './sample-environment.ts';

function template(text: string): Template {
  const result = compileTemplate(text);
  assert.ok(result.ok, result.ok ? '' : result.problem.message);
  return result.value;
}

test('the expressions of a template share one time limit', async () => {
  const many = template('{= $sum([1..2000]) }'.repeat(900));
  const filling = many.evaluate(TEMPLATE_ENVIRONMENT, noEscape, { timeoutMs: 8 });
  await assert.rejects(filling, { name: 'MapwrightError', code: 'EXPRESSION_TIMEOUT' });
});

test('a template cannot be filled with more than memory holds', async () => {
  const environment: TemplateEnvironment = { ...TEMPLATE_ENVIRONMENT, parameter: () => 'x'.repeat(1024 * 1024) };
  const filled = await template('{a}'.repeat(10)).evaluate(environment, noEscape);
  assert.equal(filled.length, 10 * 1024 * 1024);
  const filling = template('{a}'.repeat(1000)).evaluate(environment, noEscape);
  await assert.rejects(filling, { name: 'MapwrightError', code: 'EXPRESSION_TOO_LARGE' });
});
