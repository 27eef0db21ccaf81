import type { Settlement } from '../core/journal.ts';
import type { RunId } from '../core/run.ts';
import { tellAcceptedRuns } from '../core/step.ts';
import type { StepEffect, StepIntent, StepOutcome } from '../core/step.ts';
import { encodeContext } from './context-encoding.ts';
import type { EncodedContext } from './context-encoding.ts';
import { invalidUnit } from './invalid-unit.ts';

/** A step's intent with its parts as the JSON texts that are stored. */
export interface EncodedIntent extends Pick<StepIntent, 'number' | 'task' | 'purpose' | 'round' | 'attempt'> {
  readonly frozen: string | null;
  readonly request: string | null;
}

/** A step's outcome with its parts as the JSON texts that are stored. */
export interface EncodedOutcome extends Pick<StepOutcome, 'number' | 'status'> {
  readonly intent: EncodedIntent | undefined;
  /** 1 or 0. */
  readonly forgetsRequest: number;
  readonly answer: string | null;
  readonly failure: string | null;
  readonly effects: string | null;
  /** Given instead when the numbers of accepted runs are still to be put in. */
  readonly openEffects: readonly StepEffect[] | undefined;
  readonly warnings: string | null;
}

/** A settlement as it is stored: made before its transaction, which waits for nobody. */
export interface EncodedSettlement extends Pick<Settlement, 'unit' | 'keys' | 'then'> {
  readonly outcomes: readonly EncodedOutcome[];
  readonly begin: EncodedIntent | undefined;
  readonly progress: string;
  readonly context: EncodedContext | undefined;
}

/** Throws STORE_UNIT_INVALID for a settlement that no journal can keep, STORE_CONTEXT_TOO_LARGE. */
export function encodeSettlement(settlement: Settlement): EncodedSettlement {
  requireSettleable(settlement);
  const { unit, outcomes, begin, progress, context, then, keys } = settlement;
  return {
    unit,
    then,
    outcomes: outcomes.map(encodeOutcome),
    begin: begin && encodeIntent(begin),
    progress: JSON.stringify(progress),
    context: context && encodeContext(context),
    ...(keys === undefined ? {} : { keys }),
  };
}

function requireSettleable({ unit, then }: Settlement): void {
  if (unit.dedup !== undefined) throw invalidUnit('The commit of a run has no dedup key: its lease makes it unique.');
  if (then.kind !== 'wait') return;
  if (then.wait.for === 'lane') throw invalidUnit('Only the journal lets a run wait for its lane.');
  if (then.wait.for === 'time' && then.wait.until === undefined) throw invalidUnit('A wait for time needs an end.');
}

function encodeIntent({ number, task, purpose, round, attempt, frozen, request }: StepIntent): EncodedIntent {
  return { number, task, purpose, round, attempt, frozen: stored(frozen), request: stored(request) };
}

/** The outcome with the runs that its unit accepted named in its effects. */
export function withAcceptedRuns(outcome: EncodedOutcome, acceptedAs: readonly (RunId | undefined)[]): EncodedOutcome {
  const { openEffects } = outcome;
  if (openEffects === undefined) return outcome;
  return { ...outcome, effects: JSON.stringify(tellAcceptedRuns(openEffects, acceptedAs)) };
}

function encodeOutcome(outcome: StepOutcome): EncodedOutcome {
  const { number, status, intent, answer, failure, effects, warnings } = outcome;
  const isOpen = effects.some(({ accepted }) => accepted !== undefined);
  return {
    number,
    status,
    intent: intent && encodeIntent(intent),
    forgetsRequest: Number(outcome.forgetsRequest === true),
    answer: stored(answer),
    failure: stored(failure),
    effects: effects.length === 0 || isOpen ? null : JSON.stringify(effects),
    openEffects: isOpen ? effects : undefined,
    warnings: warnings.length === 0 ? null : JSON.stringify(warnings),
  };
}

function stored(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
