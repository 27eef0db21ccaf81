import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IdentityStore } from '../../src/core/identity-store.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** Sales with North and South below it, and a post room in North; anna, bert and carl. */
async function company(identities: IdentityStore): Promise<void> {
  for (const name of ['anna', 'bert', 'carl']) await identities.addUser({ name, admin: true, accessKey: 'k', at: 5 });
  const below: readonly [name: string, parent: string | undefined][] = [
    ['Sales', undefined],
    ['North', 'Sales'],
    ['South', 'Sales'],
    ['Post', 'North'],
  ];
  for (const [name, parent] of below) await identities.addUnit({ name, description: '', parent, at: 6 });
}

/** What every store does with organisation units. */
export function organisationUnitContract(name: string, factory: InstallFactory): void {
  describe(`organisation units: ${name}`, () => {
    it('hold their own people, and those of the units below them, each once', async (context) => {
      const { identities } = await freshStore(context, factory);
      await company(identities);
      assert.equal(await identities.addUnitMember({ unit: 'Sales', user: '19x3' }), true);
      assert.equal(await identities.addUnitMember({ unit: 'Post', user: '19x1' }), true);
      assert.equal(await identities.addUnitMember({ unit: 'Post', user: '19x1' }), false);
      assert.equal(await identities.addUnitMember({ unit: 'South', user: '19x1' }), true);
      assert.deepEqual(await identities.unitPeople('Sales'), ['19x1', '19x3']);
      assert.deepEqual(await identities.unitPeople('North'), ['19x1']);
      assert.equal(await identities.removeUnitMember({ unit: 'Post', user: '19x1' }), true);
      assert.equal(await identities.removeUnitMember({ unit: 'Post', user: '19x1' }), false);
      assert.deepEqual(await identities.unitPeople('North'), []);
      assert.equal(await identities.unitPeople('West'), undefined);
      const [first, second, third, fourth] = await identities.units();
      assert.deepEqual(first, { name: 'North', description: '', parent: 'Sales', members: [], createdAt: 6 });
      assert.deepEqual([second?.name, third?.members, fourth?.members], ['Post', ['19x3'], ['19x1']]);
    });

    it('are known by one name, under a unit that is there', async (context) => {
      const { identities } = await freshStore(context, factory);
      const add = (name: string, parent?: string) => identities.addUnit({ name, description: '', parent, at: 6 });
      const twice = await Promise.allSettled([add('Sales'), add('Sales')]);
      assert.deepEqual(
        twice.map(({ status }) => status),
        ['fulfilled', 'rejected'],
      );
      await assert.rejects(add('Sales'), { code: 'IDENTITY_UNIT_EXISTS' });
      await assert.rejects(add('North', 'Nowhere'), { code: 'IDENTITY_UNIT_UNKNOWN' });
      const unknown = { code: 'IDENTITY_UNIT_UNKNOWN' };
      await assert.rejects(identities.addUnitMember({ unit: 'North', user: '19x1' }), unknown);
      await assert.rejects(identities.addUnitMember({ unit: 'Sales', user: '19x1' }), {
        code: 'IDENTITY_USER_UNKNOWN',
      });
    });

    it('are never parts of themselves, also when two are moved at once', async (context) => {
      const { identities } = await freshStore(context, factory);
      await company(identities);
      const move = (unit: string, parent: string | undefined) => identities.moveUnit({ name: unit, parent });
      await assert.rejects(move('Sales', 'Post'), { code: 'IDENTITY_UNIT_CYCLE' });
      await assert.rejects(move('Sales', 'Sales'), { code: 'IDENTITY_UNIT_CYCLE' });
      const crossed = await Promise.allSettled([move('North', 'South'), move('South', 'North')]);
      assert.deepEqual(crossed.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
      await move('Post', undefined);
      assert.equal((await identities.units()).find((unit) => unit.name === 'Post')?.parent, undefined);
    });

    it('are removed with their memberships, once they have no parts', async (context) => {
      const { identities } = await freshStore(context, factory);
      await company(identities);
      await identities.addUnitMember({ unit: 'Post', user: '19x1' });
      await assert.rejects(identities.removeUnit('North'), { code: 'IDENTITY_UNIT_HAS_PARTS' });
      assert.equal(await identities.removeUnit('Post'), true);
      assert.equal(await identities.removeUnit('Post'), false);
      assert.equal(await identities.removeUnit('North'), true);
      assert.equal((await identities.units()).length, 2);
    });
  });
}
