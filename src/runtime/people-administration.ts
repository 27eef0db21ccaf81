import type { UserPreferences } from '../core/identity-store.ts';

/** A user, as administrators see it. */
export interface UserEntry {
  readonly id: string;
  readonly name: string;
  /** Empty when nobody gave one; so are the other two. */
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly admin: boolean;
  /** What one who is no administrator may do over the API; left out: nothing. */
  readonly role?: 'operator' | 'viewer';
  readonly active: boolean;
  /** How the user sees dates and numbers; left out when nothing was said. */
  readonly preferences?: UserPreferences;
}

/** What of a user can be said besides its name; what is left out stays as it is. */
export interface UserDetails {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly preferences?: UserPreferences;
}

/** A group, as administrators see it. */
export interface GroupEntry {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Names of users. */
  readonly members: readonly string[];
}

/** An organisation unit, as administrators see it. */
export interface UnitEntry {
  readonly name: string;
  readonly description: string;
  /** The name of the unit that it is a part of; left out at the top. */
  readonly parent?: string;
  /** Names of users who belong to it itself. */
  readonly members: readonly string[];
}

/** What an administrator can do about organisation units. Methods reject with USER_UNKNOWN or UNIT_UNKNOWN for a wrong name. */
export interface UnitAdministration {
  /** By their names. */
  units(): Promise<readonly UnitEntry[]>;
  /** Rejects with IDENTITY_UNIT_EXISTS or NAME_INVALID. */
  addUnit(params: { name: string; description: string; parent?: string }): Promise<UnitEntry>;
  /** Makes it a part of another unit, or of none. Rejects with IDENTITY_UNIT_CYCLE for a unit below itself. */
  moveUnit(params: { name: string; parent?: string }): Promise<void>;
  /** Rejects with IDENTITY_UNIT_HAS_PARTS while other units are a part of it. */
  removeUnit(params: { name: string }): Promise<void>;
  /** True when the user did not belong to it before. */
  addUnitMember(params: { unit: string; user: string }): Promise<boolean>;
  /** True when the user belonged to it. */
  removeUnitMember(params: { unit: string; user: string }): Promise<boolean>;
}

/** What an administrator can do about users and groups. Methods reject with USER_UNKNOWN or GROUP_UNKNOWN for a wrong name. */
export interface PeopleAdministration extends UnitAdministration {
  users(): Promise<readonly UserEntry[]>;
  /**
   * Gives the new user's web service access key: it is shown once. Rejects with IDENTITY_USER_EXISTS, NAME_INVALID,
   * USER_EMAIL_INVALID, USER_PREFERENCE_INVALID.
   */
  addUser(
    params: { name: string; admin: boolean; role?: 'operator' | 'viewer' } & UserDetails,
  ): Promise<{ readonly user: UserEntry; readonly accessKey: string }>;
  /**
   * One who becomes inactive is logged out at once and cannot log in. Rejects with IDENTITY_LAST_ADMINISTRATOR when no
   * active administrator would be left, and with USER_EMAIL_INVALID or USER_PREFERENCE_INVALID.
   */
  changeUser(
    params: {
      name: string;
      admin?: boolean;
      /** `none` takes the role away. */
      role?: 'operator' | 'viewer' | 'none';
      active?: boolean;
    } & UserDetails,
  ): Promise<UserEntry>;
  /** Gives a new access key; the old one stops working. */
  renewAccessKey(params: { name: string }): Promise<{ readonly accessKey: string }>;
  groups(): Promise<readonly GroupEntry[]>;
  /** Rejects with IDENTITY_GROUP_EXISTS or NAME_INVALID. */
  addGroup(params: { name: string; description: string }): Promise<GroupEntry>;
  /** Rejects with GROUP_OWNS_RECORDS while records belong to it. */
  removeGroup(params: { name: string }): Promise<void>;
  /** True when the user was no member before. */
  addGroupMember(params: { group: string; user: string }): Promise<boolean>;
  /** True when the user was a member. */
  removeGroupMember(params: { group: string; user: string }): Promise<boolean>;
}
