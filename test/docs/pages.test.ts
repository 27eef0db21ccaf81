import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { tablesOf } from './page.ts';

const ROOT = new URL('../../', import.meta.url);
const PAGES = [
  'README.md',
  ...readdirSync(new URL('docs/', ROOT)).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```/gmu, '').replaceAll(/`[^`\n]*`/gu, (code) => code.replaceAll(/[[\]()]/gu, ''));
}

/** The names by which headings are linked to, as sites that show Markdown make them. */
function anchorsOf(text: string): Set<string> {
  const headings = withoutCode(text).matchAll(/^#+ (.+)$/gmu);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('the pages', () => {
  for (const page of PAGES) {
    it(`${page} links to pages and headings that are there`, () => {
      const from = new URL(page, ROOT);
      const links = [...withoutCode(readFileSync(from, 'utf8')).matchAll(/\]\(([^)\s]+)\)/gu)];
      for (const [, target = ''] of links) {
        if (/^https?:/u.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        const to = file === '' ? from : new URL(file, from);
        assert.ok(existsSync(to), `${page} links to ${target}`);
        if (anchor !== undefined) assert.ok(anchorsOf(readFileSync(to, 'utf8')).has(anchor), `${page}: ${target}`);
      }
    });
  }

  it('README.md leads to every page in docs/', () => {
    const text = readFileSync(new URL('README.md', ROOT), 'utf8');
    assert.deepEqual(
      PAGES.filter((page) => page !== 'README.md' && !text.includes(`](${page})`)),
      [],
    );
  });

  it('docs/errors.md says of each code what happened and what to do', () => {
    const rows = tablesOf('errors.md', ['code', 'what happened', 'what to do']).flatMap((table) => table.rows);
    assert.ok(rows.length > 200);
    for (const { cells, at } of rows) {
      assert.equal(cells.length, 3, at);
      for (const cell of cells) assert.notEqual(cell, '', at);
    }
  });
});
