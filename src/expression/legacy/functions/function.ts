import type { JsonataGuard } from '../../jsonata-guard.ts';
import type { LegacyEnvironment } from '../environment.ts';
import type { LegacyValue } from '../value.ts';

/** What a function works with besides its arguments. */
export interface FunctionScope {
  readonly environment: LegacyEnvironment;
  /** Asked before something is built that may be much larger than the arguments. */
  readonly guard: JsonataGuard;
  /**
   * Computes another expression within the same limits, by default in the same environment. Throws or rejects with the codes of
   * compiling and evaluating.
   */
  evaluateText(text: string, environment?: LegacyEnvironment): LegacyValue | Promise<LegacyValue>;
}

/**
 * How a function computes. Gives a promise only where it has to wait, so that an expression that looks nothing up needs none;
 * throws or rejects with MapwrightError when the original fails or the result would be too large.
 */
export type Implementation = (
  values: readonly LegacyValue[],
  scope: FunctionScope,
) => LegacyValue | Promise<LegacyValue>;

/** A family of functions by name. */
export type FunctionFamily = Readonly<Record<string, Implementation>>;
