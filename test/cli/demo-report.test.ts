import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DemoFacts } from '../../src/cli/demo/facts.ts';
import { renderReport } from '../../src/cli/demo/report.ts';
import { displayWidth } from '../../src/cli/text-layout.ts';

const FACTS: DemoFacts = {
  documents: 'published',
  a: { url: 'http://127.0.0.1:40001', checked: { module: 1, map: 5, workflow: 2 }, errors: 0 },
  b: { url: 'http://127.0.0.1:40002', products: 6 },
  scenes: [],
  comparison: undefined,
  totals: { saves: 5, completed: 4, failed: 1, lost: 0, duplicated: 0, sessionsOpen: 5 },
  failures: [],
};

const verdictLine = (facts: DemoFacts): string =>
  renderReport(facts)
    .split('\n')
    .find((line) => line.includes('saves accepted')) ?? '';

it('ends the line of totals with OK, within 110 columns, when all is well', () => {
  assert.match(verdictLine(FACTS), / {3}OK$/u);
  for (const line of renderReport(FACTS).split('\n')) assert.ok(displayWidth(line) <= 110, line);
});

it('says what failed, and no OK, when something is false', () => {
  const facts = { ...FACTS, totals: { ...FACTS.totals, lost: 1 }, failures: ['1 lost'] };
  assert.match(verdictLine(facts), /LOST 1/u);
  assert.doesNotMatch(verdictLine(facts), /OK/u);
  assert.match(renderReport(facts), /^ {3}FAILED: 1 lost$/mu);
});
