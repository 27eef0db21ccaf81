import type { Found, Query } from './query.ts';

/** A set of users that owns records and is told things together. */
export interface Group {
  /** On the wire: `20x1`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Ids of users, inactive ones among them, in the order of their numbers. */
  readonly members: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The groups of an install. The id of a removed group is never given again. */
export interface GroupStore {
  groups(): Promise<readonly Group[]>;
  groupByName(name: string): Promise<Group | undefined>;
  groupById(id: string): Promise<Group | undefined>;
  /** Answers a query of the module Groups. */
  findGroups(query: Query): Promise<Found<Group>>;
  /** Rejects with IDENTITY_GROUP_EXISTS. */
  addGroup(params: { name: string; description: string; at: number }): Promise<Group>;
  /** True when there was one. */
  removeGroup(id: string): Promise<boolean>;
  /** True when the user was no member before. Rejects with IDENTITY_GROUP_UNKNOWN or IDENTITY_USER_UNKNOWN. */
  addMember(params: { group: string; user: string }): Promise<boolean>;
  /** True when the user was a member. */
  removeMember(params: { group: string; user: string }): Promise<boolean>;
}
