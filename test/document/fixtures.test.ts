import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocuments } from '../../src/document/read-documents.ts';
import { readFixtures } from './fixtures.ts';

for (const fixture of readFixtures()) {
  test(`${fixture.name} gives what its comments say`, () => {
    const { documents, diagnostics } = readDocuments({ file: fixture.name, text: fixture.text });
    const found = diagnostics.map(({ range, severity, code }) => `${range.start.line} ${severity} ${code}`);
    assert.deepEqual(found, fixture.expected);
    assert.equal(fixture.group === 'valid', fixture.expected.length === 0);
    assert.equal(
      fixture.group === 'invalid',
      diagnostics.some((diagnostic) => diagnostic.severity === 'error'),
    );
    if (fixture.group !== 'invalid') assert.ok(documents.length > 0);
  });
}
