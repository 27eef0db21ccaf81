import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { createHttpConnector } from '../../src/connector/http-connector.ts';
import type { CallOutcome } from '../../src/core/call.ts';
import { wholeBody } from '../../src/core/large-body.ts';
import { FaultProxy } from '../../tools/chaos/fault-proxy.ts';
import { FAULT_NAMES, type FaultName } from '../../tools/chaos/faults.ts';
import { freePort } from '../../tools/stage/free-port.ts';
import { type HostilePeer, openHostilePeer } from './hostile-peer.ts';

const OPTIONS = JSON.stringify({ ClientRequestIdentifier: 'mw-0-1-create' });

/** What comes of a call that creates a product: the code of the failure, or the status; and how often B was asked to create. */
const EXPECTED: Readonly<Record<FaultName, readonly [outcome: RegExp, created: number]>> = {
  refused: [/^CALL_REFUSED$/u, 0],
  hanging: [/^CALL_TIMEOUT$/u, 0],
  slow: [/^200$/u, 1],
  // The system may drop what has arrived when the reset comes.
  reset: [/^CALL_(?:CUT_OFF|RESET)$/u, 1],
  'cut-off': [/^CALL_CUT_OFF$/u, 1],
  'status-500': [/^500$/u, 0],
  'status-429': [/^429$/u, 0],
  'status-503': [/^503$/u, 0],
  'html-page': [/^200$/u, 0],
  refusal: [/^200$/u, 0],
  'wrong-json': [/^200$/u, 0],
  redirect: [/^302$/u, 0],
  'endless-body': [/^CALL_TOO_LARGE$/u, 0],
  'session-expired': [/^200$/u, 1],
  'answer-lost': [/^CALL_RESET$/u, 1],
};

interface ProxiedPeer {
  readonly peer: HostilePeer;
  readonly proxy: FaultProxy;
  /** Waits for long: a busy machine takes its time. */
  create(limitMs?: number): Promise<CallOutcome>;
}

const PATIENCE_MS = 20_000;
/** For a call that is not answered at all. */
const HANGING_MS = 1_500;

async function openProxied(t: TestContext): Promise<ProxiedPeer> {
  const peer = await openHostilePeer(t);
  const port = await freePort();
  const proxy = await FaultProxy.open({ target: peer.url, port, random: () => 0 });
  const connector = createHttpConnector({
    egress: () => ({ allow: ['127.0.0.1:*'] }),
    clock: { now: () => Date.now() },
  });
  t.after(async () => {
    await connector.close();
    await proxy.close();
  });
  return { peer, proxy, create: async (limitMs = PATIENCE_MS) => connector.send(requestTo(port, limitMs), {}) };
}

function requestTo(port: number, totalTimeoutMs: number) {
  const body = new URLSearchParams({ operation: 'create', sessionName: 's', cbwsOptions: OPTIONS }).toString();
  return {
    method: 'POST',
    url: `http://127.0.0.1:${port}/webservice.php`,
    headers: [['content-type', 'application/x-www-form-urlencoded']] as const,
    body,
    connectTimeoutMs: PATIENCE_MS,
    totalTimeoutMs,
    maxAnswerBytes: 1_000_000,
  };
}

function told(outcome: CallOutcome): string {
  return outcome.kind === 'failed' ? outcome.failure.code : String(outcome.answer.status);
}

function bodyOf(outcome: CallOutcome): string {
  return outcome.kind === 'failed'
    ? assert.fail(outcome.failure.code)
    : Buffer.from(wholeBody(outcome.answer.body)).toString();
}

describe('the proxy between two installs', () => {
  for (const fault of FAULT_NAMES) {
    it(`does what is said of ${fault}, and no more once it is healed`, async (t) => {
      const { peer, proxy, create } = await openProxied(t);
      await proxy.begin({ fault, writesOnly: false });
      const outcome = await create(fault === 'hanging' ? HANGING_MS : PATIENCE_MS);
      const [expected, created] = EXPECTED[fault];
      assert.match(told(outcome), expected);
      assert.equal(peer.of('create').length, created);
      assert.equal(proxy.harmedBy(fault), 1);
      await proxy.heal();
      assert.equal(told(await create()), '200');
      assert.equal(peer.of('create').length, created + 1);
      assert.equal(proxy.harmedBy(fault), 1);
    });
  }

  it('has a session ended at B before B gets the call', async (t) => {
    const { peer, proxy, create } = await openProxied(t);
    await proxy.begin({ fault: 'session-expired', writesOnly: true });
    assert.match(bodyOf(await create()), /AUTHENTICATION_REQUIRED/u);
    assert.deepEqual(
      peer.requests.map(({ operation, parameters }) => [operation, parameters['sessionName']]),
      [
        ['logout', 's'],
        ['create', 's'],
      ],
    );
  });

  it('notes when the calls of a step came by, harmed or not', async (t) => {
    const { proxy, create } = await openProxied(t);
    await create();
    await proxy.begin({ fault: 'status-500', writesOnly: true });
    const before = Date.now();
    await create();
    const noted = proxy.arrivals.get('mw-0-1-create');
    assert.equal(noted?.count, 2);
    assert.ok(noted.lastAt >= before);
  });

  it('breaks the connection when B is not there', async (t) => {
    const { proxy, create } = await openProxied(t);
    await proxy.close();
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const port = await freePort();
    const alone = await FaultProxy.open({ target: nobody, port, random: () => 0 });
    t.after(() => alone.close());
    assert.equal(told(await create()), 'CALL_REFUSED');
    await assert.rejects(fetch(`http://127.0.0.1:${port}/webservice.php`));
  });
});

/** Resets a connection in the moment in which it is being closed; ends by itself when nothing is left open. */
const RESET_WHILE_CLOSING = `
  import { connect, createServer } from 'node:net';
  import { resetConnection } from ${JSON.stringify(new URL('../../tools/chaos/reset-connection.ts', import.meta.url).href)};
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.end('x');
    process.nextTick(() => {
      resetConnection(socket);
      server.close();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const client = connect(server.address().port, '127.0.0.1');
    client.on('error', () => undefined).resume();
  });
`;

describe('a connection that is reset while it is being closed', () => {
  it('does not keep the process from ending', async (t) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', RESET_WHILE_CLOSING], { timeout: 20_000 });
    t.after(() => child.kill('SIGKILL'));
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
});
