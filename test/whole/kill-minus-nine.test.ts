import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runExperiment } from '../../tools/kill/experiment.ts';

const KILLS = 20;

describe('an install killed with SIGKILL again and again', () => {
  it('loses nothing that it accepted, and doubles nothing', async (test) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    test.diagnostic(`seed ${seed}`);
    const facts = await runExperiment({ kills: KILLS, seed, onProgress: () => undefined });
    assert.equal(facts.kills, KILLS);
    assert.ok(facts.saves > KILLS, `${facts.saves} saves are too few to tell anything`);
    assert.ok(facts.interrupted > 0, 'no step was interrupted: nothing was tried');
    assert.deepEqual(
      facts.findings.filter(({ broken }) => broken.length > 0),
      [],
      `seed ${seed}`,
    );
  });
});
