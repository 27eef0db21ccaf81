import type { NewDelivery } from '../../core/delivery.ts';
import { messageOf } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Notice } from '../../core/notification.ts';
import type { StepNumber, StepOutcome } from '../../core/step.ts';
import type { CompiledNotice, CompiledPlan } from '../../catalog/compiled-plan.ts';
import type { RunState } from '../run-state.ts';
import { scopeFor } from '../evaluation.ts';
import { evaluationOf } from '../scope.ts';
import { addressNotice } from './address-notice.ts';

/** What an error plan's people are to be told with the next commit. */
export interface PlannedNotice {
  readonly step: StepNumber;
  readonly task: string;
  readonly notice: CompiledNotice;
  /** What happened, in one sentence. */
  readonly said: string;
  /** What the message sees as `answer`. */
  readonly answer: JsonObject | undefined;
}

/** Has the people of the plan told, with the next commit, what became of the run at this step. */
export function planNotices(
  state: RunState,
  params: {
    readonly plan: CompiledPlan | undefined;
    readonly step: StepNumber;
    readonly task: string;
    readonly said: string;
    readonly answer?: JsonObject;
  },
): void {
  const { plan, step, task, answer } = params;
  const { id, workflow } = state.lease.run;
  const said = `run ${id} ${workflow} ${params.said}; mapwright runs show ${id}`;
  for (const notice of plan?.notices ?? []) state.pending.planned.push({ step, task, notice, said, answer });
}

/** The notices that are planned, addressed; the steps' outcomes tell who gets them. */
export async function addressPlanned(state: RunState): Promise<{
  readonly notices: readonly Notice[];
  readonly deliveries: readonly NewDelivery[];
  readonly outcomes: readonly StepOutcome[];
}> {
  const { planned, outcomes } = state.pending;
  if (planned.length === 0) return { notices: [], deliveries: [], outcomes };
  const notices: Notice[] = [];
  const deliveries: NewDelivery[] = [];
  let told = outcomes;
  for (const { step, task, notice, said, answer } of planned) {
    const own = await ownText(state, { task, notice, answer });
    const text = own === '' ? said : `${own}\n${said}`;
    const addressed = await addressNotice(state, { task, notice, text, answer });
    notices.push(...addressed.notices);
    deliveries.push(...addressed.deliveries);
    told = told.map((outcome) =>
      outcome.number === step ? { ...outcome, effects: [...outcome.effects, ...addressed.effects] } : outcome,
    );
  }
  return { notices, deliveries, outcomes: told };
}

/** A text that cannot be made must not hide that the run failed. */
async function ownText(
  state: RunState,
  { task, notice, answer }: Pick<PlannedNotice, 'task' | 'notice' | 'answer'>,
): Promise<string> {
  const { text } = notice;
  if (text === undefined) return '';
  try {
    const seen = answer === undefined ? {} : { answer };
    const scope = await scopeFor({ ...evaluationOf(state), ...seen }, { sources: [text], frozen: undefined, task });
    return String((await text.evaluate(scope)) ?? '');
  } catch (thrown) {
    return `(the text of this message could not be made: ${messageOf(thrown)})`;
  }
}
