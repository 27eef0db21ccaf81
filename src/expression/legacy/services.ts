import type { JsonObject } from '../../core/json.ts';
import type { QueryCondition } from '../../core/query.ts';
import type { LegacyCondition } from './condition.ts';
import type { LegacyValue } from './value.ts';

/** What legacy expressions, templates and conditions reach outside their own text; each part is given by whoever runs them. */
export interface LegacyServices {
  readonly clock: LegacyClock;
  readonly random: LegacyRandom;
  readonly records: LegacyRecords;
  readonly people: LegacyPeople;
  readonly settings: LegacySettings;
  readonly messages: LegacyMessages;
  readonly maps: LegacyMaps;
  readonly network: LegacyNetwork;
  readonly install: LegacyInstall;
}

/** Time, frozen with the step: a repeated try sees the time of the first. */
export interface LegacyClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** IANA name of the zone that dates without a zone are in. */
  readonly timeZone: string;
  /** IANA name of the zone that stored dates with a time are in; `timeZone` when left out. */
  readonly storedTimeZone?: string;
}

/** Random values, drawn from the step's seed: a repeated try draws the same. */
export interface LegacyRandom {
  /** At least 0, less than 1. */
  next(): number;
}

/** How somebody sees dates and numbers. */
export interface LegacyPreferences {
  readonly dateFormat: 'yyyy-mm-dd' | 'dd-mm-yyyy' | 'mm-dd-yyyy';
  readonly hourFormat: '24' | '12';
  /** IANA name. */
  readonly timeZone: string;
  readonly decimalSeparator: string;
  readonly groupingSeparator: string;
  readonly decimals: number;
  /** `en_us` */
  readonly language: string;
}

/** Somebody, as the language sees them. */
export interface LegacyUser {
  /** `19x1` */
  readonly id: string;
  /** What they log in with. */
  readonly name: string;
  /** First and last name. */
  readonly fullName: string;
  readonly isAdmin: boolean;
  readonly preferences: LegacyPreferences;
  /** Every field of the user by its name: `email1`, `first_name`. */
  readonly fields: JsonObject;
}

/** A stored record with its values as texts: numbers and dates as the database has them, references as `11x746`. */
export interface LegacyRow {
  readonly id: string;
  readonly module: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What is known of a field: its type decides how its value is shown and compared. */
export interface LegacyField {
  readonly name: string;
  readonly label: string;
  readonly type: LegacyFieldType;
  /** The modules a reference may lead to. */
  readonly targets: readonly string[];
}

export type LegacyFieldType =
  | 'text'
  | 'integer'
  | 'number'
  | 'currency'
  | 'boolean'
  | 'date'
  | 'time'
  | 'datetime'
  | 'picklist'
  | 'multipicklist'
  | 'reference'
  | 'owner';

/** A module, as far as the language asks. */
export interface LegacyModule {
  readonly name: string;
  /** What ids of its records start with: `11`. */
  readonly prefix: string;
  /** The field that people know its records by. */
  readonly title: string;
  readonly fields: ReadonlyMap<string, LegacyField>;
}

/** Which records to give. */
export interface LegacySearch {
  readonly module: string;
  readonly conditions: readonly LegacyCondition[];
  /**
   * Only records with exactly these values, by field: compared as the database compares, so that an index can be used.
   * References by id or bare record number; an empty text finds empty fields.
   */
  readonly equal?: Readonly<Record<string, string>>;
  /** Only records that are linked with this one, by a relation or by a reference. */
  readonly relatedTo?: string;
  /** What the database looks for besides: at least all records that `holds` keeps. */
  readonly where?: QueryCondition | undefined;
  /** Judges each record that the database found. */
  readonly holds?: (row: LegacyRow) => boolean;
  /** As they were created when nothing is said. */
  readonly order?: readonly { readonly field: string; readonly descending: boolean }[];
  readonly limit?: number | undefined;
}

/** The records of the install. */
export interface LegacyRecords {
  module(name: string): LegacyModule | undefined;
  /** The module whose ids start with the prefix. */
  moduleOf(id: string): LegacyModule | undefined;
  read(id: string): Promise<LegacyRow | undefined>;
  /** The name by which people know a record, user or group. */
  displayName(id: string): Promise<string | undefined>;
  /** Rejects with EXPRESSION_TOO_LARGE when more are found than a function may look through. */
  find(search: LegacySearch): Promise<readonly LegacyRow[]>;
}

/** Users and groups. */
export interface LegacyPeople {
  /** By id on the wire. */
  user(id: string): Promise<LegacyUser | undefined>;
  /** `20x3` */
  groupIdByName(name: string): Promise<string | undefined>;
  /** Ids of the users in a group, by the group's id. */
  membersOf(groupId: string): Promise<readonly string[]>;
}

/** Settings of the install, and the global variables of the original, which are settings too. */
export interface LegacySettings {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Reads and writes with nobody in between; `decide` gives undefined to leave the value as it is. Gives what it decided. */
  change(name: string, decide: (value: string | undefined) => string | undefined): Promise<string | undefined>;
}

/** Messages left in a channel and taken from it, oldest first. */
export interface LegacyMessages {
  send(params: { readonly channel: string; readonly text: string; readonly secondsToLive: number }): Promise<void>;
  take(channel: string): Promise<string | undefined>;
}

/** Other documents that a function runs, named by name or by id. */
export interface LegacyMaps {
  /** Condition expression, condition query or decision table. Undefined when there is no such document. */
  evaluateRule(name: string, values: JsonObject): Promise<LegacyValue | undefined>;
  /** A mapping applied to the values of a record or row. Undefined when there is no such document. */
  applyMapping(name: string, values: JsonObject): Promise<JsonObject | undefined>;
  /**
   * The ids on the wire of the records that a record set names or a condition query finds; `module` is where a plain record
   * number belongs. Undefined when there is no such document.
   */
  records(name: string, values: JsonObject, module: string | undefined): Promise<readonly string[] | undefined>;
  /** The values of an information map. Undefined when there is no such document. */
  information(name: string): Promise<readonly string[] | undefined>;
}

/** The few functions that ask a server. Rejects with the connector's errors; addresses that are not allowed are refused. */
export interface LegacyNetwork {
  getText(url: string): Promise<string>;
}

/** The install itself. */
export interface LegacyInstall {
  /** Where people open it in a browser; empty when nobody said. */
  readonly siteUrl: string;
  /** Parameters of the request that started the run; empty when none did. */
  readonly request: JsonObject;
  /** True while records are being imported. */
  readonly importing: boolean;
  /** `create` or `edit`: how the record was saved. */
  readonly saveMode: 'create' | 'edit';
  /** A text in somebody's language (`es_es`), by its key; undefined when there is none. Left out: there are no translations. */
  translate?(key: string, language: string): string | undefined;
}
