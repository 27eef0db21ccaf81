import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readDocuments } from '../../src/document/read-documents.ts';

const FOLDER = fileURLToPath(new URL('../../maps/product-sync/', import.meta.url));
const files = globSync('*.xml', { cwd: FOLDER }).toSorted();

test('the product sync is one service, one module, five maps and two workflows, all without a problem', () => {
  const results = files.map((file) => readDocuments({ file, text: readFileSync(`${FOLDER}${file}`, 'utf8') }));
  assert.deepEqual(
    results.flatMap((result) => result.diagnostics),
    [],
  );
  assert.deepEqual(
    results.flatMap((result) => result.documents.map(({ kind, name }) => `${kind} ${name}`)).toSorted(),
    [
      'map peer-challenge',
      'map peer-login',
      'map peer-logout',
      'map product-create',
      'map product-update',
      'module Products',
      'service head-office',
      'workflow product-changed',
      'workflow product-created',
    ],
  );
});

test('its README names every document, and every setting and secret they use', () => {
  const readme = readFileSync(`${FOLDER}README.md`, 'utf8');
  const texts = files.map((file) => readFileSync(`${FOLDER}${file}`, 'utf8')).join('\n');
  const used = [...texts.matchAll(/\{(?:setting|secret)\.(\w+)\}|(?:setting|secret)="(\w+)"/gu)];
  const names = new Set(used.map((match) => match[1] ?? match[2] ?? ''));
  assert.equal(names.size, 3);
  for (const name of [...names, ...files]) assert.ok(readme.includes(`\`${name}\``), name);
});
