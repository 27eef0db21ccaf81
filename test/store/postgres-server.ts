// A PostgreSQL server for as long as whoever started this process lives: it ends with its standard input. Takes settings of
// the server: fsync=off.
import { rmSync } from 'node:fs';
import { embeddedServer } from '../../tools/stage/embedded-server.ts';

const { server, folder, port, log } = await embeddedServer([
  'max_connections=400',
  'shared_buffers=64MB',
  ...process.argv.slice(2),
]);

// Whoever ends this process, the server's own hook stops it first.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
// Listened for before anything takes long, so that an end in the meantime is not missed.
const ended = new Promise<void>((resolve) => void process.stdin.resume().once('end', resolve).once('close', resolve));
// A key pressed at a terminal reaches all of its processes; this one ends after the one it serves.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
try {
  await server.initialise();
  await server.start();
  process.stdout.write(`${port}\n`);
  await ended;
} catch (thrown) {
  process.stderr.write(`${log()}${String(thrown)}\n`);
  process.exitCode = 1;
} finally {
  await server.stop();
}
process.exit();
