/**
 * open: the person has not come back; taken: a process exchanges what they came back with; connected and failed: it is over.
 */
export type SignInState = 'open' | 'taken' | 'connected' | 'failed';

/** A person's way to a provider and back, by which a credential gets its token (RFC 6749 section 4.1). */
export interface SignIn {
  /** A hash of what the provider sends back (`state`): whoever knows it cannot come back in the person's place. */
  readonly id: string;
  readonly credential: string;
  /** Whose token it becomes: a user's id, empty where all share one. */
  readonly subject: string;
  /** Who began it: `anna`, `token:deploy`. */
  readonly by: string;
  /** Sealed: what the code is exchanged with. */
  readonly sealed: string;
  readonly startedAt: number;
  /** From then on nobody can come back. */
  readonly expiresAt: number;
  readonly state: SignInState;
  /** While it is taken: until then nobody else exchanges the code. */
  readonly takenUntil: number | undefined;
  /** Why it failed, or did not succeed yet, without secrets. */
  readonly problem: string | undefined;
}

/** What comes of an exchange; `open`: it can be tried again. */
export type SignInOutcome =
  | { readonly state: 'connected' }
  | { readonly state: 'failed' | 'open'; readonly problem: string };

/** At most so many of one credential and person are kept; the oldest go. */
export const MOST_SIGN_INS = 5;

/** Sign-ins under way, shared by all nodes of an install. */
export interface SignInStore {
  /** Keeps a new one, and forgets those that expired before `forgetBefore`, and the oldest of the same credential and person. */
  begin(
    signIn: Omit<SignIn, 'state' | 'takenUntil' | 'problem'>,
    options: { readonly forgetBefore: number },
  ): Promise<void>;
  get(id: string): Promise<SignIn | undefined>;
  /** True for one alone: it is open, or whoever took it had time enough, and it has not expired. */
  take(params: { readonly id: string; readonly at: number; readonly until: number }): Promise<boolean>;
  /** Ends what was taken until `until`; false when somebody else has taken it over. */
  end(params: { readonly id: string; readonly until: number; readonly outcome: SignInOutcome }): Promise<boolean>;
}

/** Where people come back to from a provider, below the address of the install. */
export const CALLBACK_PATH = '/oauth/callback';

/** Where they begin: the ticket follows. */
export const CONNECT_PATH = '/oauth/connect';

/** What somebody is shown who is about to sign in. */
export interface SignInOffer {
  readonly id: string;
  /** What people call the credential. */
  readonly credential: string;
  /** Whose account it will be; undefined where all share one. */
  readonly person: string | undefined;
  readonly by: string;
  readonly startedAt: number;
  /** Milliseconds from now. */
  readonly leftMs: number;
  /** Where the person signs in. */
  readonly providerUrl: string;
  /** True when the person comes back over TLS. */
  readonly isSecure: boolean;
}

/** What somebody came back with. */
export interface SignInReturn {
  readonly state: string | undefined;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
  /** Who says that the code is its own (`iss`, RFC 9207). */
  readonly issuer?: string | undefined;
  /** The ticket of a sign-in that this browser began; undefined when it did not. */
  readonly ticketOf: (id: string) => string | undefined;
  /** The address of the browser. */
  readonly from: string;
}

/** What came of it. */
export interface FinishedSignIn {
  readonly credential: string;
  readonly person: string | undefined;
}

/** What browsers ask of sign-ins. */
export interface SignInDesk {
  /** Rejects with CREDENTIAL_SIGN_IN_UNKNOWN or CREDENTIAL_SIGN_IN_OVER. Changes nothing. */
  look(ticket: string): Promise<SignInOffer>;
  /**
   * Exchanges what the provider gave for a token and keeps it; the same return again is told the same. Rejects with
   * CREDENTIAL_SIGN_IN_UNKNOWN, CREDENTIAL_SIGN_IN_OVER, CREDENTIAL_SIGN_IN_ELSEWHERE, CREDENTIAL_SIGN_IN_BUSY, or why there
   * is no token; after one that is retryable the same return may be tried again.
   */
  finish(returned: SignInReturn): Promise<FinishedSignIn>;
}
