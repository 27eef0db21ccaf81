import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { MapwrightError } from '../../src/core/error.ts';
import type { Administration } from '../../src/runtime/administration.ts';
import { connectControl } from '../../src/server/control/control-client.ts';
import { orderInstall, sentOrders } from './backup-fixture.ts';
import { type ServedProcess, serve } from './command-line.ts';
import { until } from './poll.ts';
import { ScriptedPeer } from './scripted-peer.ts';
import { type SmallDisk, smallDisk } from './small-disk.ts';

interface Stage {
  readonly disk: SmallDisk;
  readonly peer: ScriptedPeer;
  readonly server: ServedProcess;
  readonly pid: number;
  readonly administration: Administration;
}

/** A served install on a small disk, which sends its orders to the peer. */
async function staged(t: TestContext): Promise<Stage> {
  const peer = await ScriptedPeer.open(t);
  const disk = await smallDisk(t);
  const folder = join(disk.folder, 'data');
  await cp(await orderInstall(t, peer), folder, { recursive: true });
  const server = await serve(t, folder, { env: { MAPWRIGHT_KEY: '' } });
  const administration = await connectControl(folder);
  assert.ok(administration !== undefined && server.child.pid !== undefined, `nobody serves: ${server.log()}`);
  return { disk, peer, server, pid: server.child.pid, administration };
}

function save(administration: Administration, order: string) {
  return administration.createRecord({ module: 'Orders', values: { order_no: order } });
}

/** Saves until there is no room for more; gives how many were accepted. */
async function saveUntilRefused(administration: Administration): Promise<number> {
  for (let accepted = 0; ; accepted++) {
    const refusal = await save(administration, `more-${accepted}`).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (refusal === undefined) continue;
    assert.ok(refusal instanceof MapwrightError, String(refusal));
    assert.deepEqual([refusal.code, refusal.retryable], ['STORE_UNAVAILABLE', true]);
    assert.ok((refusal.hint ?? '') !== '');
    return accepted;
  }
}

async function statusOf(server: ServedProcess, path: string, status: number): Promise<true> {
  return until(`${path} answers ${status}`, async () =>
    (await fetch(server.url + path)).status === status ? true : undefined,
  );
}

describe('a full disk', () => {
  it('refuses saves, stops no server, and loses nothing; with room again everything goes on', async (t) => {
    const { disk, peer, server, pid, administration } = await staged(t);
    const waiting: ServerResponse[] = [];
    peer.reply('/orders', (response) => void waiting.push(response), 200);
    await save(administration, 'SO-1');
    await until('the call is under way', () => waiting[0]);
    await disk.fill(pid);
    const accepted = await saveUntilRefused(administration);
    await statusOf(server, '/ready', 503);
    assert.equal((await fetch(`${server.url}/health`)).status, 200);
    // The answer comes while nothing can be written down.
    waiting[0]?.end('{}');
    await until('the log tells it', () => (server.log().includes('STORE_UNAVAILABLE') ? true : undefined));
    assert.equal(server.child.exitCode, null);
    await disk.free(pid);
    await statusOf(server, '/ready', 200);
    await save(administration, 'SO-2');
    const runs = await until('all runs end', async () => {
      const all = await administration.runs({ limit: 200_000 });
      return all.every(({ status }) => status === 'completed') ? all : undefined;
    });
    // What was accepted is there, what was refused is not, and the call that was under way was made once.
    assert.equal(runs.length, accepted + 2);
    const sent = sentOrders(peer);
    assert.deepEqual([sent.length, new Set(sent).size], [accepted + 2, accepted + 2]);
    assert.deepEqual(await administration.inbox({}), []);
    assert.deepEqual(await server.end('SIGTERM'), [0, null]);
  });

  it('does not keep a server from being stopped, nor the next one from going on', async (t) => {
    const { disk, peer, server, pid, administration } = await staged(t);
    await disk.fill(pid);
    const accepted = await saveUntilRefused(administration);
    await server.end('SIGTERM');
    await disk.free(pid).catch(() => undefined);
    const next = await serve(t, join(disk.folder, 'data'));
    await statusOf(next, '/ready', 200);
    const again = await connectControl(join(disk.folder, 'data'));
    await until('all runs end', async () => {
      const all = (await again?.runs({ limit: 200_000 })) ?? [];
      return all.length === accepted && all.every(({ status }) => status === 'completed') ? true : undefined;
    });
    assert.equal(new Set(sentOrders(peer)).size, accepted);
  });
});
