import type { CallAnswer, CallRequest, Connector } from '../../core/call.ts';
import type { NetworkRules } from '../../core/network.ts';
import type { Redactor } from '../../core/redactor.ts';
import { type Asked, unavailable, unreached } from './token-error.ts';

/** With what the other side is asked for a token. */
export interface TokenAsking {
  readonly connector: Connector;
  /** How calls travel that need the token. */
  readonly network: NetworkRules | undefined;
  /** The address that they go to; its exceptions hold for no other. */
  readonly calledUrl: string;
  /** Told what is secret in the request and in its answer, before anything of the answer is shown. */
  readonly secrets: SecretsOfRequest;
  remainingMs(): number;
}

/** What must not be seen of a request for a token: added as it comes up, hidden in what the other side says. */
export type SecretsOfRequest = Pick<Redactor, 'add' | 'redact'>;

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Sends a request for a token. Rejects with TokenError when there is no answer, or one that says to come again. */
export async function sendTokenRequest(
  asking: TokenAsking,
  request: Pick<CallRequest, 'method' | 'url' | 'headers' | 'body'>,
  asked: Asked,
): Promise<CallAnswer> {
  const totalTimeoutMs = Math.max(1, asking.remainingMs());
  const outcome = await asking.connector.send(
    {
      ...request,
      connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, totalTimeoutMs),
      totalTimeoutMs,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      network: networkTo(request.url, asking),
    },
    {},
  );
  if (outcome.kind === 'failed') throw unreached(asked, outcome.failure);
  const { answer } = outcome;
  if (answer.status === 429 || answer.status >= 500) throw unavailable(asked, answer);
  return answer;
}

/** Proxy and authority hold for both; that a certificate is not looked at was said of the service alone. */
function networkTo(url: string, { network, calledUrl }: TokenAsking): NetworkRules | undefined {
  if (network === undefined) return undefined;
  const isSame = URL.parse(url)?.origin === URL.parse(calledUrl)?.origin;
  return { ...network, redirects: 'none', verify: isSame ? network.verify : true };
}
