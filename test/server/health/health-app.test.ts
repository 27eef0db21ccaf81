import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MapwrightError } from '../../../src/core/error.ts';
import type { Observation } from '../../../src/core/observation.ts';
import type { WorkerPulse } from '../../../src/core/worker-pulse.ts';
import { createHealthApp } from '../../../src/server/health/health-app.ts';
import type { Verdict } from '../../../src/server/health/check-result.ts';

const NOW = 1_000_000;
const WORKING: WorkerPulse = {
  startedAt: NOW - 500_000,
  isStopping: false,
  triedAt: NOW - 1_000,
  answeredAt: NOW - 1_000,
};

interface Situation {
  readonly pulse?: Partial<WorkerPulse>;
  readonly probe?: () => Promise<void>;
  readonly isDraining?: boolean;
  readonly outdated?: AbortSignal;
  readonly now?: () => number;
}

/** How a process in this situation answers. */
function appIn({ pulse, probe = () => Promise.resolve(), isDraining = false, outdated, now = () => NOW }: Situation) {
  const fail = (): never => assert.fail('nobody asks for this');
  const observation: Observation = {
    store: { probe, backlog: fail, commits: fail },
    pulse: { ...WORKING, ...pulse },
    tracer: { keepsSpans: false, start: fail, current: fail, within: fail },
    mask: fail,
    unresolved: fail,
    destinations: fail,
    retention: fail,
    metricsToken: fail,
  };
  return createHealthApp({
    observation,
    metrics: { contentType: '', text: fail, answered: fail, apiAnswered: fail, stop: fail },
    clock: { now },
    isDraining: () => isDraining,
    outdated: outdated ?? new AbortController().signal,
  });
}

/** The status, and the names of the checks that failed, with their codes. */
async function ask(situation: Situation, path: '/health' | '/ready'): Promise<readonly unknown[]> {
  const response = await appIn(situation).request(path);
  const { status, checks } = (await response.json()) as Verdict;
  assert.equal(status, response.status === 200 ? 'ok' : 'unavailable');
  const failed = Object.entries(checks).filter(([, { ok }]) => !ok);
  for (const [, { reason }] of failed) assert.ok((reason ?? '').length > 0);
  return [response.status, ...failed.map(([name, { code }]) => (code === undefined ? name : `${name} ${code}`))];
}

const lost = () => Promise.reject(new MapwrightError('STORE_UNAVAILABLE', 'host db.internal refused user mapwright'));
const newer = AbortSignal.abort(new MapwrightError('STORE_NEWER', 'the database is newer'));

const SITUATIONS: readonly (readonly [
  what: string,
  Situation,
  health: readonly unknown[],
  ready: readonly unknown[],
])[] = [
  ['all is well', {}, [200], [200]],
  ['it has not begun to work', { pulse: { startedAt: undefined } }, [200], [503, 'worker']],
  ['it drains', { isDraining: true, pulse: { isStopping: true } }, [200], [503, 'serving', 'worker']],
  ['the database takes no change', { probe: lost }, [200], [503, 'store STORE_UNAVAILABLE']],
  [
    'the database does not answer the worker',
    { pulse: { answeredAt: NOW - 20_000 } },
    [200],
    [503, 'worker STORE_UNAVAILABLE'],
  ],
  [
    'the worker has died',
    { pulse: { triedAt: NOW - 70_000, answeredAt: NOW - 70_000 } },
    [503, 'worker'],
    [503, 'worker STORE_UNAVAILABLE'],
  ],
  ['the worker has just begun', { pulse: { startedAt: NOW, triedAt: undefined, answeredAt: undefined } }, [200], [200]],
  ['a newer program has come', { outdated: newer }, [200], [503, 'version STORE_NEWER']],
];

describe('a process asked how it is', () => {
  for (const [what, situation, health, ready] of SITUATIONS) {
    it(`when ${what}`, async () => {
      assert.deepEqual(await ask(situation, '/health'), health);
      assert.deepEqual(await ask(situation, '/ready'), ready);
    });
  }

  it('says nothing of where its database is', async () => {
    const response = await appIn({ probe: lost }).request('/ready');
    assert.doesNotMatch(await response.text(), /db\.internal|mapwright/u);
  });

  it('writes to the database once for all who ask at about the same time', async () => {
    let [probes, now] = [0, NOW];
    const app = appIn({
      probe: () => Promise.resolve(void probes++),
      now: () => now,
    });
    await Promise.all([1, 2, 3].map(() => app.request('/ready')));
    now += 4_000;
    await app.request('/ready');
    assert.equal(probes, 1);
    now += 2_000;
    await app.request('/ready');
    assert.equal(probes, 2);
  });

  it('waits for no database that hangs', { timeout: 20_000 }, async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    assert.deepEqual(await ask({ probe: () => promise }, '/ready'), [503, 'store STORE_UNAVAILABLE']);
    resolve();
  });
});
