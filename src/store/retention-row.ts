import type { RemovedKind, RetentionFigures } from '../core/retention-store.ts';
import type { RunOutcome } from '../core/retention.ts';
import type { EndedRun } from './ended-counts.ts';

/** What `FIGURES` gives. */
export interface FiguresRow {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly left: number;
}

/** What `TOTALS` gives. */
export interface TotalRow {
  readonly kind: RemovedKind;
  readonly removed: number;
}

export function figuresOf(row: FiguresRow | undefined, totals: readonly TotalRow[]): RetentionFigures {
  return {
    startedAt: row?.startedAt ?? undefined,
    endedAt: row?.endedAt ?? undefined,
    left: row?.left ?? 0,
    removed: Object.fromEntries(totals.map(({ kind, removed }) => [kind, removed])),
  };
}

/** How many runs there are of each outcome. */
export function outcomeTotals(runs: readonly EndedRun[]): readonly (readonly [RunOutcome, number])[] {
  const totals = new Map<RunOutcome, number>();
  for (const { status, handled } of runs) {
    const outcome = handled === 1 ? 'handled' : status === 'completed' || status === 'canceled' ? status : 'failed';
    totals.set(outcome, (totals.get(outcome) ?? 0) + 1);
  }
  return [...totals];
}
