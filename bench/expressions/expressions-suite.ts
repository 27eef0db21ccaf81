import { median } from '../measure/percentile.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, countOption } from '../suite.ts';
import { SUBJECTS } from './subjects.ts';

interface ExpressionFacts {
  readonly title: string;
  readonly text: string;
  /** Nanoseconds for one evaluation; the median of the rounds. */
  readonly nanoseconds: number;
  readonly byHandNanoseconds: number;
  /** Above 1: so many times slower than by hand. */
  readonly ratio: number;
}

const COLUMNS: readonly Column[] = [
  ['expressions', 30, 'left'],
  ['million/s', 12],
  ['by hand, million/s', 22],
  ['evaluated/by hand (time)', 28],
];

/** What evaluating costs: an expression of a document against the function that somebody would have written. */
export const expressionsSuite: Suite = {
  name: 'expressions',
  about: 'JSONata, templates, legacy expressions and output paths against functions written by hand',
  options: [
    {
      name: 'expression-rounds',
      value: 'N',
      about: 'rounds of each; the median counts',
      default: '7',
      quick: '2',
    },
    { name: 'expression-ms', value: 'N', about: 'how long a round lasts, in ms', default: '200', quick: '30' },
  ],
  async run(params) {
    const rounds = countOption(params, 'expression-rounds');
    const roundMs = countOption(params, 'expression-ms');
    const facts: ExpressionFacts[] = [];
    for (const [index, { title, text }] of SUBJECTS.entries()) {
      params.progress(`expressions: ${title}`);
      const [nanoseconds, byHandNanoseconds] = await compare(index, rounds, roundMs);
      facts.push({ title, text, nanoseconds, byHandNanoseconds, ratio: nanoseconds / byHandNanoseconds });
    }
    return { facts, text: render(facts) };
  },
};

/** The two ways take turns. */
async function compare(subject: number, rounds: number, roundMs: number): Promise<[number, number]> {
  const ways = [new BenchProcess('evaluator'), new BenchProcess('evaluator')] as const;
  const times: [number[], number[]] = [[], []];
  try {
    for (const [way, child] of ways.entries()) await child.ask('open', { subject, byHand: way === 1, roundMs });
    for (let round = 0; round < rounds; round++) {
      times[0].push(await ways[0].ask('round', undefined));
      times[1].push(await ways[1].ask('round', undefined));
    }
  } finally {
    await Promise.all(ways.map((child) => child.end()));
  }
  return [median(times[0]), median(times[1])];
}

function render(facts: readonly ExpressionFacts[]): string {
  const rows = facts.map(({ title, nanoseconds, byHandNanoseconds, ratio }) => [
    title,
    digits(1_000 / nanoseconds, 3),
    digits(1_000 / byHandNanoseconds, 1),
    digits(ratio, 1),
  ]);
  return textTable(COLUMNS, rows);
}
