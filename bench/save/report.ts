import { CASES, type CaseName } from './stage.ts';
import type { Samples } from './measure.ts';

/** The middle and the slow end of a series, in milliseconds. */
export interface Figures {
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
  /** Against the series it is compared with. */
  readonly p50Ratio: number;
  readonly p99Ratio: number;
}

export interface SaveReport {
  /** Compared with saves that start no workflow. */
  readonly saves: Readonly<Record<CaseName, Figures>>;
  /** Compared with each other: the other destination up, and hanging. */
  readonly otherRuns: { readonly up: Figures; readonly hanging: Figures };
}

/** Figures of all series. */
export function reportOf({ saves, otherRuns }: Samples): SaveReport {
  return {
    saves: {
      none: figures(saves.none, saves.none),
      up: figures(saves.up, saves.none),
      down: figures(saves.down, saves.none),
      hanging: figures(saves.hanging, saves.none),
    },
    otherRuns: { up: figures(otherRuns.up, otherRuns.up), hanging: figures(otherRuns.hanging, otherRuns.up) },
  };
}

function figures(series: readonly number[], base: readonly number[]): Figures {
  const [p50, p99] = [percentile(series, 0.5), percentile(series, 0.99)];
  return {
    samples: series.length,
    p50,
    p99,
    p50Ratio: p50 / percentile(base, 0.5),
    p99Ratio: p99 / percentile(base, 0.99),
  };
}

/** The smallest value that at least this share of the series does not exceed. */
function percentile(series: readonly number[], share: number): number {
  const sorted = series.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

const TITLES: Readonly<Record<CaseName, string>> = {
  none: 'no workflow',
  up: 'workflow, B up',
  down: 'workflow, B down',
  hanging: 'workflow, B hanging',
};

/** The report as a table. */
export function renderReport({ saves, otherRuns }: SaveReport): string {
  return [
    'saves over HTTP                  n      p50      p99   p50 ratio   p99 ratio',
    ...CASES.map((name) => row(TITLES[name], saves[name])),
    '',
    'runs to another destination      n      p50      p99   p50 ratio   p99 ratio',
    row('B up', otherRuns.up),
    row('B hanging', otherRuns.hanging),
  ].join('\n');
}

function row(title: string, { samples, p50, p99, p50Ratio, p99Ratio }: Figures): string {
  const numbers = [`${p50.toFixed(1)} ms`.padStart(9), `${p99.toFixed(1)} ms`.padStart(9)];
  const ratios = [p50Ratio.toFixed(2).padStart(12), p99Ratio.toFixed(2).padStart(12)];
  return `  ${title.padEnd(26)}${String(samples).padStart(6)}${[...numbers, ...ratios].join('')}`;
}
