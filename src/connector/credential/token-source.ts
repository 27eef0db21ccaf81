import type { HeldToken, TokenKey, TokenRenewal } from '../../core/credential.ts';
import type { TokenError } from './token-error.ts';
import type { SecretsOfRequest } from './token-request.ts';

/** How tokens of one credential are got. */
export interface TokenSource {
  readonly key: TokenKey;
  /** Tells the settings apart that tokens are got with. */
  readonly fingerprint: string;
  readonly renewal: TokenRenewal;
  /** What must not be seen in what the provider says. */
  readonly secrets: readonly string[];
  /** What is told where only a person can give the next token, and why; undefined when tokens come without anybody. */
  readonly unconnected: ((why?: string) => TokenError) | undefined;
  /** Gets the next token. Rejects with TokenError, or a MapwrightError when nothing could be asked. */
  get(params: Getting): Promise<HeldToken>;
}

export interface Getting {
  /** What was got last, with the same settings. */
  readonly held: HeldToken | undefined;
  /** True when somebody was getting a token and died of it: what `held` is renewed with may have been used. */
  readonly wasInterrupted: boolean;
  /** Knows the source's secrets and `held`; told every other that comes up on the way. */
  readonly secrets: SecretsOfRequest;
  /** What is left of the time for it. */
  remainingMs(): number;
}
