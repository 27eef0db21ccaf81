import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { DestinationState } from '../../src/core/destination.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { type Install, openInstall } from '../../src/runtime/install.ts';
import type { Store } from '../../src/store/store.ts';
import { MailServer } from '../connector/mail-server.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.parse('2026-11-22T09:00:00Z');

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  '<field name="subject" label="Subject" type="string"/>',
);
const search = (condition: string): SourceFile =>
  nativeDocument('rule', 'name="odd"', `<search module="Orders" give="all">${condition}</search>`);
const FAILING = search('<condition field="subject" is="equal" context="missing"/>');
const MENDED = search('<condition field="subject" is="equal" value="a"/>');
const TIDY = nativeDocument(
  'workflow',
  'name="tidy" module="Orders"',
  '<trigger on="schedule" name="often" every="5m" records="odd"/><tasks><end id="end"/></tasks>',
);

/** An install whose clock stands until it is moved, its store within reach. */
class World {
  at = START;
  readonly folder: string;
  #install: Install | undefined;
  #store: Store | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(t: TestContext, documents: readonly SourceFile[]): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), 'mapwright-alerts-')));
    t.after(async () => {
      await world.install.close(0);
      await rm(world.folder, { recursive: true });
    });
    await world.reopen();
    await world.apply(documents);
    return world;
  }

  get install(): Install {
    return this.#install ?? assert.fail('not open');
  }

  get store(): Store {
    return this.#store ?? assert.fail('not open');
  }

  async reopen(): Promise<void> {
    await this.#install?.close(0);
    const clock = { now: () => this.at };
    const withStore = (store: Store): Store => (this.#store = store);
    this.#install = await openInstall({ folder: this.folder, env: {}, clock, withStore });
  }

  async apply(documents: readonly SourceFile[]): Promise<void> {
    const report = await this.install.administration.apply({ documents, prune: false, dryRun: false, by: 'test' });
    assert.deepEqual(
      report.diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
  }

  /** Lets time pass, fires what is due, and looks whether there is something to tell. */
  async pass(ms: number): Promise<void> {
    this.at += ms;
    await this.install.scheduler.tick();
    await this.install.alerts.look();
  }

  /** The first lines of what was told, oldest first. */
  async told(): Promise<string[]> {
    const all = await this.install.administration.notifications({ all: true, limit: 100 });
    assert.ok(all.every(({ run, userName }) => run === undefined && userName !== 'clerk'));
    return all.map(({ text }) => text.split('\n')[0] ?? '').toReversed();
  }

  async destination(state: DestinationState): Promise<void> {
    const before = (await this.store.destinations.states()).find(({ key }) => key === 'shop');
    const change = { key: 'shop', after: before?.version ?? 0, state, at: this.at };
    assert.equal(await this.store.destinations.change(change), true);
    await this.install.alerts.look();
  }
}

describe('a schedule whose rule fails', () => {
  it('is told once for each cause and day, and once when it is well again', async (t) => {
    const world = await World.open(t, [ORDERS, FAILING, TIDY]);
    await world.install.administration.addUser({ name: 'clerk', admin: false });
    await world.pass(0);
    for (let slot = 0; slot < 3; slot++) await world.pass(5 * MINUTE);
    const failing = 'The schedule tidy/often starts nothing: choosing its records fails';
    assert.deepEqual(await world.told(), [failing]);
    const [entry] = await world.install.administration.schedules();
    const { kind, since, slots, reason } = entry?.problem ?? assert.fail('no problem is told');
    assert.deepEqual([kind, since, slots], ['failing', START + 5 * MINUTE, 3]);
    assert.match(reason, /^PARAMETER_SOURCE_MISSING /u);
    await world.pass(DAY);
    const again = `${failing}, 4 slots in a row since 2026-11-22 09:05 UTC`;
    assert.deepEqual(await world.told(), [failing, again]);
    await world.apply([MENDED]);
    for (let slot = 0; slot < 3; slot++) await world.pass(5 * MINUTE);
    const well = 'The schedule tidy/often is well again, after 4 failed slots since 2026-11-22 09:05 UTC';
    assert.deepEqual(await world.told(), [failing, again, well]);
    assert.equal((await world.install.administration.schedules())[0]?.problem, undefined);
  });

  it('is told by mail too, as soon as mail is set up, and once after a restart', async (t) => {
    const server = await MailServer.open(t);
    const world = await World.open(t, [ORDERS, FAILING, TIDY]);
    const { administration } = world.install;
    await administration.setSetting({ name: 'smtp_url', value: server.url });
    await administration.setSetting({ name: 'smtp_from', value: 'CRM <crm@example.com>' });
    await administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
    await administration.changeUser({ name: 'admin', email: 'root@example.com' });
    await world.pass(0);
    await world.pass(5 * MINUTE);
    await world.reopen();
    await world.install.alerts.look();
    await world.install.startWorker();
    await until('the mail arrives', () => (server.taken.length > 0 ? true : undefined));
    await world.install.alerts.look();
    assert.deepEqual(server.only.to, ['root@example.com']);
    assert.match(server.only.text, /^Subject: The schedule tidy\/often starts nothing/mu);
    assert.equal((await world.told()).length, 1);
  });

  it("that goes well before anybody was told is nobody's concern", async (t) => {
    const world = await World.open(t, [ORDERS, FAILING, TIDY]);
    await world.install.scheduler.tick();
    world.at += 5 * MINUTE;
    await world.install.scheduler.tick();
    await world.apply([MENDED]);
    await world.pass(5 * MINUTE);
    assert.deepEqual(await world.told(), []);
  });
});

describe('documents in force that this program cannot use', () => {
  it('are told, their schedules are shown and kept, and go on when they are mended', async (t) => {
    const world = await World.open(t, [ORDERS, MENDED, TIDY]);
    const { administration } = world.install;
    await world.pass(0);
    await administration.pauseSchedule({ name: 'tidy/often', by: 'anna' });
    const basedOn = await world.store.documents.head();
    const revision = await world.store.documents.revision(basedOn);
    const documents = (revision?.documents ?? []).map((one) =>
      one.kind === 'workflow' ? { ...one, text: one.text.replace('<tasks>', '<tasks') } : one,
    );
    await world.store.documents.save({ documents, by: 'an earlier version', at: world.at, basedOn });
    await world.reopen();
    await world.pass(0);
    await world.pass(MINUTE);
    const broken = 'A document in force has errors for this program: what it says may not happen';
    assert.deepEqual(await world.told(), [broken]);
    const [shown] = await world.install.administration.schedules();
    assert.deepEqual([shown?.name, shown?.problem?.kind, shown?.paused?.by], ['tidy/often', 'broken', 'anna']);
    await world.apply([TIDY]);
    await world.pass(MINUTE);
    await world.pass(MINUTE);
    assert.deepEqual(await world.told(), [broken, 'All documents in force are well again, since revision 3']);
    const [mended] = await world.install.administration.schedules();
    assert.deepEqual([mended?.problem, mended?.paused?.by], [undefined, 'anna']);
  });
});

describe('a destination that does not answer', () => {
  const open = (since: number): DestinationState => ({
    kind: 'open',
    since,
    reason: 'CALL_REFUSED',
    probes: 3,
    probeAt: since,
  });

  it('is told after some minutes, and when it answers again, once each', async (t) => {
    const world = await World.open(t, []);
    await world.destination(open(START));
    await world.pass(2 * MINUTE);
    assert.deepEqual(await world.told(), []);
    await world.pass(2 * MINUTE);
    await world.pass(10 * MINUTE);
    const down = 'shop does not answer: 0 runs wait for it';
    assert.deepEqual(await world.told(), [down]);
    await world.destination({ kind: 'ramping', since: world.at, places: 1, downSince: START });
    assert.deepEqual(await world.told(), [down]);
    await world.destination({ kind: 'closed', wasDown: { since: START, until: world.at } });
    await world.pass(MINUTE);
    const back = 'shop answers again, after 14 min';
    assert.deepEqual(await world.told(), [down, back]);
    await world.destination(open(world.at));
    await world.pass(4 * MINUTE);
    assert.deepEqual(await world.told(), [down, back, down]);
  });

  it("for a moment only is nobody's concern", async (t) => {
    const world = await World.open(t, []);
    await world.destination(open(START));
    await world.pass(MINUTE);
    await world.destination({ kind: 'closed', wasDown: { since: START, until: world.at } });
    await world.pass(MINUTE);
    assert.deepEqual(await world.told(), []);
  });
});
