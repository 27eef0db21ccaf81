import type { FoundFailure } from './area.ts';
import type { AreaVerdict } from './supervisor.ts';

const COLUMNS = ['area', 'rounds', 'per second', 'accepted', 'refused', 'failures', 'longest', 'peak memory'] as const;
const SHOWN_INPUT = 400;

/** One line while an area is at work. */
export function renderProgress(verdict: AreaVerdict, to: number, elapsedMs: number): string {
  const { area, rounds, failures } = verdict;
  return `${area}: ${rounds} of ${to} rounds, ${perSecond(rounds, elapsedMs)} a second, ${count(failures, 'failure')}`;
}

/** A failure with the beginning of its input and how to see it again. */
export function renderFailure(failure: FoundFailure, savedAs: string): string {
  const { area, seed, round, kind, message, input } = failure;
  const text = JSON.stringify(input);
  return [
    `FAILED ${area} round ${round}, ${kind}: ${message}`,
    `  input  ${text.length > SHOWN_INPUT ? `${text.slice(0, SHOWN_INPUT)}... (${text.length} characters)` : text}`,
    `  saved  ${savedAs}`,
    `  again  npm run fuzz -- --seed ${seed} --only ${area} --at ${round}`,
  ].join('\n');
}

/** What came of all areas, as a table. */
export function renderVerdicts(verdicts: readonly (AreaVerdict & { readonly elapsedMs: number })[]): string {
  const rows = verdicts.map((verdict) => [
    verdict.area,
    `${verdict.rounds}${verdict.complete ? '' : ' (stopped)'}`,
    String(perSecond(verdict.rounds, verdict.elapsedMs)),
    share(verdict.accepted, verdict.rounds),
    share(verdict.refused, verdict.rounds),
    `${verdict.failures}${verdict.stalls === 0 ? '' : ` (${verdict.stalls} slow once)`}`,
    `${Math.round(verdict.longestMs)} ms (round ${verdict.longestRound})`,
    `${Math.round(verdict.peakMemoryKib / 1024)} MiB`,
  ]);
  const table = [[...COLUMNS], ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0' : `${part} (${Math.round((100 * part) / whole)} %)`;
}

function perSecond(rounds: number, elapsedMs: number): number {
  return elapsedMs === 0 ? 0 : Math.round((rounds * 1000) / elapsedMs);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
