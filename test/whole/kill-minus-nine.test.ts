import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type ChaosFacts, runChaos } from '../../tools/chaos/experiment.ts';
import { FAULT_NAMES } from '../../tools/chaos/faults.ts';
import type { PlanParams } from '../../tools/chaos/plan.ts';

async function judged(test: TestContext, plan: PlanParams): Promise<ChaosFacts> {
  const actions: string[] = [];
  const facts = await runChaos({
    ...plan,
    signal: new AbortController().signal,
    onAction: (line) => actions.push(line),
    onProgress: () => undefined,
  });
  const broken = facts.findings.filter((finding) => finding.broken.length > 0);
  if (broken.length > 0) test.diagnostic(`seed ${plan.seed}: ${actions.join('; ')}; see ${facts.folder}`);
  assert.deepEqual(broken, []);
  assert.equal(facts.kills, plan.kills);
  assert.ok(facts.saves > plan.kills, `${facts.saves} saves are too few to tell anything`);
  return facts;
}

describe('two installs killed with SIGKILL again and again', () => {
  it('lose nothing that they accepted, and double nothing', async (test) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const facts = await judged(test, { kills: 9, minutes: 0.1, faults: [], seed });
    assert.equal(facts.killsOfB, 3);
    assert.deepEqual(facts.faults, {});
  });

  it('do so while every kind of harm comes to the calls between them', async (test) => {
    const facts = await judged(test, { kills: 3, minutes: 0.25, faults: FAULT_NAMES, seed: 11 });
    assert.deepEqual(Object.keys(facts.faults).toSorted(), [...FAULT_NAMES].toSorted());
    assert.ok(facts.freezes > 0 && facts.restarts > 1);
    assert.ok(facts.retriedByHand > 0, 'nothing waited for a person: the harm was none');
  });
});
