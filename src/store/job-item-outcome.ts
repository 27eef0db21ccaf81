import type { InboxJobItemState } from '../core/inbox.ts';
import type { Intervention } from '../core/journal.ts';

/** What is stored of a run of a job after a command on it. */
export interface JobItemOutcome {
  readonly state: InboxJobItemState;
  readonly code: string | null;
  readonly message: string | null;
}

/** What a command that took effect, or not, comes to in its job. */
export function tellsItem({ kind }: Pick<Intervention, 'kind'>, tookEffect: boolean): JobItemOutcome {
  const [done, not] = kind === 'withdraw' ? (['taken-back', 'kept'] as const) : (['applied', 'refused'] as const);
  if (tookEffect) return { state: done, code: null, message: null };
  const message = kind === 'withdraw' ? 'it had begun' : 'somebody else acted on it meanwhile';
  return { state: not, code: 'RUN_COMMAND_LATE', message };
}
