import type { CallAnswer, CallOutcome } from '../core/call.ts';
import { MapwrightError } from '../core/error.ts';
import type { RecordValue } from '../core/record.ts';
import { retryAfterMs } from '../core/retry-after.ts';
import type { RecordedAnswer, StepEffect } from '../core/step.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import { judgeAnswer } from './answer/judge-answer.ts';
import type { JudgedAnswer, OutputWrite } from './answer/judged-answer.ts';
import { asRecordValue } from './record-value.ts';
import type { PreparedCall } from './request/prepared-call.ts';
import { type RunState, forgetContext, setContext } from './run-state.ts';
import { type StepFailure, failureOfCall, failureOfEvaluation } from './step-failure.ts';
import { writeFields } from './write-fields.ts';

/** What an answer, or its absence, came to: pending writes are in the state, the rest is told here. */
export interface AppliedAnswer {
  readonly failure: StepFailure | undefined;
  readonly answer: RecordedAnswer | undefined;
  readonly effects: readonly StepEffect[];
  readonly warnings: readonly string[];
  readonly contextKeys: readonly string[];
}

/** Judges a call's outcome and puts what it writes into the pending changes. */
export async function applyOutcome(
  state: RunState,
  params: { task: CompiledCallTask; scope: Scope; prepared: PreparedCall; outcome: CallOutcome },
): Promise<AppliedAnswer> {
  const { engine, redactor } = state;
  const { task, scope, prepared, outcome } = params;
  if (outcome.kind === 'failed') {
    const { partial } = outcome.failure;
    return {
      failure: failureOfCall(outcome.failure),
      answer: partial && engine.recorder.recordAnswer(partial, redactor),
      effects: [],
      warnings: [],
      contextKeys: [],
    };
  }
  const { map, service } = task;
  const judged = await judgeAnswer(engine, { map, service, scope, answer: outcome.answer, soap: prepared.soap });
  const context = writeContext(state, judged.writes);
  for (const key of judged.forgets ?? []) forgetContext(state, key);
  const fields = await writeOutputs(state, task.id, judged);
  const failure = judged.failure ?? fields.failure;
  return {
    failure: failure && { ...explain(failure, prepared.brokenJson), retryAfterMs: pauseAsked(engine, outcome.answer) },
    // Recorded after the sensitive outputs are known, so that they show as dots in the body too.
    answer: engine.recorder.recordAnswer(outcome.answer, redactor),
    effects: [...context.effects, ...fields.effects],
    warnings: judged.warnings,
    contextKeys: context.keys,
  };
}

function pauseAsked({ clock }: RunState['engine'], { headers }: CallAnswer): number | undefined {
  return retryAfterMs(headers, clock.now());
}

function writeContext(
  state: RunState,
  writes: readonly OutputWrite[],
): { readonly keys: string[]; readonly effects: StepEffect[] } {
  const effects: StepEffect[] = [];
  const keys: string[] = [];
  for (const { context, value, from, sensitive } of writes) {
    if (context === undefined) continue;
    setContext(state, context, value, sensitive);
    keys.push(context);
    const shown = sensitive ? '••••' : state.engine.recorder.redactJson(value, state.redactor);
    effects.push({ kind: 'context', name: context, from, value: shown });
  }
  return { keys, effects };
}

async function writeOutputs(
  state: RunState,
  task: string,
  { writes, failure }: JudgedAnswer,
): Promise<{ effects: readonly StepEffect[]; failure: StepFailure | undefined }> {
  const fields: Record<string, RecordValue> = {};
  const from = new Map<string, string>();
  let fires = false;
  for (const write of writes) {
    if (write.field === undefined) continue;
    fields[write.field] = asRecordValue(write.value);
    from.set(write.field, write.from);
    fires ||= write.fires;
  }
  try {
    return { effects: await writeFields(state, { task, fields, from, fires }), failure: undefined };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code.startsWith('STORE_')) throw thrown;
    // The answer came, and what it says cannot be stored: the step must not look like a success.
    return { effects: [], failure: failure ?? failureOfEvaluation(thrown) };
  }
}

/** Adds which parameter was not the JSON it looks like: the other side's error seldom says so. */
function explain(failure: StepFailure, brokenJson: readonly string[]): StepFailure {
  if (brokenJson.length === 0) return failure;
  return {
    ...failure,
    message: `${failure.message}; ${brokenJson.join('; ')}`,
    hint: failure.hint ?? 'build JSON with nested parameters and encode="json", which escapes quotes and newlines',
  };
}
