import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { createBullmqDispatcher } from '../../src/dispatch/bullmq-dispatcher.ts';
import { freePort } from '../../tools/stage/free-port.ts';
import { dispatcherContract } from '../contract/dispatcher-contract.ts';

// Needs `redis-server` on the PATH (Debian: apt-get install redis-server), which no npm package brings.
const clock = { now: () => Date.now() };
if (spawnSync('redis-server', ['--version']).status === 0) {
  const url = await startRedis();
  dispatcherContract('BullMQ on Redis', async ({ sweepMs }) =>
    createBullmqDispatcher({ url, clock, sweepMs, installId: randomUUID(), onFault: () => undefined }),
  );
}

/** A server of its own on a free port, ended after the tests; resolves once it takes connections. */
async function startRedis(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-redis-'));
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const server = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  after(async () => {
    server.kill('SIGKILL');
    await once(server, 'close');
    await rm(folder, { recursive: true });
  });
  for await (const chunk of server.stdout) {
    if (String(chunk).includes('Ready to accept connections')) break;
  }
  return `redis://127.0.0.1:${port}`;
}
