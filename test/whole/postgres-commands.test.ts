import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openInstall } from '../../src/runtime/install.ts';
import { dropDatabase, emptyDatabase, statement } from '../store/postgres-cluster.ts';
import { mapwright, refused } from './command-here.ts';
import { serve, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  '<field name="subject" label="Subject" type="string"/>',
);

async function emptyPlace(t: TestContext): Promise<{ readonly folder: string; readonly env: Record<string, string> }> {
  const database = await emptyDatabase();
  t.after(() => dropDatabase(database));
  return { folder: await temporaryFolder(t), env: { DATABASE_URL: database } };
}

describe('commands on a PostgreSQL database', () => {
  it('make nothing by looking, and say what is wrong with an address', async (t) => {
    const { folder, env } = await emptyPlace(t);
    await refused('CLI_NO_INSTALL', ['runs', 'list', '--dir', folder], { env });
    await refused('CLI_USAGE', ['migrate', '--dir', folder], { env: { DATABASE_URL: '' } });
    await refused('STORE_URL_INVALID', ['setting', 'list', '--dir', folder], { env: { DATABASE_URL: 'db.example' } });
    assert.equal(existsSync(join(folder, 'mapwright.key')), false);
  });

  it('take an install along, and nobody works on the old one any more', async (t) => {
    const { folder, env } = await emptyPlace(t);
    const old = await openInstall({ folder, env: {} });
    await old.administration.apply({ documents: [ORDERS], prune: false, dryRun: false, by: 'test' });
    const { id } = await old.administration.createRecord({ module: 'Orders', values: { subject: 'first' } });
    await old.administration.setSecret({ name: 'key', value: 'geheim', by: 'test' });
    await old.close();
    await refused('STORE_NOT_MOVED', ['setting', 'set', 'a', '1', '--dir', folder], { env });

    const moved = await mapwright(['move-to-postgres', '--dir', folder, '--json'], { env });
    assert.equal(moved.exitCode, 0, moved.errors);
    assert.doesNotMatch(moved.output + moved.errors, /secret@/u);
    await refused('STORE_MOVED', ['setting', 'set', 'a', '1', '--dir', folder], { env: { DATABASE_URL: '' } });

    const nodes = await Promise.all([serve(t, folder, { env }), serve(t, folder, { env })]);
    const listed = await statement(env['DATABASE_URL'] ?? '', 'SELECT count(*)::integer AS count FROM nodes');
    assert.deepEqual(listed, [{ count: 2 }]);
    const shown = await mapwright(['record', 'show', id, '--dir', folder, '--json'], { env });
    assert.match(shown.output, /"first"/u);
    for (const node of nodes) assert.deepEqual(await node.end('SIGTERM'), [0, null]);
  });

  it('refuse a node without the key, and one with another', async (t) => {
    const { folder, env } = await emptyPlace(t);
    const first = await serve(t, folder, { env });
    await refused('KEY_MISSING', ['setting', 'list', '--dir', await temporaryFolder(t)], { env });
    const other = { ...env, MAPWRIGHT_KEY: 'ab'.repeat(32) };
    await refused('SECRET_UNREADABLE', ['serve', '--port', '0', '--dir', folder], { env: other });
    await first.end('SIGTERM');
  });

  it('end a node that a newer program has left behind', async (t) => {
    const { folder, env } = await emptyPlace(t);
    const node = await serve(t, folder, { env });
    await statement(env['DATABASE_URL'] ?? '', "INSERT INTO schema_versions VALUES (1000, 'x', 1000, 1)");
    await until('the node ends', () => (node.child.exitCode === null ? undefined : true));
    assert.equal(node.child.exitCode, 1);
    await refused('STORE_NEWER', ['serve', '--port', '0', '--dir', folder], { env });
  });
});
