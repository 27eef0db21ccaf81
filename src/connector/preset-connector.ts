import type { CallAnswer, CallFailure, CallOutcome, CallRequest, Connector } from '../core/call.ts';
import { failureOf } from './failure.ts';
import { prepareRequest } from './outgoing-request.ts';

/** What a connector without a network answers. */
export type PresetOutcome =
  | { readonly kind: 'answer'; readonly answer: Pick<CallAnswer, 'status' | 'headers' | 'body'> }
  | { readonly kind: 'failure'; readonly failure: 'timeout' | 'refused' | 'reset' };

type PresetFailure = Extract<PresetOutcome, { kind: 'failure' }>['failure'];

const FAILURES: Readonly<Record<PresetFailure, Pick<CallFailure, 'code' | 'cause' | 'message' | 'inDoubt'>>> = {
  timeout: { code: 'CALL_TIMEOUT', cause: 'timeout', message: 'no answer came in time', inDoubt: true },
  refused: { code: 'CALL_REFUSED', cause: 'network', message: 'the connection was refused', inDoubt: false },
  reset: {
    code: 'CALL_RESET',
    cause: 'network',
    message: 'the connection was closed without an answer',
    inDoubt: true,
  },
};

/**
 * A connector that opens no connection: every call gets the same outcome, in no time. Requests that the real one would
 * not send are refused with the same CALL_INVALID.
 */
export function createPresetConnector(outcome: PresetOutcome): Connector {
  return {
    send: async (request) => refusalOf(request) ?? outcomeOf(outcome),
    close: async () => undefined,
  };
}

function refusalOf(request: CallRequest): CallOutcome | undefined {
  try {
    prepareRequest(request, 'Mapwright');
    return undefined;
  } catch (thrown) {
    const reason = failureOf(thrown, { target: request.url, isSent: false, isAnswering: false });
    return { kind: 'failed', failure: { ...reason, inDoubt: false, durationMs: 0, partial: undefined } };
  }
}

function outcomeOf(outcome: PresetOutcome): CallOutcome {
  if (outcome.kind === 'answer') return { kind: 'answered', answer: { ...outcome.answer, durationMs: 0 } };
  return {
    kind: 'failed',
    failure: { ...FAILURES[outcome.failure], hint: undefined, durationMs: 0, partial: undefined },
  };
}
