import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runNodesChaos } from '../../tools/chaos/nodes/experiment.ts';

it('three nodes that are killed, frozen and restarted, and PostgreSQL with them, lose and double nothing', async (t) => {
  const actions: string[] = [];
  const facts = await runNodesChaos({
    nodes: 3,
    runs: 400,
    dispatch: 'notify',
    minutes: 0.35,
    seed: 5,
    signal: new AbortController().signal,
    onAction: (line) => actions.push(line),
  });
  const broken = facts.findings.filter((finding) => finding.broken.length > 0);
  if (broken.length > 0) t.diagnostic(`seed ${facts.seed}: ${actions.join('; ')}`);
  assert.deepEqual(broken, []);
  assert.equal(facts.databaseRestarts, 1);
  assert.ok(facts.kills > 0 && facts.freezes > 0, actions.join('; '));
  assert.equal(facts.runs, 400);
});
