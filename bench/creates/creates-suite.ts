import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'undici';
import { prepareInstall, syncDocuments } from '../../tools/stage/prepared-install.ts';
import { startServer, untilReady } from '../../tools/stage/server-process.ts';
import { closedLoop } from '../chains/closed-loop.ts';
import { PeerClient, type WireValues } from '../chains/peer-client.ts';
import { median, percentile } from '../measure/percentile.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, countOption } from '../suite.ts';

/** One server under creates. */
interface Maker {
  readonly title: string;
  /** Creates one product; gives its id. */
  readonly create: (element: WireValues) => Promise<string>;
  readonly rates: number[];
  readonly latenciesMs: number[];
}

const ROUNDS = 5;

/** Creates through webservice.php, with history, against a handler that inserts one row. */
export const createsSuite: Suite = {
  name: 'creates',
  about: 'creates over webservice.php, with history, against a bare Hono and better-sqlite3 handler inserting a row',
  options: [
    { name: 'creates', value: 'N', about: 'creates in a round', default: '2000', quick: '300' },
    { name: 'clients', value: 'N', about: 'creates at once', default: '16', quick: '16' },
  ],
  async run(params) {
    const creates = countOption(params, 'creates');
    const atOnce = countOption(params, 'clients');
    const bareFolder = join(params.folder, 'bare');
    await mkdir(bareFolder);
    const bare = new BenchProcess('bare-server');
    const install = await prepareServed(join(params.folder, 'served'));
    const server = startServer(install);
    const client = new PeerClient({ ...install, connections: atOnce });
    const pool = new Pool(await bare.ask('open', { folder: bareFolder }), { connections: atOnce, pipelining: 1 });
    try {
      await untilReady(server);
      const session = await client.open();
      const makers: readonly Maker[] = [
        makerOf('bare handler', (element) => postBare(pool, element)),
        makerOf('webservice.php', async (element) => {
          return (await client.create(session, element, { identified: false })).id ?? '';
        }),
        makerOf('with an identifier', async (element) => (await client.create(session, element)).id ?? ''),
      ];
      for (let round = 0; round <= ROUNDS; round++) {
        params.progress(`creates: round ${round} of ${ROUNDS}`);
        for (const maker of makers) await race(maker, { round, creates, atOnce });
      }
      const kept = await bare.ask('rows', undefined);
      if (kept !== creates * (ROUNDS + 1)) throw new Error(`the bare handler kept ${kept} rows`);
      return report(makers);
    } finally {
      await Promise.all([client.close(), pool.close()]);
      await Promise.all([bare.end(), server.stop()]);
    }
  },
};

async function prepareServed(folder: string) {
  const documents = (await syncDocuments('5s')).filter(({ file }) => file === 'Products.xml');
  return prepareInstall({ folder, documents });
}

function makerOf(title: string, create: Maker['create']): Maker {
  return { title, create, rates: [], latenciesMs: [] };
}

async function postBare(pool: Pool, element: WireValues): Promise<string> {
  const answer = await pool.request({
    method: 'POST',
    path: '/products',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(element),
  });
  const { id = '' } = (await answer.body.json()) as WireValues;
  return id;
}

/** The first round warms up and does not count. Rejects when an id comes twice. */
async function race(
  maker: Maker,
  { round, creates, atOnce }: { readonly round: number; readonly creates: number; readonly atOnce: number },
): Promise<void> {
  const ids = new Set<string>();
  const items = Array.from({ length: creates }, (_, n) => ({
    productname: `Product ${round}-${n}`,
    serial_no: `SN-${round}-${n}`,
    unit_price: String(n % 1000),
  }));
  const { seconds, latenciesMs } = await closedLoop({
    items,
    atOnce,
    work: async (item) => void ids.add(await maker.create(item)),
  });
  if (ids.size !== creates) throw new Error(`${maker.title}: ${ids.size} ids for ${creates} creates`);
  if (round === 0) return;
  maker.rates.push(creates / seconds);
  maker.latenciesMs.push(...latenciesMs);
}

const COLUMNS: readonly Column[] = [
  ['creates', 20, 'left'],
  ['per second', 12],
  ['p50 ms', 10],
  ['p99 ms', 10],
  ['ratio', 10],
];

function report(makers: readonly Maker[]) {
  const base = median(makers[0]?.rates ?? []);
  const facts = makers.map(({ title, rates, latenciesMs }) => ({
    title,
    perSecond: median(rates),
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    ratio: median(rates) / base,
  }));
  const rows = facts.map(({ title, perSecond, p50Ms, p99Ms, ratio }) => [
    title,
    digits(perSecond, 0),
    digits(p50Ms, 2),
    digits(p99Ms, 2),
    digits(ratio, 2),
  ]);
  return { facts, text: textTable(COLUMNS, rows) };
}
