import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isFinal } from '../../../src/core/run.ts';
import { nativeDocument } from '../documents.ts';
import { stepOf, TestInstall } from '../install-fixture.ts';
import { until } from '../poll.ts';
import { onCreate, ORDERS, ScriptedPeer, shop } from '../scripted-peer.ts';
import { Wheel } from './wheel.ts';

const SEND = nativeDocument(
  'map',
  'name="send-order" module="Orders" service="shop"',
  '<call method="PUT" path="/send"/><parameters><parameter name="no" field="order_no"/></parameters>',
);
const away = { status: 503 };
const BREAKER = '<breaker failures="1" within="1m" probe-every="30s"/>';

/** An install whose first order has just found the shop away, and whose second one waits for that to end. */
async function down(t: TestContext, plan: string) {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/send', away);
  const clock = new Wheel();
  const tasks = `<webservice id="send" map="send-order">${plan}</webservice><end id="end"/>`;
  const a = await TestInstall.open(t, { documents: [ORDERS, shop(peer, BREAKER), SEND, onCreate(tasks)], clock });
  const { engine, administration } = a.install;
  await a.create({ order_no: 'SO-1' }, 'Orders');
  await until('the shop counts as down', async () => {
    const [shown] = await administration.destinations();
    return shown?.state.kind === 'open' ? true : undefined;
  });
  await a.create({ order_no: 'SO-2' }, 'Orders');
  await a.waiting(2, 'limit');
  /** Has a run look once whether the shop answers again; by the end of it the run has ended, or waits again. */
  const look = async (): Promise<void> => {
    const before = peer.of('/send').length;
    clock.turn(61_000);
    await until('somebody looks', async () => {
      await engine.gate.tick();
      await engine.dispatcher.kick([{ run: 2 }]);
      return peer.of('/send').length > before ? true : undefined;
    });
    // Set forward meanwhile, the clock would take the lease from the run.
    await a.reached(2, 'is not under way', ({ status, wait }) => isFinal(status) || wait !== undefined);
  };
  return { a, peer, clock, look };
}

const notices = (a: TestInstall) => a.install.administration.notifications({ all: true, limit: 9 });
const triesOf = async (a: TestInstall, run: number) => stepOf(await a.steps(run), 'send').attempts.length;

describe('a run that looks whether a service answers again', () => {
  it('uses none of its tries, though its plan has none to spare', async (t) => {
    const plan = '<on-error><retry times="0"/><notify to="user:admin"/><abort to="end"/></on-error>';
    const { a, peer, look } = await down(t, plan);
    assert.equal((await a.ended(1)).handled, true);
    for (let looks = 1; looks <= 3; looks++) {
      await look();
      await a.waiting(2, 'limit');
      assert.equal(await triesOf(a, 2), looks);
    }
    assert.equal((await notices(a)).length, 1);
    peer.reply('/send', 200);
    await look();
    const { status, handled } = await a.ended(2);
    assert.deepEqual([status, handled], ['completed', false]);
  });

  it('has all its tries left afterwards, and none of the time of its plan has passed', async (t) => {
    const plan = '<on-error><retry from="1s" times="2" within="3m"/></on-error>';
    const { a, peer, clock, look } = await down(t, plan);
    await a.install.administration.cancel({ id: 1, by: 'anna', reason: 'enough' });
    for (let looks = 1; looks <= 4; looks++) await look();
    // It is there again, and has something against this run alone.
    peer.reply('/send', { status: 500 });
    await look();
    await until('its plan is used up', async () => {
      const wait = (await a.runs())[1]?.wait;
      if (wait?.for === 'time') clock.turn(Math.max(0, (wait.until ?? 0) - clock.now()) + 1);
      if (wait?.for === 'limit') clock.turn(1_000);
      await a.install.engine.gate.tick();
      await a.install.engine.dispatcher.kick([{ run: 2 }]);
      return wait?.for === 'person' ? true : undefined;
    });
    assert.equal(await triesOf(a, 2), 4 + 3);
  });
});
