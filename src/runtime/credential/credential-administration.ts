import type { CredentialKind } from '../../core/credential.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Failure } from '../../core/run.ts';
import type { RecordedAnswer, RecordedRequest } from '../../core/step.ts';
import type { SourceFile } from '../administration.ts';

/**
 * connected: calls carry the token, which may be renewed first; expired: it is over, and nothing renews it; settings-changed: it
 * was got with other settings of the credential and is not used; none: there is none.
 */
export type ConnectionState = 'connected' | 'expired' | 'settings-changed' | 'none';

/** A token of a credential, or that there is none. Never the token itself. */
export interface CredentialConnection {
  /** Whose; left out where all share it. */
  readonly user?: string;
  /** What people call the user. */
  readonly person?: string;
  readonly state: ConnectionState;
  /** When somebody signed in; where nobody has to, when it was got. */
  readonly since?: number;
  /** When the token ends that calls carry now; left out when nobody said. */
  readonly until?: number;
  /** True when it is renewed without anybody. */
  readonly renews?: boolean;
  /** Those that the provider granted, where it told them. */
  readonly scopes?: readonly string[];
  /** Why the last renewal failed, in the provider's words. */
  readonly problem?: string;
}

export interface CredentialEntry {
  readonly name: string;
  readonly label?: string;
  readonly kind: CredentialKind;
  /** False: everybody connects for themselves. */
  readonly shared: boolean;
  /** True when a person has to sign in. */
  readonly signIn: boolean;
  /** Those that name it. */
  readonly services: readonly string[];
  /** Secrets that it needs and that are not set. */
  readonly missing: readonly string[];
  /** Why it cannot be used as it stands. */
  readonly problem?: string;
  /** Tokens there are. Of one that all share and somebody has to sign in for, also that there is none. */
  readonly connections: readonly CredentialConnection[];
  /** Users who are connected; left out where nobody connects for themselves. */
  readonly connected?: number;
  /** Active users who have not connected; left out where nobody connects for themselves. */
  readonly unconnected?: number;
}

/** A sign-in that has begun. */
export interface StartedSignIn {
  readonly id: string;
  /** What the person opens in a browser. Whoever knows it can sign in in the person's place. */
  readonly url: string;
  /** Until then. */
  readonly expiresAt: number;
}

/** How a sign-in stands. interrupted: whoever exchanged the code died; the person reloads the page, or begins again. */
export interface SignInProgress {
  readonly state: 'open' | 'exchanging' | 'interrupted' | 'connected' | 'failed' | 'expired';
  /** Why it failed, or did not succeed yet. */
  readonly problem?: string;
  readonly expiresAt: number;
}

/** What `disconnectCredential` did. */
export interface Disconnected {
  /** False when there was no token. */
  readonly removed: boolean;
  /** What the provider was told: not-offered: it publishes no place for that; failed: it did not take it. */
  readonly provider: 'revoked' | 'not-offered' | 'failed' | 'not-asked';
  readonly problem?: string;
}

/** What is tried of a credential. */
export interface CredentialTrialParams {
  /** Left out: the only one of `documents`. */
  readonly name?: string;
  /** Documents not applied yet, which stand before those of the revision. */
  readonly documents: readonly SourceFile[];
  /** Whose calls are tried; the one that the document's `<test>` names, or else the first that names the credential. */
  readonly service?: string;
  /** An address that is called in the place of a service's. */
  readonly url?: string;
  /** Whose token, where everybody has their own. */
  readonly user?: string;
}

/** works: the other side took it; refused: it said no; unclear: its answer tells nothing about it; failed: nobody could be asked. */
export type CredentialVerdict = 'works' | 'refused' | 'unclear' | 'failed';

export interface CredentialTrial {
  readonly diagnostics: readonly Diagnostic[];
  readonly credential: string;
  readonly service?: string;
  readonly verdict: CredentialVerdict;
  /** In one sentence, with the other side's own words. */
  readonly why: string;
  readonly hint?: string;
  /** got: one was got for this; kept: one that is kept was used; left out: no token is carried. */
  readonly token?: 'got' | 'kept';
  readonly request: RecordedRequest | undefined;
  readonly answer: RecordedAnswer | undefined;
  readonly failure: Failure | undefined;
  /** All of it, asking for the token included. */
  readonly durationMs: number;
}

/** What people do about credentials. Methods reject with CREDENTIAL_UNKNOWN for a name that is not in force. */
export interface CredentialAdministration {
  /** By their names. */
  credentials(): Promise<readonly CredentialEntry[]>;
  /** With everybody who has not connected. */
  credential(params: { readonly name: string }): Promise<CredentialEntry>;
  /**
   * Begins a sign-in for a user, or, without one, for all who share the credential. Rejects with CREDENTIAL_KIND,
   * CREDENTIAL_USER_NEEDED, CREDENTIAL_SHARED, CREDENTIAL_NO_SERVER, CREDENTIAL_PUBLIC_URL, CREDENTIAL_REDIRECT, USER_UNKNOWN,
   * USER_INACTIVE, or what the credential cannot be used for.
   */
  connectCredential(params: {
    readonly name: string;
    readonly user?: string | undefined;
    readonly by: string;
  }): Promise<StartedSignIn>;
  /** Rejects with CREDENTIAL_SIGN_IN_UNKNOWN. */
  signIn(params: { readonly name: string; readonly id: string }): Promise<SignInProgress>;
  /**
   * Forgets the token, and then tells the provider as well as that goes; of a credential that is no longer in force all tokens,
   * and nobody is told. Rejects as `connectCredential` for the user.
   */
  disconnectCredential(params: { readonly name: string; readonly user?: string | undefined }): Promise<Disconnected>;
  /**
   * Makes the call by which one sees whether the credential works; a token is got anew where that needs nobody, and none that
   * is kept changes by it. Rejects with CREDENTIAL_UNKNOWN, CREDENTIAL_TEST_ADDRESS, CREDENTIAL_USER_NEEDED, USER_UNKNOWN.
   */
  testCredential(params: CredentialTrialParams): Promise<CredentialTrial>;
}
