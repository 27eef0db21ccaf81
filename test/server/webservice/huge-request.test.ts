import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOrderOfLinks, readNewElement } from '../../../src/server/webservice/mass-create-element.ts';
import { logIn, member, openService, post } from './client.ts';

test('the same asked for a hundred thousand times is answered once; more ids than one request may have are refused', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const ask = (parameters: Record<string, string>) => post(app, { sessionName, ...parameters });
  const again = (text: string, times = 100_000) => Array.from({ length: times }, () => text).join(',');
  const described = await ask({ operation: 'describe', elementType: again('Products') });
  assert.deepEqual(Object.keys(Object(described.result)), ['Products']);
  const single = await ask({ operation: 'describe', elementType: 'Products' });
  assert.equal(member(single.result, 'name'), 'Products');
  assert.equal((await ask({ operation: 'getReferenceValue', id: again('19x1') })).code, 'INVALID_PARAMETER');
  assert.equal((await ask({ operation: 'MassRetrieve', ids: again('19x1') })).code, 'INVALID_PARAMETER');
  const few = await ask({ operation: 'getReferenceValue', id: again('19x1', 3) });
  assert.deepEqual(Object.keys(Object(few.result)), ['19x1']);
  const found = await ask({ operation: 'getReferenceAutocomplete', searchinmodules: again('Products'), term: 'x' });
  assert.deepEqual(found.result, []);
});

test('elements that refer to each other stand in groups, each as early as it can, in the order of the request', () => {
  const groupsOf = (links: Readonly<Record<string, readonly string[]>>) => {
    const elements = Object.entries(links).map(([referenceId, refersTo], index) => {
      const element = Object.fromEntries(refersTo.map((name, place) => [`f${place}`, `@{${name}}`]));
      return readNewElement({ elementType: 'Products', referenceId, element }, index);
    });
    return inOrderOfLinks(elements).map((group) => group.map(({ referenceId }) => referenceId).join(' '));
  };
  assert.deepEqual(groupsOf({ d: ['b', 'c'], c: ['a'], e: [], b: ['a', 'a'], a: [] }), ['e a', 'c b', 'd']);
  const code = 'REFERENCE_INVALID';
  assert.throws(() => groupsOf({ a: ['a'] }), { code });
  assert.throws(() => groupsOf({ a: [], b: ['c'], c: ['d'], d: ['b'] }), { code, message: /b, c, d/u });
  const chain = Array.from({ length: 10_000 }, (_, index) => [`e${index}`, index === 0 ? [] : [`e${index - 1}`]]);
  assert.equal(groupsOf(Object.fromEntries(chain.toReversed())).length, 10_000);
});
