import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codesIn, codesInSources, documentedCodes } from '../tools/error-codes.ts';

describe('docs/errors.md', () => {
  it('explains every code that the sources name, once, and no other', () => {
    assert.deepEqual(documentedCodes().toSorted(), [...codesInSources().keys()].toSorted());
  });
});

describe('codesIn', () => {
  const cases: readonly (readonly [source: string, codes: readonly string[]])[] = [
    [`throw new MapwrightError('RUN_UNKNOWN', 'no such run')`, ['RUN_UNKNOWN']],
    [`const code = late ? 'CALL_TIMEOUT' : 'CALL_RESET';`, ['CALL_TIMEOUT', 'CALL_RESET']],
    [`// 'OLD_CODE' was here\n * 'IN_COMMENT'`, []],
    [`environment['MAPWRIGHT_DEBUG'] error.code === 'ERR_X' 'SQLITE_BUSY'`, []],
    [`'ENOENT' 'lower_case' 'WITH SPACE_X' 'XML'`, []],
  ];
  for (const [source, codes] of cases) it(source, () => assert.deepEqual(codesIn(source), codes));
});
