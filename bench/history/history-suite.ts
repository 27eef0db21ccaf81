import { join } from 'node:path';
import { databasesOption } from '../bystander/databases-option.ts';
import { median } from '../measure/percentile.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, type SuiteParams, countOption } from '../suite.ts';
import { type DatabaseName, type FilledPlace, fillPlace } from './filled-places.ts';
import { HISTORY_QUESTIONS } from './history-questions.ts';

/** The middle of the times to answer a question, in milliseconds. */
interface QuestionFacts {
  readonly name: string;
  /** Found in the small history and in the large one: where they differ, the ratio says little. */
  readonly rows: readonly [few: number, many: number];
  readonly fewMs: number;
  readonly manyMs: number;
  readonly ratio: number;
}

interface DatabaseFacts {
  readonly database: DatabaseName;
  readonly fillSeconds: number;
  /** From opening the install to the first claim. */
  readonly start: QuestionFacts;
  readonly questions: readonly QuestionFacts[];
  /** Runs of four steps in a second; not measured on PostgreSQL, where the suite `journal` does. */
  readonly work?: { readonly empty: number; readonly many: number; readonly ratio: number };
}

const COLUMNS: readonly Column[] = [
  ['question', 34, 'left'],
  ['rows', 9],
  ['few, ms', 12],
  ['many, ms', 12],
  ['ratio', 10],
];
const WORKERS = 50;
const MOST_MS = 1_000;

/** What a large history costs those who look at it, and those who add to it. */
export const historySuite: Suite = {
  name: 'history',
  about: 'pages, counts and new runs with a million finished runs in the tables, against a thousand or none',
  options: [
    { name: 'many-finished', value: 'N', about: 'runs of the large history', default: '1000000', quick: '4000' },
    { name: 'few-finished', value: 'N', about: 'runs of the small one', default: '1000', quick: '500' },
    { name: 'history-rounds', value: 'N', about: 'rounds', default: '5', quick: '1' },
    { name: 'history-asks', value: 'N', about: 'times each question is asked in a round', default: '40', quick: '3' },
    { name: 'history-runs', value: 'N', about: 'new runs in a round', default: '5000', quick: '100' },
    {
      name: 'history-on',
      value: 'LIST',
      about: 'databases: sqlite, postgres',
      default: 'sqlite,postgres',
      quick: 'sqlite,postgres',
    },
  ],
  async run(params) {
    const facts: DatabaseFacts[] = [];
    for (const database of databasesOption(params, 'history-on')) facts.push(await measure(database, params));
    return { facts, text: facts.map(render).join('\n\n') };
  },
};

async function measure(database: DatabaseName, params: SuiteParams): Promise<DatabaseFacts> {
  const startedAt = performance.now();
  const fill = (name: string, runs: number): Promise<FilledPlace> => {
    params.progress(`history: filling ${database} with ${runs} runs`);
    return fillPlace(database, join(params.folder, `${database}-${name}`), runs);
  };
  const few = await fill('few', countOption(params, 'few-finished', 300));
  const many = await fill('many', countOption(params, 'many-finished', 300));
  const fillSeconds = (performance.now() - startedAt) / 1_000;
  const asked = await askBoth({ few, many, params, label: database });
  if (database === 'postgres') return { database, fillSeconds, ...asked };
  return { database, fillSeconds, ...asked, work: await workBoth({ empty: await fill('empty', 0), many, params }) };
}

async function askBoth({
  few,
  many,
  params,
  label,
}: {
  readonly few: FilledPlace;
  readonly many: FilledPlace;
  readonly params: SuiteParams;
  readonly label: string;
}): Promise<Pick<DatabaseFacts, 'start' | 'questions'>> {
  const times = countOption(params, 'history-asks');
  const samples = HISTORY_QUESTIONS.map(() => ({
    few: new Array<number>(),
    many: new Array<number>(),
    rows: [0, 0] as [number, number],
  }));
  const starts = { few: new Array<number>(), many: new Array<number>() };
  for (let round = 0; round < countOption(params, 'history-rounds'); round++) {
    params.progress(`history: ${label}, round ${round + 1}`);
    const subjects = { few: new BenchProcess('history'), many: new BenchProcess('history') };
    try {
      starts.few.push(await subjects.few.ask('open', few));
      starts.many.push(await subjects.many.ask('open', many));
      for (const [question, sample] of samples.entries()) {
        for (const which of ['few', 'many'] as const) {
          const { latenciesMs, found } = await subjects[which].ask('ask', { question, times, mostMs: MOST_MS });
          sample[which].push(...latenciesMs);
          sample.rows[which === 'few' ? 0 : 1] = Number(found[0]);
        }
      }
    } finally {
      for (const subject of Object.values(subjects)) await subject.ask('close', undefined).finally(() => subject.end());
    }
  }
  return {
    start: factsOf('start', starts.few, { many: starts.many, rows: [0, 0] }),
    questions: samples.map((sample, index) => factsOf(HISTORY_QUESTIONS[index]?.name ?? '', sample.few, sample)),
  };
}

function factsOf(
  name: string,
  few: readonly number[],
  { many, rows }: { readonly many: readonly number[]; readonly rows: readonly [few: number, many: number] },
): QuestionFacts {
  const [fewMs, manyMs] = [median(few), median(many)];
  return { name, rows, fewMs, manyMs, ratio: manyMs / fewMs };
}

/** Both installs grow by what is worked off; a few thousand runs more are nothing among a million. */
async function workBoth({
  empty,
  many,
  params,
}: {
  readonly empty: FilledPlace;
  readonly many: FilledPlace;
  readonly params: SuiteParams;
}): Promise<NonNullable<DatabaseFacts['work']>> {
  const work = { count: countOption(params, 'history-runs'), capacity: WORKERS };
  const subjects = { empty: new BenchProcess('history'), many: new BenchProcess('history') };
  const speeds = { empty: new Array<number>(), many: new Array<number>() };
  try {
    await subjects.empty.ask('open', empty);
    await subjects.many.ask('open', many);
    for (let round = 0; round < countOption(params, 'history-rounds'); round++) {
      params.progress(`history: new runs, round ${round + 1}`);
      for (const which of ['empty', 'many'] as const) speeds[which].push(await subjects[which].ask('work', work));
    }
  } finally {
    for (const subject of Object.values(subjects)) await subject.ask('close', undefined).finally(() => subject.end());
  }
  const [alone, among] = [median(speeds.empty), median(speeds.many)];
  return { empty: alone, many: among, ratio: among / alone };
}

function render({ database, fillSeconds, start, questions, work }: DatabaseFacts): string {
  const rows = [start, ...questions].map(({ name, rows: found, fewMs, manyMs, ratio }) => [
    name,
    found[0] === found[1] ? String(found[0]) : `${found[0]}/${found[1]}`,
    digits(fewMs, 2),
    digits(manyMs, 2),
    digits(ratio, 2),
  ]);
  const lines = [`${database}, filled in ${digits(fillSeconds, 0)} s`, textTable(COLUMNS, rows)];
  if (work === undefined) return lines.join('\n');
  const { empty, many, ratio } = work;
  return [
    ...lines,
    `new runs/s: ${digits(empty, 0)} empty, ${digits(many, 0)} many, ratio ${digits(ratio, 2)} (goal 0.9)`,
  ].join('\n');
}
