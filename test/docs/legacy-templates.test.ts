import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEGACY_OPERATION_NAMES } from '../../src/expression/legacy/condition/operations.ts';
import { META_NAMES } from '../../src/expression/legacy/template/meta-name.ts';
import { renderLegacyTemplate } from './legacy-templates.ts';
import { codeIn, pageText, tablesOf } from './page.ts';
import { promisedIn } from './table-cells.ts';

describe('docs/templates.md: templates of coreBOS', () => {
  const rows = tablesOf('templates.md', ['legacy template', 'with', 'gives']).flatMap((table) => table.rows);
  assert.ok(rows.length >= 10);
  for (const { cells, at } of rows) {
    const [text = '', given = '', gives = ''] = cells;
    it(`${at} ${text}`, async () => {
      assert.deepEqual(await renderLegacyTemplate(codeIn(text, at), given, at), promisedIn(gives, at));
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
