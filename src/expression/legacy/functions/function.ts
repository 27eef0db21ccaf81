import type { JsonataGuard } from '../../jsonata-guard.ts';
import type { LegacyEnvironment } from '../environment.ts';
import type { LegacyValue } from '../value.ts';

/** What a function works with besides its arguments. */
export interface FunctionScope {
  readonly environment: LegacyEnvironment;
  /** Asked before something is built that may be much larger than the arguments. */
  readonly guard: JsonataGuard;
}

/** How a function computes; throws MapwrightError when the original fails or the result would be too large. */
export type Implementation = (
  values: readonly LegacyValue[],
  scope: FunctionScope,
) => LegacyValue | Promise<LegacyValue>;

/** A family of functions by name. */
export type FunctionFamily = Readonly<Record<string, Implementation>>;
