/**
 * What a field holds. Values in a record image: text types are strings, integer/number/currency are numbers, boolean is
 * boolean, a file is the JSON text of its reference.
 */
export type FieldType =
  | 'string'
  | 'text'
  | 'integer'
  | 'number'
  | 'currency'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'time'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'reference'
  | 'owner'
  | 'file';

/** Types whose values are texts that somebody wrote or chose. */
export const TEXT_TYPES: ReadonlySet<FieldType> = new Set([
  'string',
  'text',
  'email',
  'phone',
  'url',
  'picklist',
  'multipicklist',
]);

/** Those, and the types whose values are ids: an empty one is the text `""` to expressions, where other types have null. */
export const TEXT_OR_ID_TYPES: ReadonlySet<FieldType> = new Set([...TEXT_TYPES, 'reference', 'owner']);

/** One field (column) of a module. */
export interface FieldDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Greatest number of characters, for text types. */
  readonly length?: number;
  readonly mandatory: boolean;
  /** Written by workflows and imports only; what a web service client sends for it is left out. */
  readonly readOnly: boolean;
  /** The value a created record gets when none is given. */
  readonly defaultValue?: string;
  /** The choices of a picklist or multipicklist. */
  readonly options?: readonly string[];
  /** What people see for each of `options`, in the same order; absent when the choices are shown as they are. */
  readonly optionLabels?: readonly string[];
  /** False: values besides `options` are taken too. Absent is true. */
  readonly strict?: boolean;
  /** The modules a reference may point at. */
  readonly references?: readonly string[];
}

/** One module (table) of records. */
export interface ModuleDefinition {
  readonly name: string;
  readonly label: string;
  /** What stands before the `x` in the ids of its records: `14` in `14x1`. */
  readonly prefix: string;
  /** The field that names a record to people. */
  readonly title: string;
  readonly fields: readonly FieldDefinition[];
}

/** The prefix of users' ids. Users are no module of their own: they live in the identity store. */
export const USERS_PREFIX = '19';

/** The prefix of groups' ids, which live there too. */
export const GROUPS_PREFIX = '20';

/** What stands between the values of a multipicklist: `Red |##| Blue`. */
export const CHOICE_SEPARATOR = ' |##| ';

/** The values of a multipicklist, blanks around them left away; none of an empty text. */
export function choicesOf(text: string): string[] {
  const values = text.split('|##|').map((value) => value.trim());
  return [...new Set(values.filter((value) => value !== ''))];
}
