import type { AwaitedRun } from '../../core/awaited-run.ts';
import type { OperationAnswer } from './protocol-answer.ts';

/** What is said besides the result of runs that the caller was made to wait for; nothing when there are none. */
export function awaitedInfo(runs: readonly AwaitedRun[] | undefined): Pick<OperationAnswer, 'moreinfo'> {
  if (runs === undefined || runs.length === 0) return {};
  return { moreinfo: { runs: runs.map((run) => ({ ...run })) } };
}
