import type { RecordImage } from '../core/record.ts';
import type { AcceptedRun } from '../core/run.ts';
import type { RecordWrite } from '../core/unit-of-work.ts';
import { MAX_DEPTH } from './chain-depth.ts';
import type { RunState } from './run-state.ts';

/** A decided change of a record that is not the run's own. */
export interface OtherWrite {
  readonly write: RecordWrite;
  /** The image before; undefined for a creation. */
  readonly before: RecordImage | undefined;
  /** True when the change starts workflows. */
  readonly fires: boolean;
}

/**
 * Has a host that keeps its own records apply the pending changes of other records, as `writeAtHost` does with the run's
 * own. `none` for a host whose records are committed with the run.
 */
export async function writeOthersAtHost(state: RunState): Promise<'written' | 'conflict' | 'none'> {
  const { engine, lease, pending, progress } = state;
  if (engine.host.write === undefined || pending.others.length === 0) return 'none';
  for (const [index, { write }] of pending.others.entries()) {
    const key = `mw-${engine.installId}-${lease.run.id}-s${progress.steps}${batchOf(progress)}-${index}`;
    if ((await engine.host.write(write, { key })) === 'conflict') return 'conflict';
  }
  return 'written';
}

/** Tells the commits of one step apart in which the items of an answer become records. */
function batchOf({ intake }: RunState['progress']): string {
  return intake === undefined
    ? ''
    : `b${intake.next === undefined ? 'end' : `${intake.next.list}.${intake.next.item}`}`;
}

/** The workflows that the pending changes of other records start. */
export async function firedByOthers({ engine, lease, pending }: RunState): Promise<AcceptedRun[]> {
  const { rootRun, depth } = lease.run;
  if (depth + 1 > MAX_DEPTH) return [];
  const fired: AcceptedRun[] = [];
  for (const { write, before, fires } of pending.others) {
    if (!fires) continue;
    const { kind, module, id, values: after, changed, actor } = write;
    const runs = await engine.matcher.match({ kind, module, id, before, after, changed, actor });
    fired.push(...runs.map((run) => ({ ...run, rootRun, depth: depth + 1 })));
  }
  return fired;
}
