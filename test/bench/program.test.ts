import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../../bench/command-line.ts';
import { UsageError } from '../../bench/suite.ts';

const PROGRAM = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));

async function bench(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  return { code: await promise, out, err };
}

interface ChainsFacts {
  readonly chains: {
    readonly races: readonly {
      readonly entrants: readonly { readonly name: string; readonly chainsPerSecond: number }[];
      readonly ratios: Readonly<Record<string, number | null>>;
    }[];
  };
}

test('chains of every entrant reach the peer, and the facts are one JSON value', async () => {
  const counts = ['--chains', '6', '--warm-up', '2', '--rounds', '1', '--two-installs', '0'];
  const { code, out, err } = await bench('chains', '--json', '--at-once', '3/2', '--delays', '0', ...counts);
  assert.equal(code, 0, err);
  const [race] = (JSON.parse(out) as ChainsFacts).chains.races;
  const names = race?.entrants.map(({ name }) => name);
  assert.deepEqual(names, ['engine', 'bare', 'drain', 'raw', 'raw+sqlite', 'http', 'handler']);
  for (const { name, chainsPerSecond } of race?.entrants ?? []) assert.ok(chainsPerSecond > 0, name);
  for (const [name, ratio] of Object.entries(race?.ratios ?? {})) assert.equal(typeof ratio, 'number', name);
});

test('calls through the library and as runs are compared with calls by hand', async () => {
  const counts = ['--calls', '12', '--call-warm-up', '3', '--call-rounds', '1', '--calls-at-once', '4'];
  const { code, out, err } = await bench('calls', '--quick', '--json', '--call-delays', '0', ...counts);
  assert.equal(code, 0, err);
  const { calls } = JSON.parse(out) as {
    calls: readonly {
      callers: readonly { name: string; callsPerSecond: number }[];
      ratios: Readonly<Record<string, Readonly<Record<string, number>>>>;
    }[];
  };
  const names = calls[0]?.callers.map(({ name }) => name);
  assert.deepEqual(names, ['undici', 'api-key', 'oauth2', 'run', 'run-oauth2']);
  for (const { name, callsPerSecond } of calls[0]?.callers ?? []) {
    assert.ok(callsPerSecond > 0, name);
    for (const ratio of Object.values(calls[0]?.ratios[name] ?? {})) assert.equal(typeof ratio, 'number', name);
  }
});

test('documents and expressions are compared with what gives the same', async () => {
  const counts = ['--documents', '17', '--check-rounds', '1', '--expression-rounds', '1', '--expression-ms', '5'];
  const { code, out, err } = await bench('check', 'expressions', '--json', ...counts);
  assert.equal(code, 0, err);
  const facts = JSON.parse(out) as { check: { documents: number }; expressions: readonly { ratio: number }[] };
  assert.equal(facts.check.documents, 17);
  for (const { ratio } of facts.expressions) assert.ok(ratio > 0);
});

test('the query language finds what prepared SQL finds', async () => {
  const { code, out, err } = await bench('query', '--records', '2000', '--asks', '2', '--json');
  assert.equal(code, 0, err);
  const facts = JSON.parse(out) as { query: { questions: readonly { rows: number; crmToSql: number }[] } };
  for (const { rows, crmToSql } of facts.query.questions) assert.ok(rows > 0 && crmToSql > 0);
});

test('two processes write runs on one PostgreSQL server', async () => {
  const counts = ['--runs', '30', '--journal-rounds', '1', '--finished', '200'];
  const { code, out, err } = await bench('journal', '--json', ...counts);
  assert.equal(code, 0, err);
  const facts = JSON.parse(out) as { journal: readonly { name: string; runsPerSecond: number }[] };
  assert.equal(facts.journal.length, 3);
  for (const { name, runsPerSecond } of facts.journal) assert.ok(runsPerSecond > 0, name);
});

