import type { GroupStore } from './group.ts';
import type { Found, Query } from './query.ts';
import type { OrganisationUnitStore } from './unit.ts';

/** How a user sees dates and numbers. What is left out is as it is for everybody. */
export interface UserPreferences {
  readonly dateFormat?: 'yyyy-mm-dd' | 'dd-mm-yyyy' | 'mm-dd-yyyy';
  readonly hourFormat?: '24' | '12';
  /** IANA name. */
  readonly timeZone?: string;
  readonly decimalSeparator?: string;
  readonly groupingSeparator?: string;
  /** Digits after the decimal separator of an amount. */
  readonly decimals?: number;
  /** `en_us` */
  readonly language?: string;
}

/** Somebody, or something, that acts in the install. */
export interface User {
  /** On the wire: `19x1`. */
  readonly id: string;
  /** What the user logs in with. */
  readonly name: string;
  /** Empty when nobody gave one; so are the other two. */
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** An administrator, in the web service too. */
  readonly admin: boolean;
  /** What one who is no administrator may do over the API; left out: nothing. */
  readonly role?: 'operator' | 'viewer';
  readonly active: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Left out when nothing was said. */
  readonly preferences?: UserPreferences;
}

/** What can be changed of a user; what is left out stays, of the preferences too. */
export type UserChanges = Partial<
  Pick<User, 'firstName' | 'lastName' | 'email' | 'admin' | 'active' | 'preferences'>
> & {
  /** `none` takes the role away. */
  readonly role?: 'operator' | 'viewer' | 'none';
};

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

/** Users, groups, organisation units, web service keys, challenges and sessions. Durable, so that a restart logs nobody out. */
export interface IdentityStore extends GroupStore, OrganisationUnitStore {
  users(): Promise<readonly User[]>;
  userByName(name: string): Promise<User | undefined>;
  userById(id: string): Promise<User | undefined>;
  /** Answers a query of the module Users. */
  findUsers(query: Query): Promise<Found<User>>;
  /** Rejects with IDENTITY_USER_EXISTS. */
  addUser(
    params: { name: string; admin: boolean; accessKey: string; at: number } & Omit<UserChanges, 'admin' | 'active'>,
  ): Promise<User>;
  /**
   * Gives the user as it is then. One who becomes inactive loses all sessions, challenges and logins, and the tokens
   * of credentials that they signed in for, in the same commit.
   * Rejects with IDENTITY_USER_UNKNOWN, and with IDENTITY_LAST_ADMINISTRATOR when no active administrator would be left.
   */
  changeUser(id: string, changes: UserChanges): Promise<User>;
  /** The web service access key in plain text: md5(token + key) needs it. Encrypted at rest. */
  accessKey(userId: string): Promise<string | undefined>;
  /** Ends the user's sessions in the same commit: whoever had the old key is out. Rejects with IDENTITY_USER_UNKNOWN. */
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
}

/** What people call a user: first and last name, or the name to log in with when there is neither. */
export function personName({ name, firstName, lastName }: User): string {
  return `${firstName} ${lastName}`.trim() || name;
}
