import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it, type TestContext } from 'node:test';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

/** Set higher by hand for a long run: 20000 runs on a quarter as many records. */
const RUNS = Number(process.env['MAPWRIGHT_OUTAGE_RUNS'] ?? 800);
const RECORDS = RUNS / 4;
const MOST_AT_ONCE = 6;
const PROBE_EVERY_MS = 30_000;
const HOUR_MS = 3_600_000;
const STANDSTILL_MS = 500;

const DOCUMENTS = [
  nativeDocument(
    'module',
    'name="Contacts" label="Contacts" prefix="12" title="lastname"',
    '<field name="lastname" label="Name" type="string" mandatory="true"/><field name="turn" label="Turn" type="integer"/>',
  ),
  nativeDocument(
    'service',
    'name="warehouse" url="{setting.peer_url}"',
    `<limit concurrent="${MOST_AT_ONCE}"/><breaker failures="4" within="1m" probe-every="30s"/>
     <on-error><retry times="2" every="60s"/></on-error>`,
  ),
  nativeDocument(
    'map',
    'name="send" module="Contacts" service="warehouse"',
    `<call method="PUT" path="/contacts"/>
     <parameters><parameter name="name" field="lastname"/><parameter name="run" template="{run.id}" type="integer"/></parameters>`,
  ),
  nativeDocument(
    'workflow',
    'name="contact-saved" module="Contacts"',
    '<trigger on="save"/><tasks><webservice id="send" map="send"/></tasks>',
  ),
];

/** The time of day, moved on at will. */
class MovedClock {
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  move(ms: number): void {
    this.#ahead += ms;
  }
}

/** A warehouse that can be switched off: then nobody listens at its port. */
class Warehouse {
  /** The runs that sent each contact, in order. */
  readonly sent = new Map<string, number[]>();
  most = 0;
  #underWay = 0;
  #server: Server;
  port = 0;

  constructor() {
    this.#server = this.#make();
  }

  async on(): Promise<void> {
    this.#server = this.#make();
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async off(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #make(): Server {
    return createServer((request, response) => {
      this.most = Math.max(this.most, ++this.#underWay);
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { name, run } = JSON.parse(text) as { name: string; run: number };
        setTimeout(() => {
          this.#underWay--;
          this.sent.set(name, [...(this.sent.get(name) ?? []), run]);
          response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        }, 2);
      });
    });
  }
}

async function openWarehouse(t: TestContext): Promise<Warehouse> {
  const warehouse = new Warehouse();
  await warehouse.on();
  await warehouse.off();
  t.after(() => warehouse.off());
  return warehouse;
}

describe('a destination that is down for an hour', () => {
  it('is looked at now and then, uses no tries, and gets everything in order when it is back', async (t) => {
    const warehouse = await openWarehouse(t);
    const clock = new MovedClock();
    const settings = { peer_url: `http://127.0.0.1:${warehouse.port}` };
    const a = await TestInstall.open(t, { documents: DOCUMENTS, settings, clock });
    const { engine, events, administration } = a.install;
    let refused = 0;
    events.on('step-ended', ({ code }) => (refused += code === 'CALL_REFUSED' ? 1 : 0));
    await saveAll(a);
    const state = async () => (await administration.destinations()).find(({ name }) => name === 'warehouse');
    await until('the warehouse counts as down', async () =>
      (await state())?.state.kind === 'open' ? true : undefined,
    );
    const before = refused;
    assert.ok(before <= 4 + MOST_AT_ONCE, `${before} calls until it counted as down`);
    for (let passed = 0; passed < HOUR_MS; passed += PROBE_EVERY_MS) {
      clock.move(PROBE_EVERY_MS);
      const told = refused;
      await until('somebody looked', async () => {
        await engine.gate.tick();
        return refused > told ? true : undefined;
      });
    }
    const probes = refused - before;
    assert.ok(probes <= HOUR_MS / PROBE_EVERY_MS + 8, `${probes} looks in an hour`);
    assert.equal((await administration.status()).runs.completed, 0);
    assert.ok(((await state())?.waiting ?? 0) > RECORDS / 2, 'the heads of the lanes wait for the warehouse');
    await warehouse.on();
    clock.move(PROBE_EVERY_MS);
    await engine.gate.tick();
    await drained(a, clock);
    assert.ok(warehouse.most <= MOST_AT_ONCE, `${warehouse.most} at once`);
    assert.equal(warehouse.sent.size, RECORDS);
    for (const [name, runs] of warehouse.sent) {
      assert.deepEqual(
        runs,
        [...new Set(runs)].toSorted((one, other) => one - other),
        name,
      );
      assert.equal(runs.length, 4, name);
    }
    assert.equal((await state())?.state.kind, 'closed');
  });
});

/** Four runs for each record. */
async function saveAll(a: TestInstall): Promise<void> {
  const names = Array.from({ length: RECORDS }, (_, index) => `Contact ${index}`);
  const saved = await Promise.all(names.map((lastname) => a.create({ lastname, turn: 1 }, 'Contacts')));
  for (const turn of [2, 3, 4]) await Promise.all(saved.map(({ id }) => a.revise({ id, turn })));
}

/** Until nothing is left to do. The clock is moved on when nothing goes on: the few runs whose own tries failed wait for theirs. */
async function drained(a: TestInstall, clock: MovedClock): Promise<void> {
  const { administration, engine } = a.install;
  const deadline = Date.now() + 60_000 + RUNS * 20;
  let seen = { completed: -1, at: 0 };
  for (;;) {
    const { runs } = await administration.status();
    if (runs.completed === RUNS) return;
    assert.equal(runs.failed + runs.canceled, 0);
    assert.ok(Date.now() < deadline, `${runs.completed} of ${RUNS} have ended`);
    if (runs.completed > seen.completed) seen = { completed: runs.completed, at: Date.now() };
    if (Date.now() - seen.at > STANDSTILL_MS) {
      seen = { ...seen, at: Date.now() };
      clock.move(60_000);
      await engine.gate.tick();
    }
    await pause(20);
  }
}
