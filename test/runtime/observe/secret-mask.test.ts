import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCallRecorder } from '../../../src/connector/call-recorder.ts';
import type { SecretStore } from '../../../src/core/secret-store.ts';
import { SecretMask } from '../../../src/runtime/observe/secret-mask.ts';

/** Keeps what it is given in memory. */
function memorySecrets(): SecretStore {
  const values = new Map<string, string>();
  return {
    get: (name) => Promise.resolve(values.get(name)),
    set: ({ name, value }) => Promise.resolve(void values.set(name, value)),
    list: () => Promise.resolve([]),
    remove: (name) => Promise.resolve(values.delete(name)),
  };
}

const valueOf = (name: string, round: number): string => `${name}-value-${round}-`;

describe('what a process says', () => {
  it('shows no value of a secret that is replaced again and again, nor the ones it had before', async () => {
    const mask = new SecretMask(createCallRecorder());
    const secrets = mask.follow(memorySecrets());
    await secrets.set({ name: 'other', value: valueOf('other', 0), by: 'a', at: 1 });
    for (let round = 0; round < 20; round++) {
      await secrets.set({ name: 'key', value: valueOf('key', round), by: 'a', at: 1 });
      assert.equal(await secrets.get('key'), valueOf('key', round));
      for (const name of [valueOf('key', round), valueOf('key', Math.max(0, round - 1)), valueOf('other', 0)]) {
        assert.ok(!mask.mask(`it is ${name}.`).includes('value'), name);
      }
    }
    // Those long replaced are looked for no more.
    assert.equal(mask.mask(valueOf('key', 1)), valueOf('key', 1));
  });
});
