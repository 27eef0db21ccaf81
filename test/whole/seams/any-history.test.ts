import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { MapwrightError } from '../../../src/core/error.ts';
import { isFinal, type Run } from '../../../src/core/run.ts';
import type { RunCommand } from '../../../src/runtime/inbox-administration.ts';
import { nativeDocument } from '../documents.ts';
import { TestInstall } from '../install-fixture.ts';
import { cut, onCreate, ORDERS, type Reply, ScriptedPeer, shop } from '../scripted-peer.ts';
import { Wheel } from './wheel.ts';

const ORDER_COUNT = 4;
const PATHS = ['/login', '/send', '/find', '/tell', '/logout'] as const;
const REPLIES: readonly Reply[] = [
  { status: 200, body: { id: 'R-1' } },
  { status: 200, body: {} },
  400,
  401,
  404,
  500,
  503,
  { status: 429, headers: { 'retry-after': '7200' } },
  cut,
  (response: ServerResponse) => void response.writeHead(200, { 'content-length': '99' }).write('{"id":'),
];
const PLANS = [
  '',
  '<on-error><retry times="1" every="1s"/></on-error>',
  '<on-error><retry from="1s" within="1m"/><notify to="user:admin"/><abort to="end"/></on-error>',
  '<on-error><retry times="0"/><abort to="inbox"/></on-error>',
];
const DOUBTS = [
  'method="PUT" path="/send"/>',
  'method="POST" path="/send"/>',
  'method="POST" path="/send"><look map="find-order"/></call>',
];
const COMMANDS = ['retry', 'not-done', 'done', 'skip', 'restart', 'cancel'] as const;

type Deed =
  | { readonly kind: 'reply'; readonly path: number; readonly reply: number }
  | { readonly kind: 'command'; readonly run: number; readonly command: number; readonly latest: boolean }
  | { readonly kind: 'apply'; readonly variant: number }
  | { readonly kind: 'hold' | 'release' | 'crash' | 'delete' }
  | { readonly kind: 'turn'; readonly seconds: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('reply' as const), path: fc.nat(4), reply: fc.nat(9) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      run: fc.nat(7),
      command: fc.nat(5),
      latest: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('apply' as const), variant: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('hold' as const, 'release' as const, 'crash' as const, 'delete' as const),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('turn' as const), seconds: fc.constantFrom(1, 6, 40, 4000) }) },
);

interface Script {
  readonly plan: number;
  readonly doubt: number;
  readonly replies: readonly number[];
  readonly deeds: readonly Deed[];
}

const scripts: fc.Arbitrary<Script> = fc.record({
  plan: fc.nat(3),
  doubt: fc.nat(2),
  replies: fc.array(fc.nat(9), { minLength: 5, maxLength: 5 }),
  deeds: fc.array(deed, { minLength: 5, maxLength: 25 }),
});

const OUTPUT = '<response><output path="id" field="remote" optional="true"/></response>';
const mapOf = (name: string, call: string, inside = '') =>
  nativeDocument('map', `name="${name}" module="Orders" service="shop"`, `<call ${call}${inside}`);

/** The workflow in its variants: as it was, with other names, without a task, and turned into something else. */
function workflow(variant: number, plan: string) {
  const [login, send] = variant === 1 ? ['sign-in', 'send'] : ['login', variant === 2 ? 'send-it' : 'send'];
  const sending =
    variant === 3
      ? `<set-fields id="send"><set field="note" value="x"/></set-fields>`
      : `<webservice id="${send}" map="send-order">${plan}</webservice>`;
  return onCreate(
    `<webservice id="${login}" map="login" renew="true"/>${sending}<webservice id="tell" map="tell"/>
     <webservice id="logout" map="logout" always="true"/><end id="end"/>`,
  );
}

class History {
  readonly #a: TestInstall;
  readonly #peer: ScriptedPeer;
  readonly #clock: Wheel;
  readonly #plan: string;

