import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createOperationRunner } from '../../../src/server/webservice/operation-runner.ts';
import { until } from '../../whole/poll.ts';
import { logIn, member, openService, post } from './client.ts';

async function openQueue(t: TestContext) {
  const service = await openService(t);
  const sessionName = await logIn(service.app);
  const put = (parameters: Record<string, string>, options: object) =>
    post(service.app, { sessionName, cbwsOptions: JSON.stringify(options), ...parameters });
  const result = async (id: unknown, session = sessionName) =>
    (await post(service.app, {
      operation: 'getQueuedOperationResult',
      sessionName: session,
      operationTrackingID: String(id),
    })) ?? assert.fail();
  return { ...service, sessionName, put, result };
}

const CREATE = { operation: 'create', elementType: 'Products', element: '{"productname":"Bolt"}' };
const UNFINISHED = 'Operation not queued or not finished yet';

test('a queued operation is carried out when its delay is over, and its answer stays readable', async (t) => {
  const { put, result, queue, clock, units, app } = await openQueue(t);
  const accepted = await put(CREATE, { launchfromqueue: true, queuedelay: 60 });
  const id = member(accepted.result, 'operationTrackingID');
  assert.equal(typeof id, 'string');
  assert.equal(await queue.round(), 0);
  assert.equal((await result(id)).result, UNFINISHED);
  clock.at += 60_000;
  assert.equal(await queue.round(), 1);
  assert.equal(units.length, 1);
  for (let time = 0; time < 2; time++) {
    const answer: unknown = JSON.parse(String((await result(id)).result));
    assert.equal(Object(answer)['success'], true);
    assert.equal(Object(answer)['result']['id'], '14x1');
  }
  assert.equal((await result(id, await logIn(app, 'clerk'))).code, 'ACCESS_DENIED');
  assert.equal((await result('unknown')).result, UNFINISHED);
});

test('a queued operation that fails keeps its error', async (t) => {
  const { put, result, queue } = await openQueue(t);
  const accepted = await put({ ...CREATE, element: '{}' }, { launchfromqueue: '1' });
  await queue.round();
  const answer = JSON.parse(String((await result(member(accepted.result, 'operationTrackingID'))).result));
  assert.equal(Object(answer)['error']['code'], 'MANDATORY_FIELDS_MISSING');
});

test('done once more after a death between doing and keeping the answer, it changes nothing more', async (t) => {
  const { put, queue, operations, units } = await openQueue(t);
  await put(CREATE, { launchfromqueue: true });
  const { finish } = operations;
  Object.assign(operations, { finish: () => Promise.reject(new Error('the process dies here')) });
  await assert.rejects(queue.round(), /dies here/u);
  assert.equal(units.length, 1);
  Object.assign(operations, { finish });
  assert.equal(await queue.round(), 1);
  assert.equal(units.length, 1);
  assert.equal(await queue.round(), 0);
});

test('operations of one user keep their order', async (t) => {
  const { put, result, queue } = await openQueue(t);
  await put(CREATE, { launchfromqueue: true });
  const change = { operation: 'revise', element: '{"id":"14x1","serial_no":"S1"}' };
  const changed = await put(change, { launchfromqueue: true });
  assert.equal(await queue.round(), 2);
  const answer = JSON.parse(String((await result(member(changed.result, 'operationTrackingID'))).result));
  assert.equal(Object(answer)['result']['serial_no'], 'S1');
});

test('a user who became inactive does nothing more', async (t) => {
  const { put, queue, inactive, units } = await openQueue(t);
  await put(CREATE, { launchfromqueue: true });
  inactive.add('19x1');
  assert.equal(await queue.round(), 1);
  assert.equal(units.length, 0);
});

test('what is about the session is not queued, nor what says no delay', async (t) => {
  const { put, operations } = await openQueue(t);
  assert.equal((await put({ operation: 'logout' }, { launchfromqueue: true })).code, 'OPERATION_NOT_SUPPORTED');
  assert.equal((await put(CREATE, { launchfromqueue: true, queuedelay: 'soon' })).code, 'INVALID_PARAMETER');
  assert.equal((await put(CREATE, { launchfromqueue: true, queuedelay: -1 })).code, 'INVALID_PARAMETER');
  assert.equal(await operations.nextDue(), undefined);
  assert.equal(member((await put(CREATE, { launchfromqueue: false })).result, 'id'), '14x1');
});

test('operations that are put off for long do not keep others waiting; a runner that stops begins no other', async (t) => {
  const { operations } = await openService(t);
  const carriedOut: string[] = [];
  const runner = createOperationRunner({
    queue: operations,
    clock: { now: () => Date.now() },
    carryOut: async ({ id }) => {
      carriedOut.push(id);
      if (id === 'soon') void runner.stop();
      return {};
    },
    giveUp: () => assert.fail('nothing ended the process'),
    log: (error) => assert.fail(String(error)),
  });
  t.after(() => runner.stop());
  const accept = (id: string, afterMs: number) =>
    runner.accept({ id, user: '19x1', operation: 'create', parameters: {}, dueAt: Date.now() + afterMs });
  runner.start();
  await accept('soon', 300);
  await accept('next', 301);
  let later = 0;
  await until('the operation that is due', async () => {
    await accept(`later ${++later}`, 3_600_000);
    return carriedOut.length > 0 ? true : undefined;
  });
  await runner.stop();
  assert.deepEqual(carriedOut, ['soon']);
});

test('an attempt that fails while the process goes on is not counted', async (t) => {
  const { put, queue, operations, clock } = await openQueue(t);
  await put(CREATE, { launchfromqueue: true });
  const { finish } = operations;
  Object.assign(operations, { finish: () => Promise.reject(new Error('the disk is full')) });
  for (let time = 0; time < 4; time++) await assert.rejects(queue.round(), /disk is full/u);
  Object.assign(operations, { finish });
  assert.deepEqual(
    (await operations.due({ now: clock.at, limit: 1 })).map(({ attempts }) => attempts),
    [0],
  );
});

test('what was under way when the process ended is tried alone, so that none takes the blame of another', async (t) => {
  const { operations } = await openService(t);
  const users = ['19x1', '19x2', '19x3'];
  for (const user of users) await operations.add({ id: user, user, operation: 'create', parameters: {}, dueAt: 1 });
  for (const user of users) await operations.begin(user);
  let underWay = 0;
  const answered: string[] = [];
  const runner = createOperationRunner({
    queue: operations,
    clock: { now: () => 1 },
    carryOut: async ({ id }) => {
      assert.equal(++underWay, 1);
      await new Promise(setImmediate);
      underWay--;
      if (id === '19x1') throw new Error('not now');
      answered.push(id);
      return {};
    },
    giveUp: () => assert.fail('none was tried three times'),
    log: () => undefined,
  });
  await assert.rejects(runner.round(), /not now/u);
  assert.deepEqual(answered, ['19x2', '19x3']);
});
