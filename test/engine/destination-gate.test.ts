import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { outageBefore } from '../../src/core/breaker.ts';
import type { BreakerRules, DestinationRules, DestinationState, Reached } from '../../src/core/destination.ts';
import { type GateAtHand, openGate, placeOf, settle } from '../contract/gate-fixture.ts';
import { freshStore } from '../contract/test-install.ts';
import { sqliteInstall } from '../store/sqlite-install.ts';
import { until } from '../whole/poll.ts';

async function gateOf(context: TestContext, rules: Partial<DestinationRules> = {}, parked = 0): Promise<GateAtHand> {
  const { destinations } = await freshStore(context, sqliteInstall);
  return openGate(context, destinations, { rules, parked });
}

describe('places at a destination', () => {
  it('go to runs that have begun before those that have not', async (context) => {
    const { enter } = await gateOf(context);
    const first = placeOf(await enter());
    const order: string[] = [];
    const take = async (name: string, goesFirst: boolean): Promise<void> => {
      const place = placeOf(await enter({ goesFirst }));
      order.push(name);
      place.leave();
    };
    const all = [take('fresh', false), take('begun', true)];
    first.leave();
    await Promise.all(all);
    assert.deepEqual(order, ['begun', 'fresh']);
  });

  it('are not waited for in a long queue', async (context) => {
    const { enter } = await gateOf(context);
    const first = placeOf(await enter());
    const queued = Array.from({ length: 8 }, () => enter());
    const ninth = await enter();
    assert.equal(ninth.kind === 'wait' && ninth.because, 'places');
    first.leave();
    for (const entry of queued) placeOf(await entry).leave();
  });

  it('are given up after the time to wait, and nobody else loses one by it', async (context) => {
    const { gate, enter } = await gateOf(context);
    const first = placeOf(await enter());
    assert.equal((await enter({ waitMs: 1 })).kind, 'wait');
    first.leave();
    first.leave();
    assert.equal(gate.uses()[0]?.underWay, 0);
    placeOf(await enter());
  });

  it('are told free as long as runs may wait in the journal, and again when one was parked', async (context) => {
    const { gate, journal, enter } = await gateOf(context, {}, 1);
    const useOnce = async (): Promise<void> => {
      placeOf(await enter()).leave();
      await settle();
    };
    for (let times = 0; times < 4; times++) await useOnce();
    assert.equal(journal.asked.length, 2, 'once for the run that waited, once to learn that there are no others');
    const held = placeOf(await enter());
    gate.parked('peer');
    journal.parked = 1;
    held.leave();
    await settle();
    assert.equal(journal.asked.length, 3);
    assert.equal(journal.parked, 0);
  });

  it('are told free again when a run is parked after its place came free', async (context) => {
    const { gate, journal, enter } = await gateOf(context);
    placeOf(await enter()).leave();
    await settle();
    journal.parked = 1;
    gate.parked('peer');
    await settle();
    assert.equal(journal.parked, 0);
  });
});

describe('a rate', () => {
  it('lets so many calls begin in a period and no more, whatever its length', async (context) => {
    const { clock, enter } = await gateOf(context, { concurrent: 99, rate: { calls: 3, periodMs: 1000 } });
    const begun: number[] = [];
    for (let ms = 0; ms < 3500; ms += 100) {
      for (let tries = 0; tries < 5; tries++) {
        const entry = await enter({ waitMs: 0 });
        if (entry.kind === 'place') begun.push(clock.now());
        else assert.equal(entry.because, 'rate');
        if (entry.kind === 'place') entry.place.leave({ reached: 'answered', code: '' });
        else break;
      }
      clock.move(100);
    }
    assert.equal(begun.length, 12);
    for (const [index, at] of begun.entries()) {
      const fourth = begun[index + 3];
      assert.ok(fourth === undefined || fourth - at >= 1000, `${at} ${fourth}`);
    }
  });

  it('says until when a run waits: the more before it, the longer', async (context) => {
    const { gate, clock, enter } = await gateOf(context, { concurrent: 99, rate: { calls: 1, periodMs: 1000 } });
    placeOf(await enter());
    const untilOf = async (): Promise<number> => {
      const entry = await enter({ waitMs: 0 });
      return entry.kind === 'wait' ? entry.until - clock.now() : assert.fail('a place too many');
    };
    const early = await untilOf();
    for (let runs = 0; runs < 200; runs++) gate.parked('peer');
    assert.ok((await untilOf()) >= 200_000, 'two hundred stand before it');
    assert.ok(early < 60_000);
  });

  it('calls those who wait in the journal as time passes', async (context) => {
    const { gate, clock, journal, enter } = await gateOf(context, {
      concurrent: 9,
      rate: { calls: 2, periodMs: 1000 },
    });
    placeOf(await enter()).leave();
    placeOf(await enter()).leave();
    await settle();
    journal.parked = 5;
    for (let runs = 0; runs < 5; runs++) gate.parked('peer');
    await settle();
    assert.equal(journal.parked, 5);
    clock.move(1001);
    await gate.tick();
    await settle();
    assert.equal(journal.parked, 3);
  });
});

