import { MapwrightError } from '../../core/error.ts';
import type { CompileResult } from '../../expression/compiled.ts';

/** What was compiled while a run is under way; its problem is thrown. */
export function orThrow<T>(result: CompileResult<T>): T {
  if (result.ok) return result.value;
  const { code, message, hint } = result.problem;
  throw new MapwrightError(code, message, hint === undefined ? {} : { hint });
}
