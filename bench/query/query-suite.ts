import { join } from 'node:path';
import { median } from '../measure/percentile.ts';
import { processUse } from '../measure/process-use.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { type Suite, countOption } from '../suite.ts';
import { type Askers, openAskers } from './askers.ts';
import { prepareFilled } from './filled-install.ts';
import type { Asking } from './question-round.ts';
import { type Question, questionsOf } from './questions.ts';

/** The middle of the times to answer one question, in milliseconds. */
interface QuestionFacts {
  readonly title: string;
  readonly text: string;
  readonly rows: number;
  readonly crmMs: number;
  readonly webserviceMs: number;
  readonly sqlMs: number;
  /** With the number of rows without the limit, as every answer of the query language has it. */
  readonly sqlAndTotalMs: number;
  readonly crmToSql: number;
  readonly crmToSqlAndTotal: number;
}

interface QueryFacts {
  readonly records: number;
  readonly questions: readonly QuestionFacts[];
  /** The most memory of each process, in bytes. */
  readonly peakBytes: { readonly crm: number; readonly webservice: number; readonly sql: number };
}

const ROUNDS = 3;

/** The query language on one large module, against prepared statements on the same file. */
export const querySuite: Suite = {
  name: 'query',
  about: 'the query language, in process and over webservice.php, against prepared SQL on the same table',
  options: [
    { name: 'records', value: 'N', about: 'records of the module', default: '1000000', quick: '20000' },
    { name: 'asks', value: 'N', about: 'times each question is asked in a round', default: '50', quick: '10' },
    { name: 'ask-ms', value: 'N', about: 'and for how long at most, in ms', default: '1500', quick: '300' },
  ],
  async run(params) {
    const [records, times, mostMs] = ['records', 'asks', 'ask-ms'].map((name) => countOption(params, name));
    params.progress(`query: filling a table with ${records} records`);
    const library = await prepareFilled(join(params.folder, 'library'), records ?? 1);
    const served = await prepareFilled(join(params.folder, 'served'), records ?? 1);
    const facts: QuestionFacts[] = [];
    const askers = await openAskers({ library, served }, records ?? 1);
    try {
      for (const [index, question] of questionsOf(records ?? 1).entries()) {
        params.progress(`query: ${question.title}`);
        facts.push(await compare(question, askers, { question: index, times: times ?? 1, mostMs: mostMs ?? 1 }));
      }
      const [crm, webservice, sql] = askers.pids.map((pid) => processUse(pid).peakBytes);
      const peakBytes = { crm: crm ?? Number.NaN, webservice: webservice ?? Number.NaN, sql: sql ?? Number.NaN };
      const all: QueryFacts = { records: records ?? 1, questions: facts, peakBytes };
      return { facts: all, text: render(all) };
    } finally {
      await askers.close();
    }
  },
};

/** All take turns. Rejects when they do not find the same. */
async function compare(
  { title, text }: Question,
  askers: Askers,
  params: Parameters<Askers['crm']>[0],
): Promise<QuestionFacts> {
  const ways = [askers.crm, askers.webservice, askers.sql, askers.sqlAndTotal] as const;
  const times = ways.map(() => new Array<number>());
  let first: Asking | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, ask] of ways.entries()) {
      const asking = await ask(params);
      first ??= asking;
      if (asking.found.join() !== first.found.join()) throw new Error(`${title}: the answers differ`);
      times[index]?.push(...asking.latenciesMs);
    }
  }
  const [crmMs = Number.NaN, webserviceMs = Number.NaN, sqlMs = Number.NaN, sqlAndTotalMs = Number.NaN] =
    times.map(median);
  const rows = first?.found.length ?? 0;
  const ratios = { crmToSql: crmMs / sqlMs, crmToSqlAndTotal: crmMs / sqlAndTotalMs };
  return { title, text, rows, crmMs, webserviceMs, sqlMs, sqlAndTotalMs, ...ratios };
}

const COLUMNS: readonly Column[] = [
  ['query, p50 in ms', 28, 'left'],
  ['rows', 6],
  ['crm', 10],
  ['webservice', 12],
  ['SQL', 10],
  ['SQL+total', 11],
  ['crm/SQL', 10],
  ['crm/SQL+total', 15],
];

function render({ questions, records, peakBytes }: QueryFacts): string {
  const rows = questions.map((one) => [
    one.title,
    String(one.rows),
    digits(one.crmMs, 2),
    digits(one.webserviceMs, 2),
    digits(one.sqlMs, 2),
    digits(one.sqlAndTotalMs, 2),
    digits(one.crmToSql, 2),
    digits(one.crmToSqlAndTotal, 2),
  ]);
  const [crm, webservice, sql] = [peakBytes.crm, peakBytes.webservice, peakBytes.sql].map((bytes) =>
    digits(bytes / 1_048_576, 0),
  );
  return [
    textTable(COLUMNS, rows),
    `${records} records; peak memory in MB: crm ${crm}, webservice ${webservice}, SQL ${sql}`,
  ].join('\n');
}
