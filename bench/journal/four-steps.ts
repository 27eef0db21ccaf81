import type { Journal } from '../../src/core/journal.ts';
import type { AcceptedRun, Lease } from '../../src/core/run.ts';
import type { StepIntent, StepOutcome } from '../../src/core/step.ts';

const STEPS = 4;

/** The outcome of each step is committed with the beginning of the next. */
export async function workOff(commits: Pick<Journal, 'settle'>, lease: Lease): Promise<void> {
  for (let step = 0; step <= STEPS; step++) {
    const result = await commits.settle(lease, {
      unit: { at: Date.now(), records: [], runs: [], dedup: undefined },
      outcomes: step === 0 ? [] : [outcomeOf(step)],
      begin: step === STEPS ? undefined : intentOf(step + 1),
      progress: { task: `task-${step}`, done: step },
      context: undefined,
      then:
        step === STEPS ? { kind: 'end', status: 'completed', failure: undefined, handled: false } : { kind: 'go-on' },
    });
    if (result.kind !== 'settled') throw new Error(`run ${lease.run.id} was ${result.kind}`);
  }
}

/** A commit that accepts the run. */
export function unitOf(run: AcceptedRun) {
  return { at: Date.now(), records: [], runs: [run], dedup: undefined };
}

/** A run of four steps in a lane of its own. */
export function runOf(lane: string): AcceptedRun {
  return {
    workflow: 'four-steps',
    revision: 1,
    module: 'Items',
    recordId: lane,
    lane,
    passWhenWaiting: false,
    trigger: { event: 'create', record: { itemname: lane }, previous: undefined, changed: ['itemname'] },
    undecided: false,
    rootRun: undefined,
    depth: 0,
    initiator: '19x1',
  };
}

function intentOf(number: number): StepIntent {
  const request = {
    method: 'POST',
    url: 'http://peer.example/items',
    headers: [['content-type', 'application/json'] as const],
    body: { text: '{"itemname":"Item"}', bytes: 19, cut: false },
    parameters: [{ name: 'itemname', source: 'field itemname', value: 'Item' }],
  };
  const at = { number, task: `task-${number}`, purpose: 'main', round: 1, attempt: 1 } as const;
  return { ...at, frozen: { seed: 'seed', at: 1 }, request };
}

function outcomeOf(number: number): StepOutcome {
  const answer = { status: 200, headers: [], body: { text: '{"ok":true}', bytes: 11, cut: false }, durationMs: 1 };
  return { number, status: 'done', answer, failure: undefined, effects: [], warnings: [] };
}
