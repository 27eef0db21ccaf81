import type { InboxItem, InboxState } from '../../core/inbox.ts';
import { isHeld } from '../../core/recovery.ts';
import { isFinal, type Run } from '../../core/run.ts';
import { readProgress } from '../progress.ts';
import type { RunCommandKind } from './run-command.ts';

/** The states of a row in which each mark takes effect. */
export const MARKED_FROM: Readonly<Record<'acknowledge' | 'ignore' | 'reopen' | 'assign', readonly InboxState[]>> = {
  acknowledge: ['open'],
  ignore: ['open', 'acknowledged'],
  reopen: ['acknowledged', 'ignored'],
  assign: ['open', 'acknowledged', 'ignored'],
};

/** The commands that fit the run as it stands, those first that people need most. */
export function fittingCommands(run: Run, item: InboxItem | undefined): readonly RunCommandKind[] {
  return [...commandsOf(run, item), ...marksOf(item)];
}

/** True while it is unknown whether the other side acted. */
function isInDoubt(run: Run): boolean {
  const { retry, look } = readProgress(run.progress);
  return look !== undefined || retry?.mayHaveActed === true;
}

function commandsOf(run: Run, item: InboxItem | undefined): readonly RunCommandKind[] {
  if (isFinal(run.status)) {
    if (run.status === 'completed' || item?.resolution === 'restart') return [];
    const isOpen = run.status === 'failed' && item !== undefined && item.state !== 'resolved';
    return isOpen ? ['restart', 'done'] : ['restart'];
  }
  if (run.cancelRequested !== undefined) return [];
  const { order, cursor } = readProgress(run.progress);
  // What was ordered before a restore may have been done: another order takes its place.
  const isOrdered = order !== undefined && !isHeld(run.wait);
  if (run.wait === undefined || run.wait.for === 'lane' || isOrdered) return ['cancel'];
  const atTask: readonly RunCommandKind[] = cursor === undefined ? [] : ['skip', 'done'];
  return ['retry', ...(isInDoubt(run) ? (['not-done'] as const) : []), ...atTask, 'restart', 'cancel'];
}

function marksOf(item: InboxItem | undefined): readonly RunCommandKind[] {
  if (item === undefined) return [];
  return (['acknowledge', 'ignore', 'reopen', 'assign'] as const).filter((kind) =>
    MARKED_FROM[kind].includes(item.state),
  );
}
