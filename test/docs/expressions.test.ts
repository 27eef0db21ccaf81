import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileJsonata } from '../../src/expression/jsonata.ts';
import { LEGACY_FUNCTION_NAMES, UNAVAILABLE_FUNCTION_NAMES } from '../../src/expression/legacy/functions/registry.ts';
import { compileLegacy } from '../../src/expression/legacy/legacy.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { pageEnvironment } from './legacy-page-world.ts';
import { blocksOf, codeIn, pageText, tablesOf } from './page.ts';
import { environmentOf, outcomeOf, type Promised, promisedIn, shown } from './table-cells.ts';

const PAGE = 'expressions.md';

async function computeJsonata(text: string, given: string, at: string): Promise<Promised> {
  const compiled = compileJsonata(text);
  if (!compiled.ok) return { kind: 'does not compile', code: compiled.problem.code };
  const { values, ambience } = environmentOf(given, at);
  return outcomeOf(async () => shown(await compiled.value.evaluate(values, ambience)));
}

async function computeLegacy(text: string, given: string, at: string): Promise<Promised> {
  const compiled = compileLegacy(text);
  if (!compiled.ok) return { kind: 'does not compile', code: compiled.problem.code };
  const { values, related } = environmentOf(given, at);
  return outcomeOf(async () => shown(await compiled.value.evaluate(pageEnvironment(values, related))));
}

describe('docs/expressions.md: JSONata', () => {
  const tables = tablesOf(PAGE, ['expression', 'with', 'gives']);
  assert.ok(tables.flatMap(({ rows }) => rows).length > 20);
  for (const { cells, at } of tables.flatMap(({ rows }) => rows)) {
    const [text = '', given = '', gives = ''] = cells;
    it(`${at} ${text}`, async () => {
      assert.deepEqual(await computeJsonata(codeIn(text, at), given, at), promisedIn(gives, at));
    });
  }

  it('shows elements that check without errors', () => {
    const blocks = blocksOf(PAGE).filter(({ language }) => language === 'xml');
    assert.equal(blocks.length, 1);
    for (const { text, at } of blocks) {
      const map = `<map xmlns="urn:mapwright:1" name="m"><call method="POST" url="https://a.example"/><parameters>${text}</parameters></map>`;
      const { diagnostics } = checkDocuments([{ file: at, text: map }]);
      assert.deepEqual(
        diagnostics.filter(({ severity }) => severity === 'error'),
        [],
      );
    }
  });
});

describe('docs/expressions.md: the coreBOS language', () => {
  const rows = tablesOf(PAGE, ['legacy expression', 'with', 'gives']).flatMap((table) => table.rows);
  for (const { cells, at } of rows) {
    const [text = '', given = '', gives = ''] = cells;
    it(`${at} ${text}`, async () => {
      assert.deepEqual(await computeLegacy(codeIn(text, at), given, at), promisedIn(gives, at));
    });
  }

  const leaning = tablesOf(PAGE, ['legacy expression', 'gives', 'check says']).flatMap((table) => table.rows);
  assert.ok(leaning.length >= 8);
  for (const { cells, at } of leaning) {
    const [text = '', gives = '', says = ''] = cells;
    it(`${at} ${text}`, async () => {
      const expression = codeIn(text, at);
      assert.deepEqual(await computeLegacy(expression, '', at), promisedIn(gives, at));
      const compiled = compileLegacy(expression);
      const warned = compiled.ok ? [...new Set(compiled.warnings.map(({ code }) => code))] : [];
      assert.deepEqual(warned, says === '' ? [] : [codeIn(says, at)]);
    });
  }

  it('has an example of every function that there is', () => {
    const written = rows.flatMap(({ cells: [text = ''] }) => [...text.matchAll(/\b(\w+)\(/gu)].map(([, name]) => name));
    assert.deepEqual(
      LEGACY_FUNCTION_NAMES.filter((name) => !written.includes(name)),
      [],
    );
  });

  it('names every function that is not available, once, with the reason', () => {
    const [, section = ''] = pageText(PAGE).split('### Functions that are not available\n');
    const lists = section.split('\n').filter((line) => line.startsWith('- '));
    const named = lists.flatMap((line) => {
      const [, names = ''] = /^- [^:]+: ((?:`\w+` ?)+)\./u.exec(line) ?? [];
      assert.notEqual(names, '', line);
      return [...names.matchAll(/`(\w+)`/gu)].map(([, name = '']) => name);
    });
    assert.deepEqual(named.toSorted(), [...UNAVAILABLE_FUNCTION_NAMES].toSorted());
  });
});
