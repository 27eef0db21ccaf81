import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openInstall } from '../../src/runtime/install.ts';
import { inspectBackup } from '../../src/store/sqlite/backup/backup-file.ts';
import { enlarge, namesIn, orderInstall } from './backup-fixture.ts';
import { BIN, mapwright, refused, serve, temporaryFolder } from './command-line.ts';
import { until } from './poll.ts';
import { ScriptedPeer } from './scripted-peer.ts';

describe('mapwright backup', () => {
  it('copies what a server works on, and saves do not wait for it', async (t) => {
    const folder = await orderInstall(t, await ScriptedPeer.open(t));
    enlarge(folder, 120);
    const install = await openInstall({ folder, env: {} });
    t.after(() => install.close(0));
    const file = join(await temporaryFolder(t), 'b.db');
    const { administration } = install;
    await administration.createRecord({ module: 'Orders', values: { order_no: 'before' } });
    const begun = await administration.beginBackup({ target: file });
    let savedMeanwhile = 0;
    const done = await until('the backup is done', async () => {
      const state = await administration.backupState();
      if (state?.stage !== 'copying') return state?.stage === 'checking' ? undefined : state;
      await administration.createRecord({ module: 'Orders', values: { order_no: `meanwhile ${savedMeanwhile}` } });
      // Counts only what was answered while the copy was still being made.
      if ((await administration.backupState())?.stage === 'copying') savedMeanwhile++;
      return undefined;
    });
    assert.deepEqual([done.stage, done.id, done.failure], ['done', begun.id, undefined]);
    assert.ok(savedMeanwhile > 0, 'no save was answered while the copy was made');
    const facts = inspectBackup(file);
    // One moment: a record and its run are both in it, or neither is.
    assert.ok(facts.records >= 1);
    assert.deepEqual([facts.records, facts.unfinished], [facts.runs, facts.runs]);
    assert.deepEqual(facts, done.facts);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('works beside a server and without one, overwrites nothing, and tells where the key is', async (t) => {
    const folder = await orderInstall(t, await ScriptedPeer.open(t));
    const file = join(await temporaryFolder(t), 'b.db');
    const server = await serve(t, folder);
    const made = await mapwright(['backup', file, '--dir', folder]);
    assert.equal(made.exitCode, 0, made.errors);
    assert.match(made.output, /mapwright\.key/u);
    const whole = await readFile(file);
    await refused('BACKUP_EXISTS', ['backup', file, '--dir', folder]);
    assert.deepEqual(await readFile(file), whole);
    await server.end('SIGTERM');
    await refused('BACKUP_EXISTS', ['backup', file, '--dir', folder]);
    assert.equal((await mapwright(['backup', file, '--replace', '--dir', folder])).exitCode, 0);
    assert.ok((inspectBackup(file).madeAt ?? 0) > 0);
    for (const name of ['mapwright.db', 'mapwright.key']) {
      await refused('BACKUP_TARGET', ['backup', join(folder, name), '--replace', '--dir', folder]);
    }
    await refused('BACKUP_TARGET', ['backup', join(folder, 'none', 'b.db'), '--dir', folder]);
    const audit = JSON.parse((await mapwright(['audit', '--json', '--dir', folder])).output);
    assert.ok(JSON.stringify(audit).includes('beginBackup'));
  });

  it('is written by a server on another machine into a folder of its own, by a plain name only', async (t) => {
    const folder = await orderInstall(t, await ScriptedPeer.open(t));
    const server = await serve(t, folder);
    const made = await mapwright(['token', 'create', 'nightly', '--scope', 'backups:write', '--json', '--dir', folder]);
    const env = {
      MAPWRIGHT_TOKEN: (JSON.parse(made.output) as { readonly secret: string }).secret,
      MAPWRIGHT_URL: server.url,
    };
    const refusal = await mapwright(['backup', '../b.db'], { env });
    assert.equal(refusal.exitCode, 1, refusal.output);
    const begun = await fetch(`${server.url}/api/v1/backups`, {
      method: 'POST',
      headers: { authorization: `Bearer ${env.MAPWRIGHT_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'remote.db' }),
    });
    assert.equal(begun.status, 202, await begun.text());
    const file = join(folder, 'backups', 'remote.db');
    await until('the backup is there', () => (existsSync(file) ? true : undefined));
    assert.equal(inspectBackup(file).revision, 1);
  });

  it('keeps the newest of a folder, and touches no other file in it', async (t) => {
    const folder = await orderInstall(t, await ScriptedPeer.open(t));
    const into = await temporaryFolder(t);
    await writeFile(join(into, 'mapwright-00000000-20200101-000000.db'), 'of another install');
    const backup = async (): Promise<string> => {
      const made = await mapwright(['backup', into, '--keep', '2', '--json', '--dir', folder]);
      assert.equal(made.exitCode, 0, made.errors);
      return (JSON.parse(made.output) as { readonly file: string }).file;
    };
    const first = await backup();
    // Older ones by their names, as those of last week are.
    for (const day of ['20200101', '20200102']) await writeFile(first.replace(/\d{8}-\d{6}/u, `${day}-000000`), '');
    const second = await until('a name of another second', async () => {
      const made = await backup();
      return made === first ? undefined : made;
    }).catch((thrown: unknown) => assert.fail(String(thrown)));
    assert.deepEqual(
      (await namesIn(into)).map((name) => join(into, name)),
      [join(into, 'mapwright-00000000-20200101-000000.db'), first, second].toSorted(),
    );
    await refused('BACKUP_TARGET', ['backup', join(into, 'named.db'), '--keep', '2', '--dir', folder]);
  });

  it('killed in the middle leaves the install as it was, and nothing that is taken for a backup', async (t) => {
    const folder = await orderInstall(t, await ScriptedPeer.open(t));
    enlarge(folder, 120);
    const into = await temporaryFolder(t);
    const child = spawn(process.execPath, [BIN, 'backup', join(into, 'b.db'), '--dir', folder], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await until('the copy has begun', async () => ((await namesIn(into)).length > 0 ? true : undefined));
    child.kill('SIGKILL');
    await ended;
    const left = await namesIn(into);
    assert.ok(left.length > 0 && left.every((name) => name.includes('.partial')), left.join());
    const made = await mapwright(['backup', join(into, 'b.db'), '--dir', folder]);
    assert.equal(made.exitCode, 0, made.errors);
    assert.deepEqual(await namesIn(into), ['b.db']);
    assert.equal(inspectBackup(join(into, 'b.db')).revision, 1);
  });
});
