import type { CallAnswer } from '../core/call.ts';
import type { RecordedAnswer, RecordedRequest, StepIntent, StepOutcome } from '../core/step.ts';
import type { RunState } from './run-state.ts';

type Keeping = Pick<RunState, 'workflow'>;

/** What is stored of the request of a try that begins; it is not made where the workflow keeps none. */
export function requestToKeep(state: Keeping, record: () => RecordedRequest): RecordedRequest | undefined {
  return keepCalls(state) === 'none' ? undefined : record();
}

/** What is stored of the answer of a try that ended well; it is not made where the workflow does not keep it. */
export function goodAnswerToKeep(state: Keeping, answer: CallAnswer, record: () => RecordedAnswer): RecordedAnswer {
  return keepCalls(state) === 'full' ? record() : withoutContent(answer);
}

/** The intent as the journal may have it. */
export function keptIntent(state: Keeping, intent: StepIntent | undefined): StepIntent | undefined {
  return keepCalls(state) === 'none' && intent !== undefined ? { ...intent, request: undefined } : intent;
}

/** The outcomes as the journal may have them. Nothing else leaves the engine to be stored of what was sent and answered. */
export function keptOutcomes(state: Keeping, outcomes: readonly StepOutcome[]): readonly StepOutcome[] {
  const keep = keepCalls(state);
  if (keep === 'full') return outcomes;
  return outcomes.map((outcome) => {
    if (keep === 'failures' && outcome.status !== 'done') return outcome;
    const answer = outcome.answer && withoutContent(outcome.answer);
    return { ...outcome, answer, forgetsRequest: true };
  });
}

function keepCalls({ workflow }: Keeping): Keeping['workflow']['document']['keepCalls'] {
  return workflow.document.keepCalls;
}

/** That there was an answer, and how long it took. */
function withoutContent({ status, durationMs }: Pick<RecordedAnswer, 'status' | 'durationMs'>): RecordedAnswer {
  return { status, headers: [], body: undefined, durationMs };
}
