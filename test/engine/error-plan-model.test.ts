import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { CallOutcome, Connector } from '../../src/core/call.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Run } from '../../src/core/run.ts';
import { planSentences } from '../../src/catalog/plan-sentence.ts';
import { createWorker, type Worker } from '../../src/engine/worker.ts';
import { nativeDocument } from '../whole/documents.ts';
import { TestInstall } from '../whole/install-fixture.ts';
import { onCreate, ORDERS, shop } from '../whole/scripted-peer.ts';
import { anyAnswers, anyPlan, expectedOf, type ModelAnswer, type ModelPlan, nearestOf, planXml } from './plan-model.ts';
import { parseSentence } from './plan-sentence-parser.ts';

const START = Date.parse('2026-03-04T10:00:00Z');

class SetClock implements Clock {
  at = START;
  now(): number {
    return this.at;
  }
}

/** The other side, as a script: no try waits for a network. */
class ScriptedSide implements Connector {
  answers: readonly ModelAnswer[] = [];
  calls = 0;

  async send(): Promise<CallOutcome> {
    const answer = this.answers[this.calls] ?? { kind: 'ok' };
    this.calls += 1;
    if (answer.kind === 'network' || answer.kind === 'timeout') return broken(answer.kind);
    const { status, pause, code } = answer.kind === 'ok' ? { status: 200, pause: undefined, code: '' } : answer;
    const body = Buffer.from(JSON.stringify({ code }));
    const headers = pause === undefined ? [] : [['retry-after', String(pause / 1000)] as const];
    return { kind: 'answered', answer: { status, headers, body, durationMs: 1 } };
  }

  async close(): Promise<void> {}
}

function broken(cause: 'network' | 'timeout'): CallOutcome {
  const code = cause === 'network' ? 'CALL_RESET' : 'CALL_TIMEOUT';
  const nothing = { hint: undefined, inDoubt: true, durationMs: 1, partial: undefined };
  return { kind: 'failed', failure: { code, cause, message: 'as the script says', ...nothing } };
}

type Levels = readonly [task: ModelPlan, map: ModelPlan, service: ModelPlan];

const onError = (plan: ModelPlan): string => `<on-error>${planXml(plan)}</on-error>`;

function documents([task, map, service]: Levels) {
  return [
    ORDERS,
    shop(
      { url: 'http://peer.example' },
      `<breaker enabled="false"/><expect code="{response.body.code}"/>${onError(service)}`,
    ),
    nativeDocument(
      'map',
      'name="send-order" module="Orders" service="shop"',
      `<call method="POST" path="/send" in-doubt="resend"/>${onError(map)}`,
    ),
    onCreate(`<webservice id="send" map="send-order">${onError(task)}</webservice><end id="end" label="The end"/>`),
  ];
}

/** An install whose worker takes one round at a time, on a clock that stands still. */
class Laboratory {
  readonly clock = new SetClock();
  readonly side = new ScriptedSide();
  readonly a: TestInstall;
  random = 0;

  private constructor(a: TestInstall) {
    this.a = a;
  }

  static async open(t: TestContext): Promise<Laboratory> {
    const clock = new SetClock();
    const a = await TestInstall.open(t, { documents: [ORDERS], worker: false, clock });
    const laboratory = new Laboratory(a);
    Object.assign(laboratory, { clock });
    const { administration } = a.install;
    for (const name of ['anna', 'bert', 'carl']) await administration.addUser({ name, admin: false });
    await administration.addGroup({ name: 'helpers', description: '' });
    await administration.addGroupMember({ group: 'helpers', user: 'bert' });
    await administration.addUnit({ name: 'sales', description: '' });
    await administration.addUnitMember({ unit: 'sales', user: 'carl' });
    return laboratory;
  }

  worker(): Worker {
    const { engine } = this.a.install;
    const own = { ...engine, connector: this.side, random: { next: () => this.random } };
    return createWorker(own, { owner: 'laboratory', capacity: 4, leaseMs: 9_000 });
  }

