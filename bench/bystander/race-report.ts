import { percentile } from '../measure/percentile.ts';
import { type Estimate, estimate } from '../measure/resampling.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import type { Sample, Slice } from './bystander.ts';

/** What installs with and without a crowd have shown on one database; the first one is that which all are compared with. */
export interface Contest {
  readonly database: string;
  readonly subjects: readonly {
    readonly title: string;
    readonly slices: readonly Slice[];
    readonly crowdCalls: number;
  }[];
}

/** A percentile of both installs, and the one by the other. */
interface Compared {
  readonly ms: number;
  readonly ratio: Estimate;
}

interface SubjectFacts {
  readonly title: string;
  readonly samples: number;
  readonly crowdCalls: number;
  readonly wall: { readonly p50: Compared; readonly p99: Compared };
  readonly work: { readonly p50: Compared; readonly p99: Compared };
  /** The middle one of the longest stalls of each slice. */
  readonly stallMs: number;
  readonly mainThreadMs: number;
}

const COLUMNS: readonly Column[] = [
  ['', 30, 'left'],
  ['p50 ms', 8],
  ['p99 ms', 9],
  ['p50 ratio', 11],
  ['p99 ratio, 90% range', 23],
  ['work p99', 10],
  ['stall ms', 10],
  ['crowd', 8],
];

/** Everything measured of one contest. */
export function contestFacts({ database, subjects }: Contest): {
  readonly database: string;
  readonly subjects: readonly SubjectFacts[];
} {
  const base = subjects[0]?.slices ?? [];
  const facts = subjects.map(({ title, slices, crowdCalls }): SubjectFacts => {
    const pairs = slices.flatMap((slice, round) => {
      const other = base[round];
      return other === undefined ? [] : [{ slice, base: other }];
    });
    const compared = (of: keyof Sample, share: number): Compared => ({
      ms: percentileOf(slices, of, share),
      ratio: estimate(pairs, (drawn) => {
        const own = percentileOf(
          drawn.map(({ slice }) => slice),
          of,
          share,
        );
        return (
          own /
          percentileOf(
            drawn.map((pair) => pair.base),
            of,
            share,
          )
        );
      }),
    });
    return {
      title,
      samples: slices.reduce((sum, { samples }) => sum + samples.length, 0),
      crowdCalls,
      wall: { p50: compared('wallMs', 0.5), p99: compared('wallMs', 0.99) },
      work: { p50: compared('workMs', 0.5), p99: compared('workMs', 0.99) },
      stallMs: percentile(
        slices.map(({ stallMs }) => stallMs),
        0.5,
      ),
      mainThreadMs: percentile(
        slices.map((slice) => slice.mainThreadMs),
        0.5,
      ),
    };
  });
  return { database, subjects: facts };
}

function percentileOf(slices: readonly Slice[], of: keyof Sample, share: number): number {
  return percentile(
    slices.flatMap(({ samples }) => samples.map((sample) => sample[of])),
    share,
  );
}

/** One table for each database. */
export function renderContests(title: string, contests: readonly Contest[]): string {
  return contests
    .map((contest) => {
      const rows = contestFacts(contest).subjects.map(({ title: subject, wall, work, stallMs, crowdCalls }) => [
        subject,
        digits(wall.p50.ms, 2),
        digits(wall.p99.ms, 2),
        digits(wall.p50.ratio.value, 2),
        range(wall.p99.ratio),
        range(work.p99.ratio).split(' ')[0] ?? '',
        digits(stallMs, 1),
        String(crowdCalls),
      ]);
      return `${title}, ${contest.database}: save to end of run (goal: p99 ratio at most 1.1)\n${textTable(COLUMNS, rows)}`;
    })
    .join('\n\n');
}

function range({ value, low, high }: Estimate): string {
  return `${digits(value, 2)}  ${digits(low, 2)}-${digits(high, 2)}`;
}
