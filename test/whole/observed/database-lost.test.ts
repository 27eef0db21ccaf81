import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveInstall } from '../../../src/cli/serve-install.ts';
import { dropDatabase, emptyDatabase } from '../../store/postgres-cluster.ts';
import { temporaryFolder } from '../command-line.ts';
import { until } from '../poll.ts';
import { figures } from './observed-install.ts';

test('a server whose database has gone lives, takes no work, and shows no old figures', async (t) => {
  const database = await emptyDatabase();
  const folder = await temporaryFolder(t);
  const lines: string[] = [];
  const server = await serveInstall({
    folder,
    database,
    host: '127.0.0.1',
    port: 0,
    log: (line) => void lines.push(line),
    logFormat: 'json',
  });
  t.after(() => server.stop().catch(() => undefined));
  assert.equal((await fetch(`${server.url}/ready`)).status, 200);
  assert.equal((await figures(server.url)).get('mapwright_runs_unfinished'), 0);
  await dropDatabase(database);
  const lost = await until('it says that it takes no work', async () => {
    const response = await fetch(`${server.url}/ready`);
    return response.status === 503 ? response : undefined;
  });
  const text = await lost.text();
  assert.match(text, /STORE_UNAVAILABLE/u);
  assert.doesNotMatch(text, /postgres:|secret/u);
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
  const seen = await until('the figures are known to be old', async () => {
    const now = await figures(server.url);
    return now.get('mapwright_store_readable') === 0 ? now : undefined;
  });
  assert.equal(seen.has('mapwright_runs_unfinished'), false);
  assert.equal(seen.has('mapwright_oldest_due_run_age_seconds'), false);
  await until('the log tells of it', () => lines.find((line) => line.includes('"event":"fault"')));
  assert.doesNotMatch(lines.join('\n'), /mapwright:secret/u);
});