test('runs go through the engine, by several processes, and without calls kept', async () => {
  const counts = [
    '--engine-runs',
    '20',
    '--engine-warm-up',
    '5',
    '--engine-rounds',
    '1',
    '--engine-subjects',
    '2,8,10',
  ];
  const { code, out, err } = await bench('engine', '--json', ...counts);
  assert.equal(code, 0, err);
  const { engine } = JSON.parse(out) as {
    engine: readonly { nodes: number; keepCalls: string; runsPerSecond: number }[];
  };
  assert.deepEqual(
    engine.map(({ nodes, keepCalls }) => [nodes, keepCalls]),
    [
      [2, 'full'],
      [2, 'none'],
      [1, 'none'],
    ],
  );
  for (const { runsPerSecond } of engine) assert.ok(runsPerSecond > 0);
});

test('histories of two sizes are asked the same, and grow', async () => {
  const counts = ['--many-finished', '900', '--few-finished', '300', '--history-rounds', '1', '--history-asks', '1'];
  const { code, out, err } = await bench('history', '--json', '--history-runs', '10', ...counts);
  assert.equal(code, 0, err);
  const { history } = JSON.parse(out) as {
    history: readonly {
      database: string;
      questions: readonly { name: string; rows: readonly number[]; ratio: number }[];
      work?: { empty: number; many: number };
    }[];
  };
  assert.deepEqual(
    history.map(({ database }) => database),
    ['sqlite', 'postgres'],
  );
  for (const { questions, work } of history) {
    assert.ok(questions.some(({ rows }) => rows[0] === 20 && rows[1] === 20));
    for (const { name, ratio } of questions) assert.ok(ratio > 0, name);
    if (work !== undefined) assert.ok(work.empty > 0 && work.many > 0);
  }
});

test('a wrong command line is told, and nothing is measured', async () => {
  for (const args of [['nothing'], ['check', '--records', '5'], ['--what'], ['chains', '--rounds']]) {
    assert.throws(() => readCommandLine(args), UsageError, args.join(' '));
  }
  for (const args of [
    ['chains', '--at-once', 'many'],
    ['check', '--documents', '0'],
  ]) {
    const { code, out } = await bench(...args);
    assert.deepEqual({ code, out }, { code: 2, out: '' }, args.join(' '));
  }
});

test('tells what a process holds after many runs', async () => {
  const { code, out, err } = await bench('memory', '--few-runs', '40', '--many-runs', '80', '--json');
  assert.equal(code, 0, err);
  const { memory } = JSON.parse(out);
  assert.equal(memory.manyRuns, 80);
  assert.ok(memory.afterMany.residentBytes > 0 && memory.heapRatio > 0);
});

test('without names all suites are run, and each option has its default', () => {
  const read = readCommandLine(['--quick', '--chains', '7']);
  assert.ok(!('help' in read));
  assert.deepEqual(
    read.suites.map(({ name }) => name),
    [
      'chains',
      'calls',
      'saves',
      'creates',
      'check',
      'expressions',
      'query',
      'history',
      'journal',
      'engine',
      'idle',
      'waiting',
      'hostile',
      'memory',
      'files',
    ],
  );
  assert.equal(read.option('chains'), '7');
  for (const { options } of read.suites)
    for (const { name, quick } of options) if (name !== 'chains') assert.equal(read.option(name), quick);
});

test('runs beside a crowd are compared with runs alone, and with chance', async () => {
  const hostile = ['--hostile-rounds', '1', '--hostile-ms', '150', '--orders', '1'];
  const waiting = ['--waiting-rounds', '1', '--waiting-ms', '100', '--parked', '5', '--waiting-databases', 'sqlite'];
  const { code, out, err } = await bench('hostile', 'waiting', '--json', ...hostile, ...waiting);
  assert.equal(code, 0, err);
  interface Contest {
    readonly subjects: readonly { readonly samples: number; readonly crowdCalls: number }[];
  }
  const facts = JSON.parse(out) as { hostile: readonly Contest[]; waiting: readonly Contest[] };
  const [[race], [park]] = [facts.hostile, facts.waiting];
  assert.deepEqual([race?.subjects.length, park?.subjects.length], [4, 3]);
  for (const { samples } of [...(race?.subjects ?? []), ...(park?.subjects ?? [])]) assert.ok(samples > 0);
  assert.ok((race?.subjects[3]?.crowdCalls ?? 0) > 0, 'nobody called the hostile peer');
  assert.equal(park?.subjects[2]?.crowdCalls, 0);
});
