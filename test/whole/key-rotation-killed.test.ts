import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it, type TestContext } from 'node:test';
import type { KeyRotation } from '../../src/runtime/administration.ts';
import { openStore } from '../../src/runtime/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { accept, sampleRun } from '../contract/sample-runs.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';
import { type StoredText, countSealed, postgresTexts, sqliteTexts } from '../store/stored-texts.ts';
import { mapwright, temporaryFolder } from './command-line.ts';

const CHILD = fileURLToPath(new URL('./rotation-child.ts', import.meta.url));
const TOKENS = 500;
const RUNS = 4_100;
const SECRETS = 400;

interface Place {
  readonly folder: string;
  readonly database: string | undefined;
  open(): Promise<Store>;
  texts(): Promise<readonly StoredText[]>;
  /** Changes the key until it dies at this call. */
  dieAt(method: string, calls: number): Promise<void>;
  /** The command itself. */
  rotate(...options: string[]): Promise<KeyRotation>;
}

async function place(t: TestContext, database?: string): Promise<Place> {
  const folder = await temporaryFolder(t);
  const env = database === undefined ? {} : { DATABASE_URL: database };
  return {
    folder,
    database,
    open: () => openStore({ folder, database, env: {}, clock: { now: () => Date.now() } }),
    texts: async () => (database === undefined ? sqliteTexts(folder) : postgresTexts(database)),
    async dieAt(method, calls) {
      const child = spawn(process.execPath, [CHILD, folder, database ?? '', method, String(calls)], {
        stdio: 'inherit',
      });
      const [code, signal] = await once(child, 'exit');
      assert.deepEqual([code, signal], [null, 'SIGKILL'], method);
    },
    async rotate(...options) {
      const ended = await mapwright(['secret', 'rotate-key', '--json', '--dir', folder, ...options], { env });
      assert.equal(ended.exitCode, 0, ended.errors);
      return JSON.parse(ended.output) as KeyRotation;
    },
  };
}

/** Gives how many values were sealed. */
async function fill(at: Place, counts: { tokens: number; runs: number; secrets: number }): Promise<number> {
  const store = await at.open();
  const { sealer } = store;
  await store.identities.addUser({ name: 'admin', admin: true, accessKey: 'access', at: 1 });
  const put = (_: unknown, number: number): Promise<void> =>
    store.tokens.put({
      credential: 'c',
      subject: String(number),
      sealed: sealer.seal(`t${number}`),
      fingerprint: 'f',
      at: 1,
    });
  await Promise.all(Array.from({ length: counts.tokens }, put));
  const context = (number: number) => ({ token: { $sealed: sealer.seal(JSON.stringify(`r${number}`)) }, number });
  await accept(
    store,
    5,
    ...Array.from({ length: counts.runs }, (_, number) => sampleRun({ lane: '', context: context(number) })),
  );
  const set = (_: unknown, number: number): Promise<void> =>
    store.secrets.set({ name: `s${number}`, value: `v${number}`, at: 1, by: 'a' });
  await Promise.all(Array.from({ length: counts.secrets }, set));
  await store.close();
  return counts.tokens + counts.runs + counts.secrets + 1;
}

async function requireReadable(at: Place, counts: { tokens: number; runs: number; secrets: number }): Promise<void> {
  const store = await at.open();
  try {
    await store.keys.requireFit();
    assert.equal(await store.identities.accessKey('19x1'), 'access');
    const tokens = (await store.tokens.list()).map(({ subject, sealed }) => [subject, store.sealer.open(sealed ?? '')]);
    assert.equal(tokens.length, counts.tokens);
    for (const [subject, token] of tokens) assert.equal(token, `t${subject}`);
    for (let number = 0; number < counts.secrets; number += 37) {
      assert.equal(await store.secrets.get(`s${number}`), `v${number}`);
    }
    const runs = await store.journal.runs({ limit: counts.runs });
    assert.equal(runs.length, counts.runs);
    for (const { context } of runs) {
      const { token, number } = context as { readonly token: { readonly $sealed: string }; readonly number: number };
      assert.equal(store.sealer.open(token.$sealed), `"r${number}"`);
    }
  } finally {
    await store.close();
  }
}

/** Sealed values by the id of their key. */
async function byKey(at: Place): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const [where, count] of Object.entries(countSealed(await at.texts()))) {
    const key = where.split(' ')[1] ?? '';
    counts[key] = (counts[key] ?? 0) + count;
  }
  return counts;
}

async function rotatedAfterDeath(at: Place): Promise<void> {
  const counts = { tokens: TOKENS, runs: RUNS, secrets: SECRETS };
  const count = await fill(at, counts);
  const [[old = '', before] = []] = Object.entries(await byKey(at));
  assert.equal(before, count);
  assert.equal((await at.rotate('--dry-run')).resealed, count);
  await at.dieAt('walk', 30);
  const half = await byKey(at);
  assert.ok((half[old] ?? 0) > 0 && (half[old] ?? 0) < count, `${half[old]} of ${count} are left`);
  assert.equal(
    Object.values(half).reduce((sum, one) => sum + one, 0),
    count,
  );
  await requireReadable(at, counts);
  const ended = await at.rotate();
  assert.deepEqual([ended.stage, ended.resealed, ended.unknown], ['done', half[old], {}]);
  assert.deepEqual(await byKey(at), { [ended.to ?? '']: count });
  assert.deepEqual(ended.oldKeys, [join(at.folder, `mapwright.key.old-${old}`)]);
  assert.equal((await readFile(join(at.folder, 'mapwright.key'), 'utf8')).trim().length, 64);
  await requireReadable(at, counts);
}

it('a change of the key that was killed goes on, on SQLite', async (t) => {
  await rotatedAfterDeath(await place(t));
});

it('a change of the key that was killed goes on, on PostgreSQL', async (t) => {
  const database = await emptyDatabase();
  t.after(() => dropDatabase(database));
  await rotatedAfterDeath(await place(t, database));
});

it('killed at any step, what is stored can be read, and the next change ends with one key', async (t) => {
  const at = await place(t);
  const counts = { tokens: 150, runs: 20, secrets: 30 };
  const count = await fill(at, counts);
  for (const [method, calls] of [
    ['makeNext', 1],
    ['goOverTo', 1],
    ['walk', 3],
    ['finish', 1],
  ] as const) {
    await at.dieAt(method, calls);
    await requireReadable(at, counts);
    const ended = await at.rotate();
    assert.equal(ended.stage, 'done', method);
    assert.deepEqual(await byKey(at), { [ended.to ?? '']: count }, method);
    assert.equal((await readFile(join(at.folder, 'mapwright.key'), 'utf8')).trim().split('\n').length, 1, method);
    await requireReadable(at, counts);
  }
  // Each key that was ever in use is still there, for the backups that were made under it.
  const old = (await readdir(at.folder)).filter((name) => name.startsWith('mapwright.key.old-'));
  assert.ok(old.length >= 4, old.join(' '));
});
