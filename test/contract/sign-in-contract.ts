import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MOST_SIGN_INS, type SignInStore } from '../../src/core/sign-in.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const BEGUN = { credential: 'docs', subject: '19x5', by: 'anna', sealed: 's', startedAt: 1_000, expiresAt: 2_000 };

const begin = (signIns: SignInStore, id: string, more: Partial<typeof BEGUN> = {}, forgetBefore = 0) =>
  signIns.begin({ id, ...BEGUN, ...more }, { forgetBefore });

/** What every store of sign-ins does. */
export function signInContract(name: string, factory: InstallFactory): void {
  describe(`sign-ins: ${name}`, () => {
    it('are kept as they were begun', async (context) => {
      const { signIns } = await freshStore(context, factory);
      assert.equal(await signIns.get('a'), undefined);
      await begin(signIns, 'a');
      const expected = { id: 'a', ...BEGUN, state: 'open', takenUntil: undefined, problem: undefined };
      assert.deepEqual(await signIns.get('a'), expected);
    });
    it('are begun once under one id', async (context) => {
      const { signIns } = await freshStore(context, factory);
      await begin(signIns, 'a');
      await assert.rejects(begin(signIns, 'a', { subject: '19x6' }));
      assert.equal((await signIns.get('a'))?.subject, '19x5');
    });
    describe('taking', () => taken(factory));
    describe('forgetting', () => forgotten(factory));
  });
}

function taken(factory: InstallFactory): void {
  it('is for one of many at once', async (context) => {
    const { signIns } = await freshStore(context, factory);
    await begin(signIns, 'a');
    const tries = Array.from({ length: 20 }, () => signIns.take({ id: 'a', at: 1_100, until: 1_200 }));
    assert.equal((await Promise.all(tries)).filter(Boolean).length, 1);
    const row = await signIns.get('a');
    assert.deepEqual([row?.state, row?.takenUntil], ['taken', 1_200]);
  });

  it('is for the next one when the first had time enough, who then ends nothing', async (context) => {
    const { signIns } = await freshStore(context, factory);
    await begin(signIns, 'a');
    assert.equal(await signIns.take({ id: 'a', at: 1_100, until: 1_200 }), true);
    assert.equal(await signIns.take({ id: 'a', at: 1_199, until: 1_299 }), false);
    assert.equal(await signIns.take({ id: 'a', at: 1_200, until: 1_300 }), true);
    const connected = { state: 'connected' } as const;
    assert.equal(await signIns.end({ id: 'a', until: 1_200, outcome: connected }), false);
    assert.equal(await signIns.end({ id: 'a', until: 1_300, outcome: connected }), true);
    assert.equal((await signIns.get('a'))?.state, 'connected');
  });

  it('is for nobody once it is over, has expired, or never was', async (context) => {
    const { signIns } = await freshStore(context, factory);
    await begin(signIns, 'a');
    assert.equal(await signIns.take({ id: 'a', at: 2_000, until: 2_100 }), false);
    assert.equal(await signIns.take({ id: 'b', at: 1_000, until: 2_100 }), false);
    assert.equal(await signIns.take({ id: 'a', at: 1_999, until: 2_100 }), true);
    await signIns.end({ id: 'a', until: 2_100, outcome: { state: 'failed', problem: 'no' } });
    assert.equal(await signIns.take({ id: 'a', at: 1_999, until: 2_200 }), false);
    const row = await signIns.get('a');
    assert.deepEqual([row?.state, row?.problem, row?.takenUntil], ['failed', 'no', undefined]);
  });

  it('is possible again after what may succeed later', async (context) => {
    const { signIns } = await freshStore(context, factory);
    await begin(signIns, 'a');
    await signIns.take({ id: 'a', at: 1_100, until: 1_200 });
    await signIns.end({ id: 'a', until: 1_200, outcome: { state: 'open', problem: 'away' } });
    assert.deepEqual([(await signIns.get('a'))?.state, (await signIns.get('a'))?.problem], ['open', 'away']);
    assert.equal(await signIns.take({ id: 'a', at: 1_101, until: 1_201 }), true);
    await signIns.end({ id: 'a', until: 1_201, outcome: { state: 'connected' } });
    assert.equal((await signIns.get('a'))?.problem, undefined);
  });
}

function forgotten(factory: InstallFactory): void {
  it('is for what expired long ago', async (context) => {
    const { signIns } = await freshStore(context, factory);
    await begin(signIns, 'old', { expiresAt: 1_500 });
    await begin(signIns, 'kept', { expiresAt: 1_501, subject: '' });
    await begin(signIns, 'new', {}, 1_501);
    assert.equal(await signIns.get('old'), undefined);
    assert.equal((await signIns.get('kept'))?.id, 'kept');
  });

  it('is for the oldest of one person, so that nobody fills the database', async (context) => {
    const { signIns } = await freshStore(context, factory);
    await begin(signIns, 'other', { subject: '' });
    for (let count = 0; count <= MOST_SIGN_INS; count++) await begin(signIns, `a${count}`, { startedAt: count });
    assert.equal(await signIns.get('a0'), undefined);
    assert.equal((await signIns.get('a1'))?.id, 'a1');
    assert.equal((await signIns.get(`a${MOST_SIGN_INS}`))?.id, `a${MOST_SIGN_INS}`);
    assert.equal((await signIns.get('other'))?.id, 'other');
  });
}
