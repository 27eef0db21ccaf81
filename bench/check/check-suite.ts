import { median } from '../measure/percentile.ts';
import { processUse, type ProcessUse } from '../measure/process-use.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, countOption } from '../suite.ts';

/** Milliseconds are for all documents, and the median of the rounds. */
interface CheckFacts {
  readonly documents: number;
  readonly checkMs: number;
  readonly compileMs: number;
  readonly libxml2Ms: number;
  /** Goal: 3 at most. */
  readonly checkToLibxml2: number;
  /** Of the processes, from their start to their end. */
  readonly mapwright: ProcessUse;
  readonly libxml2: ProcessUse;
}

const COLUMNS: readonly Column[] = [
  ['check', 36, 'left'],
  ['all, ms', 12],
  ['documents/s', 14],
  ['ratio to libxml2 (goal <= 3)', 30],
  ['peak MB', 12],
];

/** Reading and checking a large set of documents, against the fastest thing that merely validates them. */
export const checkSuite: Suite = {
  name: 'check',
  about: 'reading and checking documents, against libxml2 parsing and validating the same files',
  options: [
    { name: 'documents', value: 'N', about: 'documents, at least', default: '1000', quick: '100' },
    { name: 'check-rounds', value: 'N', about: 'rounds; the median counts', default: '7', quick: '2' },
  ],
  async run(params) {
    const count = countOption(params, 'documents');
    const rounds = countOption(params, 'check-rounds');
    params.progress(`check: ${count} documents`);
    const facts = await compare(count, rounds);
    return { facts, text: render(facts) };
  },
};

async function compare(count: number, rounds: number): Promise<CheckFacts> {
  const [checker, validator] = [new BenchProcess('checker'), new BenchProcess('validator')];
  try {
    const documents = await checker.ask('open', { count });
    await validator.ask('open', { count });
    const times = { check: new Array<number>(), compile: new Array<number>(), libxml2: new Array<number>() };
    // The first round warms up, and does not count.
    for (let round = 0; round <= rounds; round++) {
      times.check.push(await checker.ask('check', undefined));
      times.libxml2.push(await validator.ask('validate', undefined));
      times.compile.push(await checker.ask('compile', undefined));
    }
    const [checkMs, compileMs, libxml2Ms] = [times.check, times.compile, times.libxml2].map((each) =>
      median(each.slice(1)),
    );
    return {
      documents,
      checkMs: checkMs ?? Number.NaN,
      compileMs: compileMs ?? Number.NaN,
      libxml2Ms: libxml2Ms ?? Number.NaN,
      checkToLibxml2: (checkMs ?? Number.NaN) / (libxml2Ms ?? Number.NaN),
      mapwright: processUse(checker.pid),
      libxml2: processUse(validator.pid),
    };
  } finally {
    await Promise.all([checker.end(), validator.end()]);
  }
}

function render(facts: CheckFacts): string {
  const row = (title: string, ms: number, ratio: number | undefined, use: ProcessUse | undefined): string[] => [
    title,
    digits(ms, 1),
    digits((facts.documents / ms) * 1_000, 0),
    digits(ratio, 2),
    digits(use === undefined ? undefined : use.peakBytes / 1_048_576, 0),
  ];
  return textTable(COLUMNS, [
    row(`Mapwright, check of ${facts.documents}`, facts.checkMs, facts.checkToLibxml2, facts.mapwright),
    row('  of which catalog compile', facts.compileMs, undefined, undefined),
    row('libxml2, parse and validate', facts.libxml2Ms, 1, facts.libxml2),
  ]);
}
