/** Somebody, or something, that acts in the install. */
export interface User {
  /** On the wire: `19x1`. */
  readonly id: string;
  readonly name: string;
  readonly admin: boolean;
  readonly active: boolean;
}

/** A web service session. */
export interface Session {
  readonly user: string;
  readonly openedAt: number;
  readonly usedAt: number;
}

/** A token handed out by getchallenge. */
export interface Challenge {
  readonly token: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Users, their web service keys, challenges and sessions. Durable, so that a restart logs nobody out. */
export interface IdentityStore {
  users(): Promise<readonly User[]>;
  userByName(name: string): Promise<User | undefined>;
  userById(id: string): Promise<User | undefined>;
  /** Rejects with IDENTITY_USER_EXISTS. */
  addUser(params: { name: string; admin: boolean; accessKey: string; at: number }): Promise<User>;
  /** The web service access key in plain text: md5(token + key) needs it. Encrypted at rest. */
  accessKey(userId: string): Promise<string | undefined>;
  setAccessKey(userId: string, accessKey: string): Promise<void>;
  /** The user's challenges issued since `since`, newest first. */
  challenges(params: { user: string; since: number }): Promise<readonly Challenge[]>;
  addChallenge(user: string, challenge: Challenge): Promise<void>;
  openSession(params: { name: string; user: string; at: number }): Promise<void>;
  session(name: string): Promise<Session | undefined>;
  touchSession(name: string, at: number): Promise<void>;
  /** True when there was one. */
  closeSession(name: string): Promise<boolean>;
  /** Sessions neither opened before `openedSince` nor idle since `usedSince`. */
  openSessions(params: { openedSince: number; usedSince: number }): Promise<number>;
  /** Forgets challenges and sessions older than these; gives how many. */
  forgetOlderThan(params: { challengesBefore: number; sessionsBefore: number }): Promise<number>;
}
