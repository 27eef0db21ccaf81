import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { atOnce } from '../../src/core/in-slices.ts';
import { readCsv } from '../../src/engine/answer/read-csv.ts';

const read = (text: string, separator?: string, hasHeader = false) => atOnce(readCsv(text, { separator, hasHeader }));

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('rows of CSV', () => {
  it('come back as they were written, whatever the cells hold', () => {
    const rows = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n', '\r'), (cells, end) => {
        const text = cells.map((row) => row.map(quoted).join(';')).join(end);
        assert.deepEqual(read(text, ';'), cells);
      }),
    );
  });

  it('are read from any text without throwing', () => {
    fc.assert(fc.property(fc.string(), fc.boolean(), (text, hasHeader) => void read(text, undefined, hasHeader)));
  });

  it('tell the separator, leave out empty lines, and take rows of any length', () => {
    assert.deepEqual(read('a;"x,y,z";c\n\n1;2\n'), [
      ['a', 'x,y,z', 'c'],
      ['1', '2'],
    ]);
    assert.deepEqual(read('a\tb\n1\t2\t3\n4', undefined, true), [{ a: '1', b: '2' }, { a: '4' }]);
  });
});
