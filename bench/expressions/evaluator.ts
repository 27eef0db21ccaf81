import { calibrate, timeCalls, type TimedWork } from '../measure/timing-loop.ts';
import { requireSameResults, SUBJECTS } from './subjects.ts';

/** Which computation, which of the two ways of it, and how long a round lasts. */
export interface EvaluatorSetup {
  readonly subject: number;
  readonly byHand: boolean;
  readonly roundMs: number;
}

/** One way of one computation, alone in its process, so that the compiler sees no other. */
export function createEvaluator() {
  let timed: TimedWork = { work: () => undefined, isAsync: false };
  let calls = 1;
  return {
    async open({ subject, byHand, roundMs }: EvaluatorSetup): Promise<void> {
      await requireSameResults();
      const found = SUBJECTS[subject];
      if (found === undefined) throw new Error(`there is no subject ${subject}`);
      timed = byHand ? { work: found.byHand, isAsync: false } : found.evaluated;
      calls = await calibrate(timed, roundMs);
    },
    /** Nanoseconds for one evaluation. */
    round: (): Promise<number> => timeCalls(timed, calls),
  };
}
