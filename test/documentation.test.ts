import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { renderDiagnostic } from '../src/core/diagnostic.ts';
import { checkDocuments } from '../src/runtime/check.ts';

const ROOT = new URL('../', import.meta.url);

function xmlBlocks(file: string): { file: string; text: string }[] {
  const text = readFileSync(new URL(file, ROOT), 'utf8');
  // A coreBOS document is called as its file is, which stands behind the language.
  return [...text.matchAll(/```xml(?: (\S+))?\n([\s\S]*?)```/gu)].map((match, index) => ({
    file: match[1] ?? `${file}#${index + 1}`,
    text: match[2] ?? '',
  }));
}

describe('documentation', () => {
  it('shows documents that check without errors, as one set', () => {
    const blocks = xmlBlocks('docs/documents.md');
    assert.ok(blocks.length >= 6);
    const { diagnostics } = checkDocuments(blocks);
    assert.deepEqual(
      diagnostics.map((one) => renderDiagnostic(one)),
      [],
    );
  });

  for (const folder of ['product-sync', 'corebos-sync']) {
    it(`ships documents in maps/${folder} that check without errors`, () => {
      const url = new URL(`maps/${folder}/`, ROOT);
      const files = readdirSync(url).filter((file) => file.endsWith('.xml'));
      const { diagnostics } = checkDocuments(
        files.map((file) => ({ file, text: readFileSync(new URL(file, url), 'utf8') })),
      );
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      assert.ok(files.length > 5);
      assert.deepEqual(
        errors.map((one) => renderDiagnostic(one)),
        [],
      );
    });
  }

  it('links to files that are there', () => {
    for (const file of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']) {
      const text = readFileSync(new URL(file, ROOT), 'utf8');
      for (const [, target] of text.matchAll(/\]\(([^)#:]+)\)/gu)) {
        assert.doesNotThrow(() => readdirOrFile(target ?? ''), `${file} links to ${target}`);
      }
    }
  });

  it('names files in ARCHITECTURE.md that are there', () => {
    const [, text = ''] = readFileSync(new URL('ARCHITECTURE.md', ROOT), 'utf8').split('## One save');
    const named = [...text.matchAll(/`((?:[a-z]+\/)+[a-z-]+\.ts)`/gu)].map((match) => match[1] ?? '');
    assert.ok(named.length > 10);
    for (const path of named) {
      const inSource =
        path.startsWith('test/') || path.startsWith('tools/') ? path : `src/${path.replace(/^src\//u, '')}`;
      assert.doesNotThrow(() => readdirOrFile(inSource), `${path} is named and not there`);
    }
  });
});

function readdirOrFile(path: string): void {
  if (path.endsWith('/')) readdirSync(new URL(path, ROOT));
  else readFileSync(new URL(path, ROOT));
}
