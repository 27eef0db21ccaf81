import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { type ServedInstall, serveInstall } from '../../src/cli/serve-install.ts';
import { freePort } from '../../tools/stage/free-port.ts';
import { startServer } from '../../tools/stage/server-process.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';
import { temporaryFolder } from './command-line.ts';
import { figures } from './observed/observed-install.ts';
import { until } from './poll.ts';

interface Place {
  readonly folder: string;
  readonly database: string;
  serve(): Promise<ServedInstall>;
}

async function place(t: TestContext): Promise<Place> {
  const folder = await temporaryFolder(t);
  const database = await emptyDatabase();
  const closing: (() => Promise<unknown>)[] = [() => dropDatabase(database)];
  t.after(async () => {
    for (const close of closing.toReversed()) await close();
  });
  return {
    folder,
    database,
    async serve() {
      const log = (): void => undefined;
      const served = await serveInstall({ folder, database, host: '127.0.0.1', port: 0, log });
      closing.push(() => served.stop());
      return served;
    },
  };
}

it('a worker answers how it is, gives its figures, and serves nothing else', async (t) => {
  const { folder, database, serve } = await place(t);
  await serve();
  const port = await freePort();
  const worker = startServer({ folder, database, port, command: 'worker' });
  t.after(() => worker.stop().catch(() => undefined));
  await worker.ready;
  const url = `http://127.0.0.1:${port}`;
  const status = async (path: string): Promise<number> => {
    const response = await fetch(url + path);
    await response.body?.cancel();
    return response.status;
  };
  const ready = await until('it is ready', async () => {
    const response = await fetch(`${url}/ready`);
    const body = (await response.json()) as { readonly checks: Readonly<Record<string, { readonly ok: boolean }>> };
    return response.status === 200 ? body : undefined;
  });
  assert.deepEqual(
    Object.entries(ready.checks).filter(([, { ok }]) => !ok),
    [],
  );
  assert.ok('store' in ready.checks && 'worker' in ready.checks);
  assert.equal(await status('/health'), 200);
  const seen = await figures(url);
  assert.deepEqual([seen.get('mapwright_worker_working'), seen.get('mapwright_store_readable')], [1, 1]);
  assert.equal(seen.has('mapwright_runs_due'), true);
  const elsewhere = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
  assert.equal(elsewhere.status, 401);
  for (const path of ['/webservice.php', '/api/v1/runs', '/api/v1/openapi.json']) assert.equal(await status(path), 404);
  await worker.stop();
  await assert.rejects(fetch(`${url}/health`));
});

it('nodes count failed logins together', async (t) => {
  const { serve } = await place(t);
  const nodes = [await serve(), await serve()];
  const statuses: number[] = [];
  for (let tries = 0; tries < 8; tries++) {
    const response = await fetch(`${nodes[tries % 2]?.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'admin', password: 'four words somebody guesses' }),
    });
    await response.body?.cancel();
    statuses.push(response.status);
  }
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
});
