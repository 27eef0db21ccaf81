import { randomBytes } from 'node:crypto';
import type { CallControl, CallFailure, CallOutcome, CallRequest, Connector } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Credential } from '../../core/credential.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { sendFollowing } from '../http-redirect.ts';
import type { Applying } from './applying.ts';
import { DigestLogins } from './digest.ts';
import { applyPlain, type PlainCredential } from './plain-kinds.ts';
import { digestStreamed } from './streamed-digest.ts';
import { TokenError } from './token-error.ts';
import type { TokenKeeper } from './token-keeper.ts';
import type { TokenCredential, TokenUse, tokenUseOf } from './token-use.ts';

export interface CredentialedParts {
  readonly keeper: TokenKeeper;
  readonly clock: Clock;
}

/**
 * Puts into each request what its credential demands, then sends it through `inner`, as it sends the requests for tokens:
 * under the same egress rules. A call that is sent on is signed anew for its new address. What cannot be put in fails the call before anything of it has left. An answer that says that
 * a token no longer counts has it renewed, and the request sent once more.
 */
export function createCredentialedConnector(inner: Connector, parts: CredentialedParts): Connector {
  return new CredentialedConnector(inner, parts);
}

/** The packages that ask for tokens are much to load, and most processes ask for none. */
interface TokenUseModule {
  readonly tokenUseOf: typeof tokenUseOf;
}

class CredentialedConnector implements Connector {
  readonly #inner: Connector;
  readonly #parts: CredentialedParts;
  readonly #digests = new DigestLogins();
  #tokenUse: Promise<TokenUseModule> | undefined;

  constructor(inner: Connector, parts: CredentialedParts) {
    this.#inner = inner;
    this.#parts = parts;
  }

  async send(request: CallRequest, control: CallControl): Promise<CallOutcome> {
    const { credential } = request;
    if (credential === undefined || credential.kind === 'none') return this.#inner.send(request, control);
    // A signature is of one address, and a key may stand in the body: what is sent on is made anew from what was asked for.
    return sendFollowing(request, { send: (hop) => this.#sendHop(hop, control), now: () => this.#parts.clock.now() });
  }

  /** Redirects are not followed here. To another host the hop has no credential any more. */
  async #sendHop(hop: CallRequest, control: CallControl): Promise<CallOutcome> {
    const request =
      hop.network === undefined ? hop : { ...hop, network: { ...hop.network, redirects: 'none' as const } };
    const { credential } = request;
    if (credential === undefined || credential.kind === 'none') return this.#inner.send(request, control);
    const startedAt = this.#parts.clock.now();
    try {
      return await this.#sendWith(request, credential, { control, startedAt });
    } catch (thrown) {
      const durationMs = this.#parts.clock.now() - startedAt;
      return { kind: 'failed', failure: { ...failureOf(thrown), inDoubt: false, durationMs } };
    }
  }

  /** Renewals under way end first, and then the calls. */
  async close(): Promise<void> {
    await this.#parts.keeper.close();
    await this.#inner.close();
  }

  #sendWith(request: CallRequest, credential: Credential, call: Call): Promise<CallOutcome> {
    switch (credential.kind) {
      case 'oauth2':
      case 'vtiger':
        return this.#sendWithToken(request, credential, call);
      case 'digest':
        return this.#sendWithDigest(request, credential, call);
      default:
        return this.#sendPlainly(request, credential, call);
    }
  }

  async #sendPlainly(request: CallRequest, credential: PlainCredential, { control }: Call): Promise<CallOutcome> {
    await digestStreamed(request);
    return this.#inner.send(applyPlain(request, credential, this.#applying(control)), control);
  }

  async #sendWithDigest(
    request: CallRequest,
    login: Extract<Credential, { kind: 'digest' }>,
    call: Call,
  ): Promise<CallOutcome> {
    const on = this.#applying(call.control);
    await digestStreamed(request);
    const first = this.#digests.apply(request, login, on);
    const outcome = await this.#inner.send(first, call.control);
    if (outcome.kind === 'failed') return outcome;
    const second = this.#digests.answerChallenge(first, login, outcome.answer, on);
    const last = second === undefined ? outcome : await this.#inner.send(this.#inTime(second, call), call.control);
    if (last.kind === 'answered') this.#digests.learn(first, login, last.answer);
    return last;
  }

  async #sendWithToken(request: CallRequest, credential: TokenCredential, call: Call): Promise<CallOutcome> {
    this.#tokenUse ??= import('./token-use.ts');
    const { tokenUseOf } = await this.#tokenUse;
    const use = tokenUseOf(credential, { ...this.#parts, inner: this.#inner, request });
    const first = await this.#obtain(request, use, call);
    const outcome = await this.#inner.send(this.#inTime(use.put(request, first.token), call), call.control);
    if (outcome.kind === 'failed' || !use.isSpent(outcome.answer)) return outcome;
    const second = await this.#obtain(request, use, call, first.version);
    return this.#inner.send(this.#inTime(use.put(request, second.token), call), call.control);
  }

  async #obtain(request: CallRequest, { source }: TokenUse, { control, startedAt }: Call, spent?: number) {
    const { keeper, clock } = this.#parts;
    const limitMs = Math.max(1, request.totalTimeoutMs - (clock.now() - startedAt));
    const obtained = await keeper.obtain(
      source,
      { signal: control.signal, limitMs, credential: source.key.credential },
      spent,
    );
    const { access, refresh } = obtained.token;
    for (const secret of [access, refresh]) if (secret !== undefined) control.onSecret?.(secret);
    return obtained;
  }

  /** Waiting for a token is part of the call's time. */
  #inTime(request: CallRequest, { startedAt }: Call): CallRequest {
    const leftMs = request.totalTimeoutMs - (this.#parts.clock.now() - startedAt);
    return { ...request, totalTimeoutMs: Math.max(1, leftMs) };
  }

  #applying({ onSecret }: CallControl): Applying {
    const random = (bytes: number): Uint8Array => randomBytes(bytes);
    return { now: this.#parts.clock.now(), random, onSecret: (secret) => onSecret?.(secret) };
  }
}

interface Call {
  readonly control: CallControl;
  readonly startedAt: number;
}

function failureOf(thrown: unknown): Omit<CallFailure, 'inDoubt' | 'durationMs'> {
  if (thrown instanceof TokenError) return thrown.failure;
  const known = thrown instanceof MapwrightError ? thrown : undefined;
  return {
    code: known?.code ?? 'CREDENTIAL_FAULT',
    cause: known?.retryable === true ? 'network' : 'refused',
    message: messageOf(thrown),
    hint: known?.hint,
    isElsewhere: true,
    partial: undefined,
  };
}
