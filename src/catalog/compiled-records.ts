import type { PagesDefinition, RecordsOutput } from '../document/map.ts';
import type { PathReader } from '../expression/output-path.ts';
import type { CompiledFieldSetting } from './task/field-setting.ts';

/** A list of the answer whose items become records. */
export interface CompiledRecords {
  readonly document: RecordsOutput;
  /** Undefined: the whole answer is the list. */
  readonly path: PathReader | undefined;
  readonly match: readonly string[];
  readonly sets: readonly CompiledRecordSetting[];
}

/** One field of such a record. */
export interface CompiledRecordSetting extends CompiledFieldSetting {
  /** True: the field stays as it is where the item has no such value. */
  readonly optional: boolean;
}

/** How the other pages of a list are asked for. */
export interface CompiledPages {
  readonly document: PagesDefinition;
  readonly items: PathReader | undefined;
  readonly next: PathReader | undefined;
  readonly more: PathReader | undefined;
}
