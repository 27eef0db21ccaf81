import type { CallFailure } from '../core/call.ts';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { Failure } from '../core/run.ts';
import { WsdlUnreachedError } from '../core/soap.ts';
import { LookupFailed } from './legacy/legacy-network.ts';

/**
 * Why a step failed, with what the error plan needs to know. `network` and `timeout`: no whole answer; `answer`: an
 * answer that does not count as success; `evaluation`: the request could not be built, or the answer not be applied;
 * `refused`: not sent, for good reason; `aborted`: given up by this process.
 */
export interface StepFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly cause: 'network' | 'timeout' | 'answer' | 'evaluation' | 'refused' | 'aborted';
  readonly status: number | undefined;
  /** The error code that the other side gave in its answer. */
  readonly remoteCode: string | undefined;
  /** True when it is unknown whether the other side acted. */
  readonly inDoubt: boolean;
  /** True when somebody else failed, who had to be asked before the call. */
  readonly isElsewhere?: boolean | undefined;
  /** The pause that the other side asked for, in milliseconds; not bounded. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * False when it is certain that the other side has not done what it was asked for: the request never left, or it was
 * refused in the other side's own words. A status like 502, a redirect or a page in place of the answer says nothing.
 */
export function mayHaveActed({ inDoubt, cause, code, status = 0 }: StepFailure): boolean {
  if (inDoubt) return true;
  // Somebody else was asked, and the request itself was never made.
  if (code === 'SOAP_WSDL_STATUS' || code.startsWith('CREDENTIAL_')) return false;
  const isRefusal = code === 'CALL_EXPECTATION' || code === 'CALL_SOAP_FAULT' || (status >= 400 && status < 500);
  return cause === 'answer' && !isRefusal;
}

/** A failure of the call itself. An answer that arrived garbled or too large is no longer in doubt: the other side acted. */
export function failureOfCall(failure: CallFailure): StepFailure {
  const { code, message, hint, cause, inDoubt, isElsewhere } = failure;
  const status = failure.partial?.status;
  return { code, message, hint, cause, inDoubt, isElsewhere, status, remoteCode: undefined };
}

/** A failure while a request was built or an answer applied. What an expression asked a server for fails as a call does. */
export function failureOfEvaluation(thrown: unknown): StepFailure {
  if (thrown instanceof LookupFailed) return { ...failureOfCall(thrown.failure), inDoubt: false };
  if (thrown instanceof WsdlUnreachedError) return { ...failureOfCall(thrown.failure), message: thrown.message };
  const known = thrown instanceof MapwrightError ? thrown : undefined;
  return {
    code: known?.code ?? 'ENGINE_FAULT',
    message: messageOf(thrown),
    hint: known?.hint,
    cause: 'evaluation',
    status: undefined,
    remoteCode: undefined,
    inDoubt: false,
  };
}

/** As stored and shown; `redact` is applied to what comes from outside. */
export function storedFailure(failure: StepFailure, task: string, redact: (text: string) => string): Failure {
  return {
    code: failure.code,
    message: redact(failure.message),
    ...(failure.hint === undefined ? {} : { hint: redact(failure.hint) }),
    task,
  };
}
