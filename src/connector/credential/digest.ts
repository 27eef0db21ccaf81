import type { CallAnswer, CallRequest } from '../../core/call.ts';
import type { Applying } from './applying.ts';
import type { Login } from './basic.ts';
import { type DigestChallenge, digestChallenge, nextNonce } from './digest-challenge.ts';
import { digestResponse } from './digest-response.ts';
import { sentUrl } from './signed-request.ts';
import { withHeader } from './token-place.ts';

const CLIENT_NONCE_BYTES = 24;
/** Logins that are kept; the one used longest ago goes first. */
const MAX_LOGINS = 500;

/** A challenge that was met, and how often its nonce has been used. */
interface KnownChallenge {
  readonly challenge: DigestChallenge;
  count: number;
}

type DigestApplying = Pick<Applying, 'random' | 'onSecret'>;

/** A digest credential with the name of whoever it belongs to. */
type DigestLogin = Login & { readonly subject: string };

/**
 * Digest logins (RFC 7616): the first request to a server is answered with a challenge and sent again with its response; the
 * requests after it carry one from the start, each counted, until the server wants another nonce.
 */
export class DigestLogins {
  readonly #known = new Map<string, KnownChallenge>();

  /** The request with a response to the challenge known from before, as it is when there is none. */
  apply(request: CallRequest, login: DigestLogin, on: DigestApplying): CallRequest {
    const key = keyOf(request, login);
    const known = this.#known.get(key);
    if (known === undefined) return request;
    this.#remember(key, known);
    return respond(request, login, known, on);
  }

  /**
   * The request to send once more, after an answer to it; undefined when the answer stands: it is no challenge that can be
   * met, or the login was refused.
   * @param sent the request that was answered, as `apply` gave it
   */
  answerChallenge(
    sent: CallRequest,
    login: DigestLogin,
    answer: CallAnswer,
    on: DigestApplying,
  ): CallRequest | undefined {
    const key = keyOf(sent, login);
    const challenge = digestChallenge(answer);
    if (challenge === undefined) return undefined;
    const known = { challenge, count: 0 };
    this.#remember(key, known);
    return respond(sent, login, known, on);
  }

  /** Takes in what the answer to a request with a response says: what to use from now on. */
  learn(sent: CallRequest, login: DigestLogin, answer: CallAnswer): void {
    const key = keyOf(sent, login);
    const known = this.#known.get(key);
    if (known === undefined) return;
    const nonce = nextNonce(answer);
    // A refused login is not offered again unasked: servers lock accounts out.
    if (answer.status === 401) this.#known.delete(key);
    else if (nonce !== undefined && nonce !== known.challenge.nonce) {
      this.#remember(key, { challenge: { ...known.challenge, nonce }, count: 0 });
    }
  }

  #remember(key: string, known: KnownChallenge): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_LOGINS && oldest !== undefined) this.#known.delete(oldest);
  }
}

function respond(
  request: CallRequest,
  login: DigestLogin,
  known: KnownChallenge,
  { random, onSecret }: DigestApplying,
): CallRequest {
  const url = sentUrl(request);
  if (url === undefined) return request;
  known.count += 1;
  const response = digestResponse({
    challenge: known.challenge,
    login,
    request,
    uri: `${url.pathname}${url.search}`,
    clientNonce: Buffer.from(random(CLIENT_NONCE_BYTES)).toString('base64'),
    count: known.count,
    onSecret,
  });
  return withHeader(request, 'Authorization', response);
}

function keyOf(request: CallRequest, { name, subject, user }: DigestLogin): string {
  return JSON.stringify([name, subject, user, sentUrl(request)?.origin ?? '']);
}
