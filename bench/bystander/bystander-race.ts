import { join } from 'node:path';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { prepareInstall } from '../../tools/stage/prepared-install.ts';
import { percentile } from '../measure/percentile.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess } from '../process/child-process.ts';
import { OTHER_DOCUMENTS } from '../save/documents.ts';
import { startHealthyPeer } from '../save/peers.ts';
import type { SuiteResult } from '../suite.ts';

/** What is done to one of two installs that are otherwise alike. */
export interface Trouble {
  readonly title: string;
  readonly documents: readonly SourceFile[];
  /** Before the rounds. */
  prepare(subject: BenchProcess<'bystander'>): Promise<void>;
  /** Orders made as each round begins. */
  readonly ordersPerRound: number;
}

export interface RaceParams {
  readonly folder: string;
  readonly saves: number;
  readonly rounds: number;
  readonly progress: (line: string) => void;
}

interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

const COLUMNS: readonly Column[] = [
  ['save to end of run, ms', 34, 'left'],
  ['p50', 12],
  ['p99', 12],
];

/** Two installs take turns, one of them in trouble; what counts is what the other runs of that one feel of it. */
export async function raceBystanders(trouble: Trouble, params: RaceParams): Promise<SuiteResult> {
  const { folder, saves, rounds, progress } = params;
  const [hostile, healthy] = [new BenchProcess('hostile-peer'), await startHealthyPeer()];
  const subjects = { calm: new BenchProcess('bystander'), troubled: new BenchProcess('bystander') };
  const samples: Record<'calm' | 'troubled', number[]> = { calm: [], troubled: [] };
  try {
    const port = await hostile.ask('port', undefined);
    const settings = {
      'egress.allow': '127.0.0.1:*',
      warehouse_url: healthy.url,
      hostile_url: `http://127.0.0.1:${port}`,
      tls_url: `https://127.0.0.1:${port}`,
    };
    for (const name of ['calm', 'troubled'] as const) {
      const own = { folder: join(folder, name), settings, documents: [...OTHER_DOCUMENTS, ...trouble.documents] };
      await prepareInstall(own);
      await subjects[name].ask('open', { folder: own.folder });
      await subjects[name].ask('round', { saves: 50 });
    }
    await trouble.prepare(subjects.troubled);
    for (let round = 1; round <= rounds; round++) {
      for (const name of ['calm', 'troubled'] as const) {
        if (name === 'troubled') await subjects[name].ask('trouble', { orders: trouble.ordersPerRound });
        samples[name].push(...(await subjects[name].ask('round', { saves })));
      }
      progress(`${trouble.title}: round ${round} of ${rounds}`);
    }
    const facts = { calm: latencies(samples.calm), troubled: latencies(samples.troubled) };
    return { facts: { ...facts, p99Ratio: facts.troubled.p99 / facts.calm.p99 }, text: render(trouble.title, facts) };
  } finally {
    await Promise.all([...Object.values(subjects).map((one) => one.end()), hostile.end(), healthy.close()]);
  }
}

function latencies(samples: readonly number[]): Latencies {
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
}

function render(title: string, { calm, troubled }: { readonly calm: Latencies; readonly troubled: Latencies }): string {
  const row = (name: string, { p50, p99 }: Latencies): string[] => [name, digits(p50, 2), digits(p99, 2)];
  const ratio = { p50: troubled.p50 / calm.p50, p99: troubled.p99 / calm.p99 };
  return textTable(COLUMNS, [row('alone', calm), row(title, troubled), row('ratio (goal p99 <= 1.1)', ratio)]);
}
