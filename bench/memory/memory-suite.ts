import { prepareInstall, syncSettings } from '../../tools/stage/prepared-install.ts';
import { ACCESS_KEY } from '../chains/peer.ts';
import { documentsUnder } from '../chains/service-limit.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, type SuiteParams, countOption } from '../suite.ts';
import type { MemoryUse } from './memory-subject.ts';

interface MemoryFacts {
  readonly fewRuns: number;
  readonly manyRuns: number;
  readonly afterFew: MemoryUse;
  readonly afterMany: MemoryUse;
  /** Goal: 1.3 at most. */
  readonly residentRatio: number;
  readonly heapRatio: number;
}

const COLUMNS: readonly Column[] = [
  ['memory of a process', 28, 'left'],
  ['runs', 12],
  ['objects, MB', 16],
  ['resident, MB', 16],
];

/** How often the peer is asked what it saw: it keeps that until then. */
const RUNS_AT_A_TIME = 1_000;

/** Whether runs leave something behind in the memory of the process that makes them. */
export const memorySuite: Suite = {
  name: 'memory',
  about: 'what a process holds after many runs, against what it held after few',
  options: [
    { name: 'few-runs', value: 'N', about: 'chains before the first look', default: '1000', quick: '100' },
    { name: 'many-runs', value: 'N', about: 'chains before the second', default: '100000', quick: '300' },
  ],
  async run(params) {
    const facts = await measure(params);
    return { facts, text: render(facts) };
  },
};

async function measure(params: SuiteParams): Promise<MemoryFacts> {
  const fewRuns = countOption(params, 'few-runs');
  const manyRuns = countOption(params, 'many-runs', fewRuns + 1);
  const peer = new BenchProcess('peer');
  const subject = new BenchProcess('memory', { nodeOptions: ['--expose-gc'] });
  try {
    const url = await peer.ask('url', undefined);
    const documents = await documentsUnder(32);
    const { folder } = params;
    await prepareInstall({ folder, documents, ...syncSettings({ url, accessKey: ACCESS_KEY }) });
    await subject.ask('open', { folder });
    const makeUpTo = async (from: number, to: number): Promise<MemoryUse> => {
      for (let total = from; total < to;) {
        total = Math.min(to, total + RUNS_AT_A_TIME);
        await subject.ask('makeUpTo', { total });
        const { refused } = await peer.ask('facts', undefined);
        if (refused[0] !== undefined) throw new Error(`the peer refused: ${refused[0]}`);
        if (total % 10_000 === 0) params.progress(`memory: ${total} of ${manyRuns} runs`);
      }
      return subject.ask('use', undefined);
    };
    const afterFew = await makeUpTo(0, fewRuns);
    const afterMany = await makeUpTo(fewRuns, manyRuns);
    await subject.ask('close', undefined);
    return {
      fewRuns,
      manyRuns,
      afterFew,
      afterMany,
      residentRatio: afterMany.residentBytes / afterFew.residentBytes,
      heapRatio: afterMany.heapBytes / afterFew.heapBytes,
    };
  } finally {
    await Promise.all([peer.end(), subject.end()]);
  }
}

function render(facts: MemoryFacts): string {
  const row = (runs: number, { heapBytes, residentBytes }: MemoryUse): string[] => [
    'after',
    String(runs),
    digits(heapBytes / 1_048_576, 1),
    digits(residentBytes / 1_048_576, 1),
  ];
  const rows = [row(facts.fewRuns, facts.afterFew), row(facts.manyRuns, facts.afterMany)];
  const ratios = ['ratio (goal <= 1.3)', '', digits(facts.heapRatio, 2), digits(facts.residentRatio, 2)];
  return textTable(COLUMNS, [...rows, ratios]);
}
