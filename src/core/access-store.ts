/** A login of a person in a browser. */
export interface Login {
  /** User id (`19x1`). */
  readonly user: string;
  readonly openedAt: number;
  readonly usedAt: number;
}

/** What lets a program in. The token itself is not kept. */
export interface ApiToken {
  readonly name: string;
  /** Roles and scopes, as they were given. */
  readonly grants: readonly string[];
  readonly createdAt: number;
  readonly createdBy: string;
  /** Milliseconds since the epoch; undefined: until it is revoked. */
  readonly expiresAt: number | undefined;
  readonly usedAt: number | undefined;
  /** The address that used it last. */
  readonly usedFrom: string | undefined;
  readonly revokedAt: number | undefined;
  readonly revokedBy: string | undefined;
}

/** A request that is to be done once, however often it comes. */
export interface OnceRequest {
  readonly caller: string;
  readonly key: string;
  /** Tells one request from another. */
  readonly bodyHash: string;
  readonly at: number;
  /** A request that began before this and was never answered was lost: it is done again. */
  readonly lostBefore: number;
}

/** new: to be done now; running: somebody does it; answered: as the first time; other: the key belongs to another request. */
export type OnceState =
  | { readonly kind: 'new' }
  | { readonly kind: 'running' }
  | { readonly kind: 'answered'; readonly answer: string }
  | { readonly kind: 'other' };

/** Passwords, logins, tokens and answers of the API. Durable, so that a restart logs nobody out. */
export interface AccessStore {
  /** As `hashPassword` made it; undefined for a user without one. */
  passwordHash(user: string): Promise<string | undefined>;
  /** Ends the user's logins in the same commit. Rejects with IDENTITY_USER_UNKNOWN. */
  setPasswordHash(params: { user: string; hash: string; at: number }): Promise<void>;
  openLogin(params: { name: string; user: string; at: number }): Promise<void>;
  login(name: string): Promise<Login | undefined>;
  touchLogin(name: string, at: number): Promise<void>;
  /** True when there was one. */
  closeLogin(name: string): Promise<boolean>;
  /** Names are given once, those of revoked tokens too. Rejects with ACCESS_TOKEN_EXISTS. */
  addToken(
    token: Pick<ApiToken, 'name' | 'grants' | 'createdAt' | 'createdBy' | 'expiresAt'> & { secret: string },
  ): Promise<ApiToken>;
  /** The token with this secret, whatever has become of it. */
  tokenOf(secret: string): Promise<ApiToken | undefined>;
  /** By their names. */
  tokens(): Promise<readonly ApiToken[]>;
  noteTokenUse(params: { name: string; at: number; from: string }): Promise<void>;
  /** Undefined when there is none of that name; one that is revoked already stays as it is. */
  revokeToken(params: { name: string; at: number; by: string }): Promise<ApiToken | undefined>;
  /** Takes the request on when it is new, in one step. */
  beginOnce(request: OnceRequest): Promise<OnceState>;
  /** Keeps the answer; undefined forgets the request, so that it can be made again. */
  endOnce(params: { caller: string; key: string; answer: string | undefined }): Promise<void>;
}
