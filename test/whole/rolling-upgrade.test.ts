import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { openInstall } from '../../src/runtime/install.ts';
import { knownLevel } from '../../src/store/postgres/schema-version.ts';
import { dropDatabase, emptyDatabase, statement } from '../store/postgres-cluster.ts';
import { BIN, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';
import { ScriptedPeer } from './scripted-peer.ts';

const ROOT = join(import.meta.dirname, '../..');
const RUNS_BETWEEN = 20;

const DOCUMENTS = [
  nativeDocument(
    'module',
    'name="Parcels" label="Parcels" prefix="44" title="label"',
    '<field name="label" label="Label" type="string" length="100"/>',
  ),
  nativeDocument('service', 'name="carrier" url="{setting.carrier_url}"', ''),
  nativeDocument(
    'map',
    'name="ship" module="Parcels" service="carrier"',
    '<call method="POST" path="/ship" body="json" in-doubt="resend"/><parameters><parameter name="label" field="label"/></parameters>',
  ),
  nativeDocument(
    'workflow',
    'name="parcel-made" module="Parcels"',
    '<trigger on="create"/><tasks><webservice id="ship" map="ship"/></tasks>',
  ),
];

/** This program as its next version may be: with one more migration. */
async function nextVersion(t: TestContext, sql: string): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const part of ['src', 'bin', 'package.json'])
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const store = join(folder, 'src/store/postgres');
  const file = join(store, 'migrations/meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8')) as { entries: Record<string, unknown>[] };
  const last = journal.entries.at(-1) ?? assert.fail('there are no migrations');
  journal.entries.push({ ...last, idx: journal.entries.length, when: Number(last['when']) + 1, tag: '9999_next' });
  await writeFile(file, JSON.stringify(journal));
  await appendFile(join(store, 'migrations/9999_next.sql'), sql);
  return folder;
}

interface Worker {
  readonly child: ChildProcess;
  errors(): string;
}

/** `mapwright worker` of the program in this folder. */
async function startWorker(
  t: TestContext,
  program: string,
  { folder, database }: { readonly folder: string; readonly database: string },
): Promise<Worker> {
  const child = spawn(process.execPath, [program, 'worker', '--port', '0', '--dir', folder], {
    env: { ...process.env, DATABASE_URL: database },
  });
  t.after(() => child.kill('SIGKILL'));
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await until('the worker works', () => {
    if (child.exitCode !== null) assert.fail(errors);
    return output.includes('Ctrl+C') ? true : undefined;
  });
  return { child, errors: () => errors };
}

it('nodes are updated one after another while runs go on', async (t) => {
  const database = await emptyDatabase();
  t.after(() => dropDatabase(database));
  const folder = await temporaryFolder(t);
  const peer = await ScriptedPeer.open(t);
  const own = { folder, database };
  const desk = await openInstall({ ...own, env: {} });
  const { administration } = desk;
  await administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
  await administration.setSetting({ name: 'carrier_url', value: peer.url });
  await administration.apply({ documents: DOCUMENTS, prune: false, dryRun: false, by: 'test' });
  const save = () => desk.crm.create({ actor: { user: '19x1' }, module: 'Parcels', element: { label: 'Bolts' } });
  const saves = () => Promise.all(Array.from({ length: RUNS_BETWEEN }, save));
  const completed = (count: number) =>
    until(`${count} runs complete`, async () => {
      const { completed: done } = (await administration.status()).runs;
      return done === count ? true : undefined;
    });

  const old = await startWorker(t, BIN, own);
  const ended = once(old.child, 'exit');
  await saves();
  await completed(RUNS_BETWEEN);

  const expanding = await nextVersion(t, 'ALTER TABLE runs ADD COLUMN next_thing text;');
  const newer = await startWorker(t, join(expanding, 'bin/mapwright.js'), own);
  const [level] = await statement(database, 'SELECT max(level) AS level FROM schema_versions');
  assert.equal(Number(level?.['level']), knownLevel() + 1);
  await saves();
  await completed(2 * RUNS_BETWEEN);
  assert.equal(old.child.exitCode, null, 'the old node ended although it may go on');

  // What the next version but one takes away is what this one still uses; here, all but the word of it.
  await statement(
    database,
    `INSERT INTO schema_versions (level, hash, minimum_level, applied_at)
     VALUES (${knownLevel() + 2}, 'the next but one', ${knownLevel() + 1}, 0)`,
  );
  await saves();
  assert.deepEqual(await ended, [1, null]);
  assert.match(old.errors(), /STORE_NEWER/u);
  await completed(3 * RUNS_BETWEEN);
  assert.equal(newer.child.exitCode, null);
  const keys = peer.of('/ship').map(({ headers }) => headers['idempotency-key']);
  assert.equal(new Set(keys).size, 3 * RUNS_BETWEEN);
  assert.equal(keys.length, 3 * RUNS_BETWEEN, 'a step was sent again although no node died');
  await desk.close();
});
