/** A part of the organisation, with those who belong to it: a tree of sales, sales north, sales south. */
export interface OrganisationUnit {
  readonly name: string;
  readonly description: string;
  /** The name of the unit that it is a part of; undefined at the top. */
  readonly parent: string | undefined;
  /** Ids of the users who belong to it itself, inactive ones among them, in the order of their numbers. */
  readonly members: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The organisation units of an install, known by their names. */
export interface OrganisationUnitStore {
  /** By their names. */
  units(): Promise<readonly OrganisationUnit[]>;
  /** Rejects with IDENTITY_UNIT_EXISTS, or IDENTITY_UNIT_UNKNOWN for the parent. */
  addUnit(params: {
    name: string;
    description: string;
    parent: string | undefined;
    at: number;
  }): Promise<OrganisationUnit>;
  /** Makes it a part of another unit, or of none. Rejects with IDENTITY_UNIT_UNKNOWN, and with IDENTITY_UNIT_CYCLE for a unit below itself. */
  moveUnit(params: { name: string; parent: string | undefined }): Promise<void>;
  /** True when there was one. Rejects with IDENTITY_UNIT_HAS_PARTS while other units are a part of it. */
  removeUnit(name: string): Promise<boolean>;
  /** True when the user did not belong to it before. Rejects with IDENTITY_UNIT_UNKNOWN or IDENTITY_USER_UNKNOWN. */
  addUnitMember(params: { unit: string; user: string }): Promise<boolean>;
  /** True when the user belonged to it. */
  removeUnitMember(params: { unit: string; user: string }): Promise<boolean>;
  /** Ids of those who belong to the unit or to one below it, each once, in the order of their numbers; undefined when there is no such unit. */
  unitPeople(name: string): Promise<readonly string[] | undefined>;
}
