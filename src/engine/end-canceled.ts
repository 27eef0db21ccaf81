import type { Continuation } from '../core/journal.ts';
import type { Lease, RunProgress } from '../core/run.ts';
import type { StepOutcome } from '../core/step.ts';
import { emptyUnit } from '../core/unit-of-work.ts';
import type { Engine } from './engine.ts';
import { withoutOrder } from './intervention/obey-order.ts';
import { readProgress } from './progress.ts';
import { tellContinuation } from './tell-events.ts';

/**
 * Ends a run that was canceled and that nobody can work on any more. It must not wait for a person: the person has spoken,
 * and no other command would fit it. Its always tasks are left out, and its failure says why.
 */
export async function endCanceled(
  engine: Engine,
  lease: Lease,
  given: { readonly progress: RunProgress; readonly reason: string; readonly why: string },
): Promise<void> {
  const { run } = lease;
  const progress = withoutOrder(given.progress);
  const { outcome, handled, started } = readProgress(progress);
  const failure = {
    code: 'RUN_CANCELED',
    message: `${given.reason}; what always runs at the end was left out: ${given.why}`,
  };
  const then: Continuation = {
    kind: 'end',
    ...(outcome ?? { status: 'canceled', failure }),
    handled,
    unfired: run.undecided && !started,
  };
  const result = await engine.journal.settle(lease, {
    unit: emptyUnit(engine.clock.now()),
    outcomes: await openSteps(engine, run.id),
    begin: undefined,
    progress,
    context: undefined,
    then,
  });
  if (result.kind !== 'settled') return;
  tellContinuation({ engine, lease }, then);
  await engine.dispatcher.kick(result.released.map((id) => ({ run: id })));
}

/** No step of a run that has ended is under way, or waits for another try. */
async function openSteps({ journal }: Engine, run: number): Promise<StepOutcome[]> {
  const open = (await journal.steps(run)).filter(({ status }) => status === 'running' || status === 'waiting');
  return open.map(({ number, task }) => ({
    number,
    status: 'failed',
    answer: undefined,
    failure: { code: 'RUN_CANCELED', message: 'canceled before it was known what came of it', task },
    effects: [],
    warnings: [],
  }));
}