  async restart(): Promise<void> {
    await this.a.close();
    await this.a.reopen({ worker: false });
  }

  async newest(): Promise<Run> {
    return (await this.a.runs()).at(-1) ?? assert.fail('there is no run');
  }
}

const WHO: Readonly<Record<string, string>> = {
  'user:anna': 'anna',
  'group:helpers': 'bert',
  'unit:sales': 'carl',
  owner: 'admin',
};

const anyCase = fc.record({
  levels: fc.tuple(anyPlan, anyPlan, anyPlan),
  answers: anyAnswers,
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  // How much later than it is due each try is made: a machine that sleeps, a clock that is set.
  late: fc.array(fc.constantFrom(0, 0, 1, 60_000, 172_800_000), { minLength: 8, maxLength: 8 }),
  // Before which tries the clock is set back, and before which the process is started anew.
  back: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  restartAt: fc.integer({ min: 0, max: 20 }),
});

describe('an error plan', () => {
  it('is followed as a small model of it says, over restarts and clocks that jump', { timeout: 300_000 }, async (t) => {
    const laboratory = await Laboratory.open(t);
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ levels, answers, random, late, back, restartAt }) => {
        const plan = nearestOf(levels);
        const expected = expectedOf(plan, answers, { random, late });
        const { a, clock, side } = laboratory;
        Object.assign(side, { answers, calls: 0 });
        laboratory.random = random;
        await a.apply(documents(levels));
        const notified = await a.install.administration.notifications({ all: true, limit: 1 });
        await a.create({ order_no: 'SO-1', assigned_user_id: '19x1' }, 'Orders');
        const pauses: number[] = [];
        for (let tries = 0; ; tries++) {
          await laboratory.worker().tick();
          const { wait } = await laboratory.newest();
          if (wait?.for !== 'time' || wait.until === undefined) break;
          assert.notEqual(wait.reason, '');
          pauses.push(wait.until - clock.at);
          const due = wait.until + (late[tries] ?? 0);
          if (back[tries] === true) clock.at -= 50_000;
          if (restartAt === tries) await laboratory.restart();
          await laboratory.worker().tick();
          clock.at = due;
        }
        const run = await laboratory.newest();
        assert.deepEqual(pauses, expected.pauses);
        assert.equal(side.calls, expected.pauses.length + 1);
        const end = run.wait?.for === 'person' ? 'person' : run.handled ? 'handled' : run.status;
        assert.equal(end, expected.end);
        const all = await a.install.administration.notifications({ all: true, limit: 20 });
        const told = all.filter(({ id }) => id > (notified[0]?.id ?? 0)).toReversed();
        assert.deepEqual(
          told.map(({ userName }) => userName),
          expected.told.flatMap((names) => names.map((name) => WHO[name])),
        );
        await a.install.administration.cancel({ id: run.id, by: 'test', reason: 'over' }).catch(() => undefined);
        await laboratory.worker().tick();
      }),
      { numRuns: 60 },
    );
  });

  it('is told in one sentence, from which the whole plan can be read back', async (t) => {
    const laboratory = await Laboratory.open(t);
    const { a } = laboratory;
    const planned: fc.Arbitrary<Levels> = fc.tuple(anyPlan, anyPlan, anyPlan);
    await fc.assert(
      fc.asyncProperty(planned, async (levels) => {
        await a.apply(documents(levels));
        const workflow = a.install.catalog().workflows.get('send') ?? assert.fail();
        const [told] = planSentences(workflow);
        const { retry, notify, abort } = nearestOf(levels);
        assert.deepEqual(parseSentence(told?.sentence ?? ''), {
          retry: retry ?? { kind: 'none' },
          notify: notify ?? [],
          abort: abort ?? 'inbox',
        });
      }),
      { numRuns: 60 },
    );
  });
});
