import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { KeyRing } from '../../src/store/key/key-ring.ts';
import { openForWriting } from '../../src/store/sqlite/database.ts';
import { requireFittingKey } from '../../src/store/sqlite/fitting-key.ts';
import { openAt, temporaryFolder } from './sqlite-install.ts';

const [OLD, NEXT, OTHER] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const idOf = (key: Uint8Array): string => new KeyRing([key]).currentId;

describe('the keys that a database of an install needs', () => {
  it('are both when it was copied while the key was being changed, and one before and after', async (t) => {
    const folder = await temporaryFolder();
    t.after(() => rm(folder, { recursive: true }));
    const store = await openAt(folder, new KeyRing([NEXT, OLD]));
    await store.keys.goOverTo({ key: idOf(OLD), at: 1 });
    await store.keys.finish();
    await store.identities.addUser({ name: 'a', admin: true, accessKey: 'k', at: 1 });
    const token = { credential: 'c', subject: '', fingerprint: 'f', at: 1 };
    await store.tokens.put({ ...token, sealed: store.sealer.seal('token') });
    const fits = (...keys: Uint8Array[]): boolean => {
      const db = openForWriting(folder);
      try {
        requireFittingKey(db, new KeyRing(keys));
        return true;
      } catch (thrown) {
        assert.ok(thrown instanceof Error && 'code' in thrown && thrown.code === 'SECRET_UNREADABLE', String(thrown));
        return false;
      } finally {
        db.close();
      }
    };
    assert.deepEqual([fits(OLD), fits(NEXT), fits(NEXT, OLD), fits(OTHER)], [true, false, true, false]);
    await store.keys.goOverTo({ key: idOf(NEXT), at: 2 });
    // As far as a change of the key had come: the users' access keys, and not yet the tokens.
    await store.keys.walk({ place: 'access keys', after: undefined, change: true });
    assert.deepEqual([fits(OLD), fits(NEXT), fits(NEXT, OLD)], [false, false, true]);
    await store.keys.walk({ place: 'tokens', after: undefined, change: true });
    assert.deepEqual([fits(NEXT), fits(NEXT, OLD)], [true, true]);
    await store.keys.finish();
    await store.close();
    assert.deepEqual([fits(OLD), fits(NEXT)], [false, true]);
  });
});
