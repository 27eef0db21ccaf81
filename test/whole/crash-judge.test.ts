import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Store } from '../../src/store/store.ts';
import { type Row, sqliteInstalls } from '../../tools/crash-points/crash-database.ts';
import type { CrashEvidence, Tables } from '../../tools/crash-points/crash-evidence.ts';
import { type PROMISES, judgeCrash } from '../../tools/crash-points/crash-judge.ts';
import { type CalmLife, CrashStage } from '../../tools/crash-points/crash-run.ts';
import { requireScenario } from '../../tools/crash-points/scenarios.ts';

const scenario = requireScenario('tasks');

/** Rows of one table changed, whatever else is as it was. */
function changed(tables: Tables, table: string, change: (rows: readonly Row[]) => readonly Row[]): Tables {
  const rows = tables[table] ?? [];
  assert.notEqual(rows.length, 0, `there are no ${table}`);
  return { ...tables, [table]: change(rows) };
}

const atEnd = (evidence: CrashEvidence, table: string, change: (rows: readonly Row[]) => readonly Row[]) => ({
  ...evidence,
  atEnd: changed(evidence.atEnd, table, change),
});

const without = (index: number) => (rows: readonly Row[]) => rows.toSpliced(index, 1);
const twice = (rows: readonly Row[]) => [...rows, ...rows.slice(-1)];

/** One row with other values. */
const other = (is: (row: Row) => boolean, values: Row) => (rows: readonly Row[]) => {
  const index = rows.findIndex(is);
  assert.notEqual(index, -1, 'there is no such row');
  return rows.map((row, at) => (at === index ? { ...row, ...values } : row));
};

type Mutation = (evidence: CrashEvidence) => CrashEvidence;

/** Ways in which each promise could be broken. */
const BROKEN: Readonly<Record<keyof typeof PROMISES, Readonly<Record<string, Mutation>>>> = {
  'nothing accepted is lost': {
    'a run': (seen) => atEnd(seen, 'runs', without(0)),
    'a record': (seen) => atEnd(seen, 'm_Jobs', without(0)),
    'what a record says': (seen) =>
      atEnd(
        seen,
        'm_Orders',
        other(() => true, { f_status: 'new' }),
      ),
    'what somebody was told': (seen) => atEnd(seen, 'notifications', without(0)),
    'the end of a run': (seen) =>
      atEnd(
        seen,
        'runs',
        other(() => true, { status: 'running', wait_for: 'person' }),
      ),
    'an answer': (seen) => ({ ...seen, answered: seen.answered.slice(1) }),
  },
  'nothing is done twice': {
    'a run': (seen) => atEnd(seen, 'runs', twice),
    'a record': (seen) => atEnd(seen, 'm_Contacts', twice),
    'a notice': (seen) => atEnd(seen, 'notifications', twice),
  },
  'no committed step is repeated or changed': {
    'another answer': (seen) =>
      atEnd(
        seen,
        'steps',
        other(({ status }) => status === 'done', { answer: 'another' }),
      ),
    'another try': (seen) =>
      atEnd(
        seen,
        'steps',
        other(({ status }) => status === 'done', { attempt: 2 }),
      ),
    'a step of the same task': (seen) =>
      atEnd(seen, 'steps', (rows) => [
        ...rows,
        ...rows.filter(({ task }) => task === 'send').map((row) => ({ ...row, number: 99 })),
      ]),
    'a step that is gone': (seen) => atEnd(seen, 'steps', without(1)),
  },
  'a task writes each record once, and no write is left out': {
    'a write again': (seen) =>
      atEnd(
        seen,
        'record_history',
        other(({ run }) => run !== null, { version: 1 }),
      ),
    'a write that is gone': (seen) => atEnd(seen, 'record_history', without(0)),
  },
  'the runs of a lane go one after another': {
    'the change before the order': (seen) =>
      atEnd(
        seen,
        'runs',
        other(({ workflow }) => workflow === 'order-changed', { started_at: 1 }),
      ),
  },
  'a call is sent again only when nobody knows what it did': {
    'two calls again': (seen) => ({
      ...seen,
      hasCrashed: true,
      after: seen.before.filter(({ path }) => path !== '/session'),
    }),
    'a call that was settled': (seen) => ({ ...seen, hasCrashed: true, after: seen.before.slice(1, 2) }),
    'a call twice by one process': (seen) => ({ ...seen, before: [...seen.before, ...seen.before] }),
    'a call that was never made': (seen) => ({
      ...seen,
      before: seen.before.filter(({ path }) => path !== '/changes'),
    }),
  },
  'each step has a key of its own': {
    'the request of another step': (seen) =>
      atEnd(seen, 'steps', (rows) => {
        const sent = rows.find(({ task }) => task === 'send') ?? assert.fail();
        return rows.map((row) => (row['task'] === 'close' ? { ...row, request: sent['request'] } : row));
      }),
  },
  'the database is whole': { 'a damaged page': (seen) => ({ ...seen, damage: ['page 7'] }) },
  'no process fails': { 'a fault': (seen) => ({ ...seen, faults: ['it ended: out of memory'] }) },
  'what the scenario itself promises': {
    'its own judgement': (seen) => ({ ...seen, damage: ['seen by the scenario'] }),
  },
};

/** Stores that do not what they should. */
const SABOTAGE: Readonly<Record<string, readonly [broken: string, (store: Store) => Store]>> = {
  'answers a save and forgets its runs': [
    'nothing accepted is lost',
    ({ records, ...store }) => ({
      ...store,
      records: bound(records, { commit: (unit) => records.commit({ ...unit, runs: [] }) }),
    }),
  ],
  'tells people twice': [
    'nothing is done twice',
    ({ journal, ...store }) => ({
      ...store,
      journal: bound(journal, {
        settle: (lease, settlement) => {
          const { unit } = settlement;
          const notices = [...(unit.notices ?? []), ...(unit.notices ?? [])];
          return journal.settle(lease, { ...settlement, unit: { ...unit, notices } });
        },
      }),
    }),
  ],
};

/** The part, but for some of its methods. */
function bound<T extends object>(part: T, methods: Partial<T>): T {
  return new Proxy(part, {
    get(target, key) {
      const own: unknown = Reflect.get(methods, key);
      const member: unknown = own ?? Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(own === undefined ? target : methods) : member;
    },
  });
}

describe('the judge of crashes', () => {
  let stage: CrashStage;
  let calm: CalmLife;
  before(async () => {
    stage = await CrashStage.open(sqliteInstalls());
    calm = await stage.calm(scenario);
  });
  after(() => stage.close());

  const judged = { ...scenario, judge: ({ damage }: CrashEvidence) => damage };

  it('finds nothing wrong with a life without a crash', () => {
    assert.deepEqual(judgeCrash({ scenario: judged, evidence: calm.evidence, reference: calm }), []);
  });

  for (const [promise, mutations] of Object.entries(BROKEN)) {
    for (const [what, mutate] of Object.entries(mutations)) {
      it(`sees that this is broken: ${promise}, by ${what}`, () => {
        const broken = judgeCrash({ scenario: judged, evidence: mutate(calm.evidence), reference: calm });
        assert.ok(
          broken.some((one) => one.startsWith(`${promise}: `)),
          JSON.stringify(broken),
        );
      });
    }
  }

  for (const [what, [promise, sabotage]] of Object.entries(SABOTAGE)) {
    it(`sees a store that ${what}`, async () => {
      const broken = await stage.sabotaged(scenario, calm, sabotage);
      assert.ok(
        broken.some((one) => one.startsWith(`${promise}: `)),
        JSON.stringify(broken),
      );
    });
  }
});
