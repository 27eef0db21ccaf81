import { MapwrightError } from '../../core/error.ts';
import { isServerAnswer, TransactionCollision } from './postgres-failure.ts';

/** What is done about a batch that failed: its units are told, or it is carried out again, or each half by itself. */
export type Remedy = 'reject' | 'repeat' | 'divide';

const OUT_OF_MEMORY = '53200';

/** Decides by what went wrong. Nothing of a failed batch is stored, unless it broke while it was being committed. */
export function remedyFor(
  thrown: unknown,
  at: { readonly isCommitting: boolean; readonly units: number; readonly tries: number },
): Remedy {
  const isOne = at.units === 1;
  if (thrown instanceof TransactionCollision) return isOne ? 'repeat' : 'divide';
  // Nobody can tell whether it took effect: only those who asked know how to ask again.
  if (at.isCommitting || !(thrown instanceof MapwrightError)) return 'reject';
  // One unit that cannot be stored, or that was given too much to lock, does not harm the others.
  const isToBlame = thrown.code === 'STORE_UNIT_INVALID' || stateOf(thrown.cause) === OUT_OF_MEMORY;
  if (isToBlame) return isOne ? 'reject' : 'divide';
  // A connection that broke before the commit: there are others.
  const isBroken = thrown.retryable && thrown.cause !== undefined && !isServerAnswer(thrown.cause);
  return isBroken && at.tries === 1 ? 'repeat' : 'reject';
}

function stateOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
