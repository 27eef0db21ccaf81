import { MapwrightError } from '../../core/error.ts';
import type { InboxItem } from '../../core/inbox.ts';
import { isFinal, type Run } from '../../core/run.ts';
import { readProgress } from '../progress.ts';
import { fittingCommands } from './fitting-commands.ts';
import type { RunCommandKind } from './run-command.ts';

/** The command does not fit the run as it stands; says how it stands and what would fit. */
export function unfitCommand(run: Run, item: InboxItem | undefined, kind: RunCommandKind): MapwrightError {
  const { order } = readProgress(run.progress);
  if (order !== undefined && !isFinal(run.status))
    return lateCommand(run.id, { by: order.by, action: order.action, at: order.at });
  const fits = fittingCommands(run, item);
  const would = fits.length === 0 ? 'nothing is left to do' : `what fits now: ${fits.join(', ')}`;
  const who =
    item?.resolution === undefined || item.changedBy === undefined ? '' : ` (${item.changedBy}: ${item.resolution})`;
  return new MapwrightError('RUN_NOT_WAITING', `run ${run.id} ${stateOf(run, item)}${who}: "${kind}" does not fit`, {
    hint: `${would}; mapwright runs show ${run.id} tells what it does`,
  });
}

/** Somebody else was first. */
export function lateCommand(
  run: number,
  first: { readonly by: string; readonly action: string; readonly at: number } | undefined,
): MapwrightError {
  const who =
    first === undefined
      ? 'a worker took it up'
      : `${first.by} was first ("${first.action}", ${new Date(first.at).toISOString()})`;
  return new MapwrightError('RUN_COMMAND_LATE', `run ${run} is not as it was any more: ${who}`, {
    hint: `see what became of it: mapwright runs show ${run}`,
  });
}

function stateOf(run: Run, item: InboxItem | undefined): string {
  if (isFinal(run.status)) return `has ended (${run.status})`;
  if (run.cancelRequested !== undefined) return 'is being canceled';
  if (run.wait?.for === 'lane') return `waits behind run ${run.wait.key ?? ''}`;
  if (run.wait !== undefined)
    return `waits (${run.wait.for}${item === undefined ? '' : `, ${item.state} in the inbox`})`;
  return run.status === 'pending' ? 'has not begun' : 'is being worked on';
}
