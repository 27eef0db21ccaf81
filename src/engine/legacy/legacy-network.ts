import type { CallFailure, Connector } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import { wholeBody } from '../../core/large-body.ts';
import type { LegacyNetwork } from '../../expression/legacy/services.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const TOTAL_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** A server that an expression asked did not answer; the step is tried again as after a call that failed like this. */
export class LookupFailed extends MapwrightError {
  readonly failure: CallFailure;

  constructor(failure: CallFailure) {
    super(failure.code, failure.message, failure.hint === undefined ? {} : { hint: failure.hint });
    this.failure = failure;
  }
}

/** Questions of expressions to servers, through the connector and its guard. */
export function legacyNetwork(connector: Pick<Connector, 'send'>): LegacyNetwork {
  return {
    async getText(url) {
      const outcome = await connector.send(
        {
          method: 'GET',
          url,
          headers: [['Accept', 'application/json']],
          body: undefined,
          connectTimeoutMs: CONNECT_TIMEOUT_MS,
          totalTimeoutMs: TOTAL_TIMEOUT_MS,
          maxAnswerBytes: MAX_ANSWER_BYTES,
        },
        {},
      );
      if (outcome.kind === 'failed') throw new LookupFailed(outcome.failure);
      const { status, body } = outcome.answer;
      if (status >= 200 && status < 300) return new TextDecoder().decode(wholeBody(body));
      throw new MapwrightError('EXPRESSION_FAILED', `${new URL(url).host} answered with status ${status}`, {
        hint: 'see whether the address in the setting is right, and whether the service is well',
      });
    },
  };
}

/** Nobody is asked: where nothing may be sent, and where nobody may have to wait. */
export const NO_NETWORK: LegacyNetwork = {
  getText: () =>
    Promise.reject(
      new MapwrightError('EXPRESSION_FAILED', 'an expression asks another server, which is not done here', {
        hint: 'try it with a call that is sent, or in a run',
      }),
    ),
};
