import type { Caller, Role, Scope } from '../../core/access.ts';
import type { OnceRequest } from '../../core/access-store.ts';

/** How long a login in a browser lasts without use, and at most. */
export const LOGIN_IDLE_MS = 60 * 60_000;
export const LOGIN_LONGEST_MS = 12 * 3_600_000;

/** Somebody who has just logged in. */
export interface OpenedLogin {
  /** What the cookie says. */
  readonly name: string;
  readonly caller: Caller;
}

/** What a request that is done once comes to. */
export type OnceOutcome =
  | { readonly kind: 'new' | 'running' | 'other' }
  | { readonly kind: 'answered'; readonly answer: string };

/** Lets people and programs in. Whoever is let in is looked up anew with each request: what was taken away is gone at once. */
export interface Access {
  /**
   * Undefined for a wrong name or password, and for a user who is inactive, has no role or no password: nobody is told
   * which. The audit notes both.
   */
  logIn(params: { name: string; password: string; from: string }): Promise<OpenedLogin | undefined>;
  /** Undefined when the login is over. */
  callerOfLogin(name: string, from: string): Promise<Caller | undefined>;
  logOut(name: string): Promise<void>;
  /** Undefined for a token that is unknown, revoked or expired. */
  callerOfToken(secret: string, from: string): Promise<Caller | undefined>;
  /** True when this is the user's password. */
  isPasswordOf(user: string, password: string): Promise<boolean>;
  /** As the store's, with answers sealed: they may hold keys. */
  beginOnce(request: Omit<OnceRequest, 'lostBefore' | 'at'>): Promise<OnceOutcome>;
  endOnce(params: { caller: string; key: string; answer: string | undefined }): Promise<void>;
}

/** A token as administrators see it. */
export interface TokenEntry {
  readonly name: string;
  /** Roles and scopes, as they were given. */
  readonly grants: readonly string[];
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt?: number | undefined;
  readonly usedAt?: number | undefined;
  readonly usedFrom?: string | undefined;
  readonly revokedAt?: number | undefined;
  readonly revokedBy?: string | undefined;
}

/** What a token is made with. */
export interface NewToken {
  readonly name: string;
  /** Roles and scopes; at least one. */
  readonly grants: readonly (Role | Scope)[];
  /** Milliseconds since the epoch; left out: until it is revoked. */
  readonly expiresAt?: number | undefined;
  readonly by: string;
}
