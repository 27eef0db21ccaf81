/** How a legacy condition compares; the texts are the language's own. */
export type LegacyOperation = string;

/** One condition of a workflow, task or search, as the original stores it. */
export interface LegacyCondition {
  /** Own field, or `ref : (Module) field` with or without `$(..)`. */
  readonly fieldname: string;
  readonly operation: LegacyOperation;
  readonly value: string | null;
  readonly valuetype: 'rawtext' | 'fieldname' | 'expression';
  /** Joins the NEXT condition of the same group; empty means `and`. */
  readonly joincondition?: string;
  readonly groupid?: string;
  /** Joins this group to those before it; empty means `and`. */
  readonly groupjoin?: string;
}
