import { percentile } from '../measure/percentile.ts';
import type { Samples } from './measure.ts';
import { CASES, type CaseName } from './stage.ts';
import type { Comparison, WorkflowSaves } from './workflow-saves.ts';

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

/** The middle and the slow end of a series, against another. */
export function figures(series: readonly number[], base: readonly number[]): Figures {
  const [p50, p99] = [percentile(series, 0.5), percentile(series, 0.99)];
  return {
    samples: series.length,
    p50,
    p99,
    p50Ratio: p50 / percentile(base, 0.5),
    p99Ratio: p99 / percentile(base, 0.99),
  };
}

const TITLES: Readonly<Record<CaseName, string>> = {
  none: 'no workflow',
  up: 'workflow, B up',
  down: 'workflow, B down',
  hanging: 'workflow, B hanging',
};

const COLUMNS = '     n        p50        p99   p50 ratio   p99 ratio';

/** The report as tables. */
export function renderReport({ saves, otherRuns }: SaveReport, { matching, others }: WorkflowSaves): string {
  return [
    heading('saves over HTTP'),
    ...CASES.map((name) => row(TITLES[name], saves[name])),
    '',
    heading('runs to another destination'),
    row('B up', otherRuns.up),
    row('B hanging', otherRuns.hanging),
    '',
    heading('saves, library, no worker'),
    ...comparison(matching, '   goal: p50 ratio <= 1.5'),
    '',
    heading('workflows judged or not'),
    ...comparison(others, '   goal: p50 ratio near 1'),
  ].join('\n');
}

function heading(title: string): string {
  return `${title.padEnd(28)}${COLUMNS}`;
}

function comparison({ base, loaded }: Comparison, goal: string): string[] {
  return [row(base.title, base), `${row(loaded.title, loaded)}${goal}`];
}

function row(title: string, { samples, p50, p99, p50Ratio, p99Ratio }: Figures): string {
  const numbers = [`${p50.toFixed(2)} ms`.padStart(11), `${p99.toFixed(2)} ms`.padStart(11)];
  const ratios = [p50Ratio.toFixed(2).padStart(12), p99Ratio.toFixed(2).padStart(12)];
  return `  ${title.padEnd(26)}${String(samples).padStart(6)}${[...numbers, ...ratios].join('')}`;
}
