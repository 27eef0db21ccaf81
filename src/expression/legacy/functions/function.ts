import type { LegacyEnvironment } from '../environment.ts';
import type { LegacyValue } from '../value.ts';

/** What a function works with besides its arguments. */
export interface FunctionScope {
  readonly environment: LegacyEnvironment;
}

/** How a function computes; throws MapwrightError when the original fails. */
export type Implementation = (
  values: readonly LegacyValue[],
  scope: FunctionScope,
) => LegacyValue | Promise<LegacyValue>;

/** A family of functions by name. */
export type FunctionFamily = Readonly<Record<string, Implementation>>;
