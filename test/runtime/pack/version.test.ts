import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isOlder } from '../../../src/runtime/pack/pack-version.ts';

const IN_ORDER = ['0.9', '1.0.0-alpha', '1.0.0-beta.2', '1.0.0-beta.10', '1.0.0', '1.9', '1.10', '2', '10.0.1'];

it('versions of packs have the order that people read in them', () => {
  for (const [at, version] of IN_ORDER.entries()) {
    for (const [other, than] of IN_ORDER.entries())
      assert.equal(isOlder(version, than), at < other, `${version} ${than}`);
  }
  assert.equal(isOlder('1', '1.0.0'), false);
  assert.equal(isOlder('1.0.0', '1'), false);
});