  constructor(a: TestInstall, peer: ScriptedPeer, clock: Wheel, plan: string) {
    [this.#a, this.#peer, this.#clock, this.#plan] = [a, peer, clock, plan];
  }

  async play(one: Deed): Promise<void> {
    const { administration } = this.#a.install;
    switch (one.kind) {
      case 'reply':
        return this.#peer.reply(PATHS[one.path] ?? '', REPLIES[one.reply] ?? 200);
      case 'command':
        return this.#command(1 + one.run, COMMANDS[one.command] ?? 'retry', one.latest);
      case 'apply':
        return this.#a.apply([workflow(one.variant, this.#plan)]);
      case 'hold':
        return void (await administration.holdDestination({ name: 'shop', reason: 'r', by: 'anna' }));
      case 'release':
        return void (await administration.releaseDestination({ name: 'shop', by: 'anna' }).catch(known));
      case 'crash':
        await this.#a.close();
        return this.#a.reopen({ worker: true });
      case 'delete':
        return void (await this.#a.install.crm.delete({ actor: { user: '19x1' }, id: '60x1' }).catch(known));
      case 'turn':
        return this.#turn(one.seconds * 1000);
    }
  }

  async #turn(ms: number): Promise<void> {
    this.#clock.turn(ms);
    const { engine } = this.#a.install;
    await engine.gate.tick();
    await engine.dispatcher.kick((await this.#a.runs()).map(({ id }) => ({ run: id })));
  }

  async #command(run: number, kind: (typeof COMMANDS)[number], latest: boolean): Promise<void> {
    const moved = latest && (kind === 'retry' || kind === 'skip' || kind === 'restart' || kind === 'not-done');
    const command = { kind, ...(moved ? { revision: 'latest' } : {}) } as RunCommand;
    await this.#a.install.administration.commandRun({ run, command, by: 'anna', origin: 'test' }).catch(known);
  }

  /** Nothing stands in the way any more, and somebody does what there is to do: every run comes to an end. */
  async end(): Promise<readonly Run[]> {
    for (const path of PATHS) this.#peer.reply(path, { status: 200, body: { id: 'R-1' } });
    await this.play({ kind: 'release' });
    const deadline = Date.now() + 30_000;
    for (let asked = 0; ; await pause(10)) {
      const runs = await this.#a.runs();
      const open = runs.filter(({ status }) => !isFinal(status));
      // A run that is worked on would lose its lease.
      if (open.every(({ wait }) => wait !== undefined)) await this.#turn(60_000);
      if (open.length === 0) return runs;
      assert.ok(Date.now() < deadline && asked < 200, `never ends: ${JSON.stringify(open)}`);
      for (const { id, wait } of open) {
        if (wait?.for !== 'person') continue;
        asked++;
        const { fits } = await this.#a.install.administration.inboxItem({ run: id });
        assert.notDeepEqual(fits, [], `nobody can do anything about run ${id}`);
        for (const kind of ['retry', 'skip', 'cancel'] as const) await this.#command(id, kind, true);
      }
    }
  }
}

function known(thrown: unknown): void {
  if (!(thrown instanceof MapwrightError)) throw thrown;
}

async function played(t: TestContext, { plan, doubt, replies, deeds }: Script): Promise<void> {
  const peer = await ScriptedPeer.open(t);
  for (const [index, path] of PATHS.entries()) peer.reply(path, REPLIES[replies[index] ?? 0] ?? 200);
  const clock = new Wheel();
  const service = shop(peer, '<timeout total="400ms"/><limit concurrent="2"/><breaker failures="2" probe-every="5s"/>');
  const documents = [
    ORDERS,
    service,
    mapOf('login', 'method="GET" path="/login"/>', '<response><output path="id" context="session"/></response>'),
    mapOf(
      'send-order',
      DOUBTS[doubt] ?? '',
      `<parameters><parameter name="no" field="order_no"/></parameters>${OUTPUT}`,
    ),
    mapOf('find-order', 'method="GET" path="/find"/>', '<response><output path="id" field="remote"/></response>'),
    mapOf('tell', 'method="PUT" path="/tell"/>'),
    mapOf(
      'logout',
      'method="GET" path="/logout"/>',
      '<parameters><parameter name="s" context="session"/></parameters>',
    ),
    workflow(0, PLANS[plan] ?? ''),
  ];
  const a = await TestInstall.open(t, { documents, clock });
  try {
    for (let number = 1; number <= ORDER_COUNT; number++) await a.create({ order_no: `SO-${number}` }, 'Orders');
    const history = new History(a, peer, clock, PLANS[plan] ?? '');
    for (const one of deeds) await history.play(one);
    for (const run of await history.end()) await requireSound(a, run);
    assert.deepEqual(
      a.log.filter((line) => line.startsWith('fault')),
      [],
    );
  } finally {
    await a.close();
  }
}

/** What is true of every run that has ended. */
async function requireSound(a: TestInstall, { id, status, progress, handled }: Run): Promise<void> {
  const steps = await a.steps(id);
  const open = steps.filter((step) => step.status === 'running' || step.status === 'waiting');
  assert.deepEqual(open, [], `run ${id} (${status}) has ended, and its steps have not`);
  assert.equal(progress['order'], undefined);
  for (const task of ['send', 'send-it', 'tell']) {
    const done = steps.filter((step) => step.task === task && step.purpose === 'main' && step.status === 'done');
    assert.ok(done.length <= 1, `run ${id} did ${task} ${done.length} times`);
  }
  const { item } = await a.install.administration.inboxItem({ run: id });
  const needsSomebody = item?.state === 'open';
  assert.equal(needsSomebody, status === 'failed' && !handled, `run ${id} is ${status} and its row is ${item?.state}`);
}

describe('a run to which anything at all happens', () => {
  it('comes to an end, and leaves nothing open behind it', async (t) => {
    await fc.assert(
      fc.asyncProperty(scripts, (script) => played(t, script)),
      {
        numRuns: Number(process.env['MAPWRIGHT_HISTORIES'] ?? 10),
        endOnFailure: true,
      },
    );
  });
});
