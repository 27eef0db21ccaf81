import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TokenKey, TokenStore } from '../../src/core/credential.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const ALL: TokenKey = { credential: 'docs', subject: '' };
const ANNA: TokenKey = { credential: 'docs', subject: '19x5' };

const begin = (tokens: TokenStore, renewer: string, version: number, at = 1_000) =>
  tokens.beginRenewal({ ...ALL, renewer, version, at, until: at + 100 });

const end = (tokens: TokenStore, renewer: string, sealed: string, at = 1_010) =>
  tokens.endRenewal({ ...ALL, renewer, at, fingerprint: 'f', outcome: { sealed } });

const fail = (tokens: TokenStore, renewer: string, isThrownAway: boolean) =>
  tokens.endRenewal({ ...ALL, renewer, at: 1_020, fingerprint: 'f', outcome: { problem: 'no', isThrownAway } });

/** What every store of tokens does. */
export function tokenStoreContract(name: string, factory: InstallFactory): void {
  describe(`tokens of credentials: ${name}`, () => {
    describe('a token', () => kept(factory));
    describe('a renewal', () => renewed(factory));
  });
}

function kept(factory: InstallFactory): void {
  it('is kept for each person or for all, and its version rises', async (context) => {
    const { tokens } = await freshStore(context, factory);
    assert.equal(await tokens.get(ALL), undefined);
    await tokens.put({ ...ALL, sealed: 's1', fingerprint: 'f1', at: 5 });
    await tokens.put({ ...ANNA, sealed: 's2', fingerprint: 'f1', at: 6 });
    await tokens.put({ ...ALL, sealed: 's3', fingerprint: 'f2', at: 7 });
    const nobody = { renewer: undefined, renewingUntil: undefined, problem: undefined };
    const all = { ...ALL, version: 2, sealed: 's3', fingerprint: 'f2', changedAt: 7, connectedAt: 7, ...nobody };
    const anna = { ...ANNA, version: 1, sealed: 's2', fingerprint: 'f1', changedAt: 6, connectedAt: 6, ...nobody };
    assert.deepEqual(await tokens.get(ALL), all);
    assert.deepEqual(await tokens.list(), [all, anna]);
  });

  it('is removed alone, or with all of its credential', async (context) => {
    const { tokens } = await freshStore(context, factory);
    for (const key of [ALL, ANNA, { credential: 'other', subject: '' }]) {
      await tokens.put({ ...key, sealed: 's', fingerprint: 'f', at: 5 });
    }
    assert.deepEqual([await tokens.remove(ANNA), await tokens.remove(ANNA)], [true, false]);
    await tokens.put({ ...ANNA, sealed: 's', fingerprint: 'f', at: 6 });
    assert.equal(await tokens.removeAll('docs'), 2);
    assert.deepEqual(
      (await tokens.list()).map(({ credential }) => credential),
      ['other'],
    );
  });
}

function renewed(factory: InstallFactory): void {
  it('is one of many that want it at once, of a first token too', async (context) => {
    const { tokens } = await freshStore(context, factory);
    for (const version of [0, 1]) {
      const names = Array.from({ length: 20 }, (_, index) => `r${index}`);
      const begun = await Promise.all(names.map((renewer) => begin(tokens, renewer, version)));
      assert.equal(begun.filter(Boolean).length, 1);
      const [winner = ''] = names.filter((_, index) => begun[index]);
      assert.equal((await tokens.get(ALL))?.renewer, winner);
      assert.equal(await end(tokens, winner, `s${version}`), true);
    }
    const row = await tokens.get(ALL);
    assert.deepEqual([row?.version, row?.sealed, row?.renewer, row?.renewingUntil], [2, 's1', undefined, undefined]);
  });

  it('begins only at the version that its caller knows', async (context) => {
    const { tokens } = await freshStore(context, factory);
    assert.equal(await begin(tokens, 'a', 1), false);
    assert.equal(await tokens.get(ALL), undefined);
    await tokens.put({ ...ALL, sealed: 's', fingerprint: 'f', at: 5 });
    assert.deepEqual([await begin(tokens, 'a', 0), await begin(tokens, 'a', 2)], [false, false]);
    assert.equal(await begin(tokens, 'a', 1), true);
  });

  it('is taken over when its time is up, and the late one stores nothing', async (context) => {
    const { tokens } = await freshStore(context, factory);
    await tokens.put({ ...ALL, sealed: 's', fingerprint: 'f', at: 5 });
    assert.equal(await begin(tokens, 'dead', 1, 1_000), true);
    assert.equal(await begin(tokens, 'next', 1, 1_099), false);
    assert.equal(await begin(tokens, 'next', 1, 1_100), true);
    assert.equal(await end(tokens, 'dead', 'late'), false);
    assert.equal(await end(tokens, 'next', 'new'), true);
    assert.deepEqual([(await tokens.get(ALL))?.sealed, (await tokens.get(ALL))?.version], ['new', 2]);
    assert.equal((await tokens.get(ALL))?.connectedAt, 5, 'when somebody signed in');
  });

  it('may end late as long as nobody has taken over', async (context) => {
    const { tokens } = await freshStore(context, factory);
    await begin(tokens, 'slow', 0, 1_000);
    assert.equal(await end(tokens, 'slow', 'new', 9_000), true);
    assert.equal((await tokens.get(ALL))?.sealed, 'new');
  });

  it('that fails says why, and keeps what is there unless it is thrown away', async (context) => {
    const { tokens } = await freshStore(context, factory);
    await tokens.put({ ...ALL, sealed: 's', fingerprint: 'f', at: 5 });
    await begin(tokens, 'a', 1);
    assert.equal(await fail(tokens, 'a', false), true);
    const first = await tokens.get(ALL);
    assert.deepEqual([first?.sealed, first?.problem, first?.version, first?.renewer], ['s', 'no', 2, undefined]);
    await begin(tokens, 'b', 2);
    await fail(tokens, 'b', true);
    const second = await tokens.get(ALL);
    assert.deepEqual([second?.sealed, second?.problem, second?.version], [undefined, 'no', 3]);
    await begin(tokens, 'c', 3);
    await end(tokens, 'c', 'new');
    assert.equal((await tokens.get(ALL))?.problem, undefined);
  });

  it('comes to nothing when a person connects, or disconnects, meanwhile', async (context) => {
    const { tokens } = await freshStore(context, factory);
    await begin(tokens, 'a', 0);
    await tokens.put({ ...ALL, sealed: 'hers', fingerprint: 'f', at: 1_005 });
    assert.equal(await end(tokens, 'a', 'late'), false);
    assert.equal((await tokens.get(ALL))?.sealed, 'hers');
    await begin(tokens, 'b', 1);
    await tokens.remove(ALL);
    assert.equal(await end(tokens, 'b', 'late'), false);
    assert.equal(await tokens.get(ALL), undefined);
  });
}
