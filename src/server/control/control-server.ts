import { unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { getRequestListener } from '@hono/node-server';
import { MapwrightError } from '../../core/error.ts';
import type { Administration } from '../../runtime/administration.ts';
import { OpenConnections } from '../open-connections.ts';
import { controlAddress, prepareSocketFolder } from './control-address.ts';
import { createControlApp } from './control-app.ts';
import { greet } from './control-client.ts';

/** A control socket that is served. */
export interface ControlServer {
  /** Takes no more calls, waits up to ten seconds for those under way, and removes the socket. */
  close(): Promise<void>;
}

/**
 * Serves an install's Administration to other processes of the same user over a local socket (mode 0600).
 * A socket file that nobody serves is replaced. Rejects with CONTROL_IN_USE when another process serves it.
 */
export async function startControlServer(params: {
  readonly folder: string;
  /** The administration in the name of whoever gives the command at this machine. */
  readonly administrationOf: (operator: string) => Administration;
}): Promise<ControlServer> {
  const address = await controlAddress(params.folder);
  const onPipe = process.platform === 'win32';
  if (!onPipe) await clearTheWay(address);
  const app = createControlApp(params.administrationOf);
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const connections = new OpenConnections(server);
  await listen(server, address);
  return { close: () => connections.close(GRACE_MS) };
}

/** A command that hangs must not keep the server from ending. */
const GRACE_MS = 10_000;

async function clearTheWay(address: string): Promise<void> {
  if ((await greet(address)) !== undefined) {
    throw new MapwrightError('CONTROL_IN_USE', `another process serves this install at ${address}`, {
      hint: 'stop that server first',
    });
  }
  await prepareSocketFolder(address);
  await unlink(address).catch(ignoreMissing);
}

function ignoreMissing(thrown: unknown): void {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown;
}

async function listen(server: Server, address: string): Promise<void> {
  // The socket is made inside listen(), with the mode the mask leaves: nobody else can connect in between.
  const mask = process.umask(0o177);
  try {
    server.listen(address);
  } finally {
    process.umask(mask);
  }
  await once(server, 'listening');
}