const BREAKER: BreakerRules = { failures: 3, withinMs: 60_000, probeEveryMs: 8_000 };

async function call(at: GateAtHand, reached: Reached, caller?: string): Promise<string> {
  const entry = await at.enter({ waitMs: 0, ...(caller === undefined ? {} : { caller }) });
  if (entry.kind === 'wait') return entry.because;
  const { isProbe } = entry.place;
  entry.place.leave({ reached, code: 'CALL_REFUSED' });
  await settle();
  return isProbe ? 'probe' : 'called';
}

async function stateOf({ gate }: GateAtHand): Promise<string | undefined> {
  return gate.uses()[0]?.state.kind;
}

function knownOf({ gate }: GateAtHand): DestinationState {
  return gate.uses()[0]?.state ?? assert.fail('nobody was called');
}

async function reach(at: GateAtHand, kind: string): Promise<void> {
  await until(`the destination is ${kind}`, async () => ((await stateOf(at)) === kind ? true : undefined));
}

describe('a breaker', () => {
  it('opens after so many runs in a row, tells it once, and calls nobody until a look is due', async (context) => {
    const at = await gateOf(context, { concurrent: 8, breaker: BREAKER });
    for (let runs = 0; runs < 3; runs++) assert.equal(await call(at, 'unreached'), 'called');
    await reach(at, 'open');
    assert.equal(await call(at, 'answered'), 'down');
    assert.deepEqual(
      at.events.map((event) => (event.kind === 'destination-changed' ? event.state.kind : event.kind)),
      ['open'],
    );
  });

  it('does not count one run that fails over and over, nor failures that answers stand between', async (context) => {
    const at = await gateOf(context, { concurrent: 8, breaker: BREAKER });
    for (let tries = 0; tries < 9; tries++) assert.equal(await call(at, 'faulty', 'run 1'), 'called');
    for (let runs = 0; runs < 9; runs++) {
      assert.equal(await call(at, 'unreached'), 'called');
      assert.equal(await call(at, 'answered'), 'called');
    }
    assert.equal(await stateOf(at), 'closed');
  });

  it('does not count failures that lie too far apart', async (context) => {
    const at = await gateOf(context, { concurrent: 8, breaker: BREAKER });
    for (let runs = 0; runs < 6; runs++) {
      assert.equal(await call(at, 'unreached'), 'called');
      at.clock.move(30_001);
    }
    assert.equal(await stateOf(at), 'closed');
  });

  it('looks again after 1, 2, 4, 8, 8 seconds, one call at a time', async (context) => {
    const at = await gateOf(context, { concurrent: 8, breaker: BREAKER });
    for (let runs = 0; runs < 3; runs++) await call(at, 'unreached');
    await reach(at, 'open');
    for (const pause of [1000, 2000, 4000, 8000, 8000]) {
      at.clock.move(pause - 1);
      assert.equal(await call(at, 'unreached'), 'down');
      at.clock.move(1);
      const [probe, other] = await Promise.all([at.enter(), at.enter()]);
      assert.equal(placeOf(probe).isProbe, true);
      assert.equal(other.kind === 'wait' && other.because, 'down');
      placeOf(probe).leave({ reached: 'unreached', code: 'CALL_RESET' });
      await settle();
    }
    assert.equal(await stateOf(at), 'open');
  });

  it('lets 1, 2, 4 at once through when the look went well, and closes', async (context) => {
    const at = await gateOf(context, { concurrent: 8, breaker: BREAKER });
    for (let runs = 0; runs < 3; runs++) await call(at, 'unreached');
    await reach(at, 'open');
    at.clock.move(1000);
    assert.equal(await call(at, 'answered'), 'probe');
    for (const most of [1, 2, 4]) {
      await reach(at, 'ramping');
      const places = await Promise.all(Array.from({ length: most }, () => at.enter().then(placeOf)));
      const more = await at.enter({ waitMs: 0 });
      assert.equal(more.kind, 'wait', `more than ${most} at once`);
      for (const place of places) place.leave({ reached: 'answered', code: '' });
      await settle();
    }
    await reach(at, 'closed');
    const outage = outageBefore(knownOf(at), at.clock.now());
    assert.equal((outage?.until ?? 0) - (outage?.since ?? 0), 1000);
  });

  it('opens again at once when the destination goes down during the ramp', async (context) => {
    const at = await gateOf(context, { concurrent: 8, breaker: BREAKER });
    for (let runs = 0; runs < 3; runs++) await call(at, 'unreached');
    await reach(at, 'open');
    at.clock.move(1000);
    assert.equal(await call(at, 'answered'), 'probe');
    await reach(at, 'ramping');
    assert.equal(await call(at, 'unreached'), 'called');
    await reach(at, 'open');
    const state = knownOf(at);
    // It has not come back in between: the outage is the same.
    assert.equal(state.kind === 'open' && at.clock.now() - state.since, 1000);
  });

  it('passes the look on when whoever was to look calls nobody', async (context) => {
    const at = await gateOf(context, { concurrent: 8, breaker: BREAKER });
    for (let runs = 0; runs < 3; runs++) await call(at, 'unreached');
    await reach(at, 'open');
    at.clock.move(1000);
    placeOf(await at.enter()).leave();
    await settle();
    assert.equal(placeOf(await at.enter()).isProbe, true);
  });

  it('sends the run that has waited longest in the journal to look', async (context) => {
    const at = await gateOf(context, { concurrent: 8, breaker: BREAKER });
    for (let runs = 0; runs < 3; runs++) await call(at, 'unreached');
    await reach(at, 'open');
    for (let runs = 0; runs < 50; runs++) at.gate.parked('peer');
    at.journal.parked = 50;
    at.journal.asked.length = 0;
    await at.gate.tick();
    assert.deepEqual(at.journal.asked, []);
    at.clock.move(1000);
    await at.gate.tick();
    assert.deepEqual(at.journal.asked, [1]);
  });

  it('is still open for the next process', async (context) => {
    const { destinations } = await freshStore(context, sqliteInstall);
    const rules = { concurrent: 8, breaker: BREAKER };
    const first = openGate(context, destinations, { rules });
    for (let runs = 0; runs < 3; runs++) await call(first, 'unreached');
    await reach(first, 'open');
    await first.gate.stop();
    const second = openGate(context, destinations, { rules, clock: first.clock });
    await second.gate.tick();
    assert.equal(await call(second, 'answered'), 'down');
  });

  it('that was taken away while the destination was down keeps nobody from calling it', async (context) => {
    const { destinations } = await freshStore(context, sqliteInstall);
    const first = openGate(context, destinations, { rules: { concurrent: 8, breaker: BREAKER } });
    for (let runs = 0; runs < 3; runs++) await call(first, 'unreached');
    await reach(first, 'open');
    const second = openGate(context, destinations, { rules: { concurrent: 8 }, clock: first.clock });
    await second.gate.tick();
    assert.deepEqual([await call(second, 'unreached'), await call(second, 'answered')], ['called', 'called']);
    await reach(second, 'closed');
  });

  it('is not needed for all places to come back after somebody held them back', async (context) => {
    const { destinations } = await freshStore(context, sqliteInstall);
    const at = openGate(context, destinations, { rules: { concurrent: 8 } });
    await destinations.change({ key: 'peer', after: 0, state: { kind: 'ramping', since: 0, places: 1 }, at: 0 });
    await at.gate.tick();
    assert.equal(await call(at, 'answered'), 'called');
    await reach(at, 'closed');
  });
});
