import { messageOf } from '../../core/error.ts';
import type { Notice } from '../../core/notification.ts';
import type { StepNumber, StepOutcome } from '../../core/step.ts';
import type { CompiledNotice, CompiledPlan } from '../../catalog/compiled-plan.ts';
import type { RunState } from '../run-state.ts';
import { scopeOf } from '../scope.ts';
import { addressNotice } from './address-notice.ts';

/** What an error plan's people are to be told with the next commit. */
export interface PlannedNotice {
  readonly step: StepNumber;
  readonly task: string;
  readonly notice: CompiledNotice;
  /** What happened, in one sentence. */
  readonly said: string;
}

/** Has the people of the plan told, with the next commit, what became of the run at this step. */
export function planNotices(
  state: RunState,
  params: {
    readonly plan: CompiledPlan | undefined;
    readonly step: StepNumber;
    readonly task: string;
    readonly said: string;
  },
): void {
  const { plan, step, task } = params;
  const { id, workflow } = state.lease.run;
  const said = `run ${id} ${workflow} ${params.said}; mapwright runs show ${id}`;
  for (const notice of plan?.notices ?? []) state.pending.planned.push({ step, task, notice, said });
}

/** The notices that are planned, addressed; the steps' outcomes tell who gets them. */
export async function addressPlanned(
  state: RunState,
): Promise<{ readonly notices: readonly Notice[]; readonly outcomes: readonly StepOutcome[] }> {
  const { planned, outcomes } = state.pending;
  if (planned.length === 0) return { notices: [], outcomes };
  const notices: Notice[] = [];
  let told = outcomes;
  for (const { step, task, notice, said } of planned) {
    const own = await ownText(state, task, notice);
    const text = own === '' ? said : `${own}\n${said}`;
    const addressed = await addressNotice(state, { task, to: notice.to, text });
    notices.push(...addressed.notices);
    told = told.map((outcome) =>
      outcome.number === step ? { ...outcome, effects: [...outcome.effects, ...addressed.effects] } : outcome,
    );
  }
  return { notices, outcomes: told };
}

/** A text that cannot be made must not hide that the run failed. */
async function ownText(state: RunState, task: string, { text }: CompiledNotice): Promise<string> {
  if (text === undefined) return '';
  try {
    const scope = await scopeOf(state, { sources: [text], frozen: undefined, task });
    return String((await text.evaluate(scope)) ?? '');
  } catch (thrown) {
    return `(the text of this message could not be made: ${messageOf(thrown)})`;
  }
}
