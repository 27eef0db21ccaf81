import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEGACY_OPERATION_NAMES } from '../../src/expression/legacy/condition/operations.ts';
import { compileLegacyTemplate } from '../../src/expression/legacy/template/template.ts';
import { META_NAMES } from '../../src/expression/legacy/template/meta-name.ts';
import { memoryEnvironment, memoryServices } from '../../tools/conformance/memory-world.ts';
import { codeIn, pageText, tablesOf } from './page.ts';
import { NOW, outcomeOf, type Promised, promisedIn, valuesIn } from './table-cells.ts';

const ROWLEY = { id: '11x746', module: 'Accounts', fields: { accountname: 'Rowley' } };

async function render(text: string, cell: string, at: string): Promise<Promised> {
  const compiled = compileLegacyTemplate(text);
  if (!compiled.ok) return { kind: 'does not compile', code: compiled.problem.code };
  const { record = {}, context = {} } = valuesIn(cell, at);
  const services = memoryServices({ now: NOW, rows: [ROWLEY] });
  const view = { recordId: '14x74', module: 'Products', record, context };
  return outcomeOf(() => compiled.value.render(memoryEnvironment(view, services)));
}

describe('docs/templates.md: templates of coreBOS', () => {
  const rows = tablesOf('templates.md', ['legacy template', 'with', 'gives']).flatMap((table) => table.rows);
  assert.ok(rows.length >= 10);
  for (const { cells, at } of rows) {
    const [text = '', given = '', gives = ''] = cells;
    it(`${at} ${text}`, async () => {
      assert.deepEqual(await render(codeIn(text, at), given, at), promisedIn(gives, at));
    });
  }

  it('names everything that __VtigerMeta__ knows', () => {
    assert.ok(pageText('templates.md').includes(`\`${META_NAMES.join(' ')}\``));
  });
});

describe('docs/documents.md: conditions of coreBOS', () => {
  it('names every operation, once', () => {
    const rows = tablesOf('documents.md', ['operation', 'holds when the field']).flatMap((table) => table.rows);
    const named = rows.flatMap(({ cells: [names = ''] }) => [...names.matchAll(/`([^`]+)`/gu)].map(([, name]) => name));
    assert.deepEqual(named.toSorted(), [...LEGACY_OPERATION_NAMES].toSorted());
  });
});
