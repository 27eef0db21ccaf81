import type { RunFilter } from '../../src/core/journal.ts';
import { HISTORY_PACE_MS, HISTORY_START } from '../../tools/stage/filled-history.ts';

/** Every combination of what a listing of runs can be asked for, in a filled history of so many runs, with every page. */
export function askedRuns(runs: number): readonly RunFilter[] {
  const middle = Math.floor(runs / 2);
  const span = {
    since: HISTORY_START + middle * HISTORY_PACE_MS,
    until: HISTORY_START + (middle + 300) * HISTORY_PACE_MS,
  };
  const statuses = [['completed'], ['failed', 'canceled'], ['pending', 'running'], ['running', 'completed']] as const;
  const parts: readonly (readonly Omit<RunFilter, 'limit'>[])[] = [
    [{}, ...statuses.map((status) => ({ status }))],
    [{}, { waiting: true }, { waiting: false }],
    [{}, { handled: true }, { handled: false }],
    [{}, { workflow: 'rare' }],
    [{}, { recordId: '14x7' }],
    [{}, { key: { value: 'K-1' } }, { key: { name: 'order', value: 'SO-17' } }],
    [{}, span],
    [{}, { before: middle }, { after: 0 }],
  ];
  return parts.reduce<readonly RunFilter[]>(
    (all, some) => all.flatMap((one) => some.map((other) => ({ ...one, ...other }))),
    [{ limit: 50 }],
  );
}
