import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CrashStage } from '../../tools/crash-points/crash-run.ts';

/** `npm run crash-points` dies at every place; here it is every fifth, and the last. */
const STRIDE = 5;

describe('a process that dies right before or after a durable write', () => {
  it('leaves nothing lost, nothing done twice, and the order of a record kept', async (t) => {
    const stage = await CrashStage.open();
    t.after(() => stage.close());
    const places = await stage.places();
    assert.ok(places.length >= 25, `${places.length} places`);
    const chosen = [...places.keys()].filter((place) => place % STRIDE === 0 || place === places.length - 1);
    let crashes = 0;
    for (const place of chosen) {
      const { at, broken } = await stage.crashAt(place);
      assert.deepEqual(broken, [], `place ${place}, ${at}`);
      if (at !== undefined) crashes += 1;
    }
    assert.ok(crashes >= chosen.length / 2, `${crashes} crashes`);
  });
});
