import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openOn } from '../../store/postgres-install.ts';
import { giveBack, newDatabase } from '../../store/postgres-cluster.ts';
import { tokenPeer, type TokenPeer } from './token-peer.ts';
import { until } from '../../whole/poll.ts';

const CHILD = fileURLToPath(new URL('token-child.ts', import.meta.url));

/** A process of its own that calls when it is told to. */
class Caller {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(t: TestContext, params: readonly string[]) {
    this.#process = spawn(process.execPath, [CHILD, ...params], { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#process;
    this.#lines = createInterface({ input: stdout ?? assert.fail() })[Symbol.asyncIterator]();
    t.after(() => void this.#process.kill('SIGKILL'));
  }

  async next(): Promise<unknown> {
    const line = await this.#lines.next();
    return line.done === true ? undefined : JSON.parse(line.value);
  }

  go(): void {
    this.#process.stdin?.write('go\n');
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}

async function world(t: TestContext) {
  const database = await newDatabase();
  t.after(() => giveBack(database));
  // Made an install once, and by one.
  await (await openOn(database)).close();
  const peer = await tokenPeer(t, { refreshes: true });
  const caller = (calls: number, aheadMs = 0): Caller =>
    new Caller(t, [database, peer.tokenUrl, peer.url, String(calls), String(aheadMs)]);
  return { peer, caller };
}

/** All at once; each tells the different outcomes of its calls. */
async function together(callers: readonly Caller[]): Promise<unknown[]> {
  for (const caller of callers) assert.equal(await caller.next(), 'ready');
  for (const caller of callers) caller.go();
  return Promise.all(callers.map((caller) => caller.next()));
}

const grants = (peer: TokenPeer) => peer.asked.map(({ form }) => form.get('grant_type'));

describe('several processes on one database', () => {
  it('ask for one token, and renew it once', async (t) => {
    const { peer, caller } = await world(t);
    assert.deepEqual(await together([caller(100), caller(100)]), [[200], [200]]);
    assert.deepEqual(grants(peer), ['password']);
    const later = 3_600_000;
    assert.deepEqual(await together([caller(100, later), caller(100, later)]), [[200], [200]]);
    assert.deepEqual([grants(peer), peer.usedTwice], [['password', 'refresh_token'], []]);
  });

  it('take over from one that was killed while it asked', async (t) => {
    const { peer, caller } = await world(t);
    const open = Promise.withResolvers<void>();
    peer.gate = open.promise;
    const killed = caller(10);
    assert.equal(await killed.next(), 'ready');
    killed.go();
    await until('it asks', () => (peer.asked.length === 1 ? true : undefined));
    await killed.kill();
    peer.gate = Promise.resolve();
    open.resolve();
    assert.deepEqual(await together([caller(50, 31_000), caller(50, 31_000)]), [[200], [200]]);
    assert.deepEqual(grants(peer), ['password', 'password']);
  });
});
