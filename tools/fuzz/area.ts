import type { Json } from '../../src/core/json.ts';
import type { Random } from './generate/random.ts';

/** What became of an input that was handled as promised. */
export type Verdict = 'accepted' | 'refused';

/** One part of the product that gets generated inputs. */
export interface Area {
  readonly name: string;
  /** A round that takes longer, and does so when it is tried again with more time, is a hang. */
  readonly limitMs: number;
  /** After so many rounds `audit` is asked; undefined when there is nothing to audit. */
  readonly auditEvery?: number;
  /** The input of one round. Draws from `random` alone, so that the same round gives the same input. */
  generate(random: Random): Json;
  /** Makes ready what is tested: a store, an install. */
  open(): Promise<Target>;
}

/** What gets the inputs of an area. */
export interface Target {
  /** Handles one input; throws or rejects when a promise of the product is broken, saying which. */
  judge(input: Json): Promise<Verdict>;
  /** Throws when what the inputs must not touch is not as it was. */
  audit?(): Promise<void>;
  close(): Promise<void>;
}

/** One broken promise. */
export interface FoundFailure {
  readonly area: string;
  readonly seed: number;
  readonly round: number;
  /** `broken`: judged so; `hang`: too slow; `crash`: the process died; `memory`: it ran out of memory. */
  readonly kind: 'broken' | 'hang' | 'crash' | 'memory';
  readonly message: string;
  readonly input: Json;
}

/** Throws when a promise does not hold. */
export function promise(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Error(what());
}
