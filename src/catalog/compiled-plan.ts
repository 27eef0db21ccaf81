import type { ErrorPlan } from '../document/error-plan.ts';
import type { CompiledSource } from './compiled-source.ts';

/** Something that people are told, compiled. */
export interface CompiledNotice {
  readonly to: readonly string[];
  readonly text: CompiledSource | undefined;
}

/** An error plan with its messages compiled. */
export interface CompiledPlan {
  readonly document: ErrorPlan;
  readonly notices: readonly CompiledNotice[];
}
