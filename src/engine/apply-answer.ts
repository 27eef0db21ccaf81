import type { CallAnswer, CallOutcome } from '../core/call.ts';
import { MapwrightError } from '../core/error.ts';
import type { RecordValue } from '../core/record.ts';
import { retryAfterMs } from '../core/retry-after.ts';
import type { RecordedAnswer, StepEffect } from '../core/step.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import { judgeAnswer } from './answer/judge-answer.ts';
import type { JudgedAnswer, OutputWrite } from './answer/judged-answer.ts';
import type { ReadPage } from './answer/read-page.ts';
import type { ReceivedRecords } from './answer/read-records.ts';
import { askedPage } from './page-step.ts';
import { checkIntake } from './record-intake.ts';
import { asRecordValue } from './record-value.ts';
import { goodAnswerToKeep } from './kept-calls.ts';
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
  /** Lists that become records. */
  readonly records?: readonly ReceivedRecords[] | undefined;
  /** The page that came, of a list that is asked for page by page. */
  readonly page?: ReadPage | undefined;
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
      failure: { ...failureOfCall(outcome.failure), retryAfterMs: partial && pauseAsked(engine, partial) },
      answer: partial && engine.recorder.recordAnswer(partial, redactor),
      effects: [],
      warnings: [],
      contextKeys: [],
    };
  }
  const { map, service } = task;
  const judged = await judgeAnswer(engine, {
    map,
    service,
    scope,
    answer: outcome.answer,
    soap: prepared.soap,
    page: askedPage(state, task, prepared.request.url),
  });
  const context = writeContext(state, judged.writes);
  for (const key of judged.forgets ?? []) forgetContext(state, key);
  const fields = await writeOutputs(state, task.id, judged);
  const failure = judged.failure ?? fields.failure ?? intakeFailure(judged);
  // Recorded after the sensitive outputs are known, so that they show as dots in the body too.
  const record = (): RecordedAnswer => engine.recorder.recordAnswer(outcome.answer, redactor);
  return {
    failure: failure && { ...explain(failure, prepared.brokenJson), retryAfterMs: pauseAsked(engine, outcome.answer) },
    answer: failure === undefined ? goodAnswerToKeep(state, outcome.answer, record) : record(),
    effects: [...context.effects, ...fields.effects],
    warnings: judged.warnings.map((warning) => redactor.redact(warning)),
    contextKeys: context.keys,
    records: judged.records,
    page: judged.page,
  };
}

/** The lists of an answer have to be kept while they become records. */
function intakeFailure({ records }: JudgedAnswer): StepFailure | undefined {
  try {
    checkIntake(records ?? []);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    return failureOfEvaluation(thrown);
  }
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
