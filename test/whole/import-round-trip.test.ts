import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { isFinal } from '../../src/core/run.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { mapwright } from './command-here.ts';
import { serve, temporaryFolder } from './command-line.ts';
import { shippedDocuments } from './documents.ts';
import { until } from './poll.ts';
import { ServedTest } from './served-install.ts';

const USER = ['--user', 'admin'];

/** A folder in which commands are given, with an install that may call this machine. */
async function target(t: TestContext, source: ServedTest) {
  const cwd = await temporaryFolder(t);
  const key = source.served.firstUser?.accessKey ?? assert.fail('the source had a user before');
  const env = { MAPWRIGHT_DIR: join(cwd, 'data'), MAPWRIGHT_IMPORT_KEY: key };
  const run = async (words: readonly string[], exitCode = 0) => {
    const ended = await mapwright(words, { cwd, env });
    assert.equal(ended.exitCode, exitCode, `${words.join(' ')}\n${ended.output}\n${ended.errors}`);
    return ended;
  };
  await run(['setting', 'set', 'egress.allow', '127.0.0.1:*']);
  return { cwd, env, key, run, url: source.served.url };
}

async function values(folder: string, id: string) {
  const install = await openInstall({ folder });
  try {
    return (await install.crm.retrieve(id)).values;
  } finally {
    await install.close(0);
  }
}

describe('a second install taking over a first', () => {
  it('takes modules, people, maps, workflows and records, and the product sync then runs between them', async (t) => {
    const source = await ServedTest.open(t, await shippedDocuments('product-sync'));
    const { administration } = source.install;
    await administration.addUser({
      name: 'anna',
      admin: false,
      firstName: 'Anna',
      email: 'anna@example.com',
      preferences: { dateFormat: 'dd-mm-yyyy', decimalSeparator: ',' },
    });
    await administration.addGroup({ name: 'support', description: 'answers' });
    await administration.addGroupMember({ group: 'support', user: 'anna' });
    const anna = (await administration.users()).find(({ name }) => name === 'anna')?.id ?? '';
    // No peer is set up at the source: its own workflows wait, which is nothing to this test.
    const id = await source.create('Products', { productname: 'Bolt "M8" & <Söhne> 螺栓', assigned_user_id: anna });
    const here = await target(t, source);

    await here.run(['import-module', here.url, ...USER, '--all']);
    await here.run(['import-maps', here.url, ...USER]);
    const module = await readFile(join(here.cwd, 'documents/modules/Products.xml'), 'utf8');
    assert.match(module, /name="Products" label="Products" prefix="14" title="productname"/u);
    const maps = await readdir(join(here.cwd, 'documents/maps'));
    assert.deepEqual(maps.filter((name) => name.startsWith('peer-')).toSorted(), [
      'peer-challenge.xml',
      'peer-login.xml',
      'peer-logout.xml',
    ]);
    assert.deepEqual((await readdir(join(here.cwd, 'documents/workflows'))).toSorted(), [
      'product-changed.xml',
      'product-created.xml',
    ]);
    await here.run(['check', 'documents']);
    await here.run(['apply', 'documents']);

    const people = await here.run(['import-users', here.url, ...USER, '--json']);
    const outcomes = (text: string) =>
      (JSON.parse(text) as { people: { name: string; outcome: string }[] }).people.map(
        ({ name, outcome }) => `${name} ${outcome}`,
      );
    assert.deepEqual(outcomes(people.output), ['admin unchanged', 'anna created', 'support created']);
    const again = await here.run(['import-users', here.url, ...USER, '--json']);
    assert.deepEqual(outcomes(again.output), ['admin unchanged', 'anna unchanged', 'support unchanged']);
    const listed = JSON.parse((await here.run(['user', 'list', '--json'])).output) as {
      users: { name: string; preferences?: unknown }[];
    };
    assert.deepEqual(listed.users.find(({ name }) => name === 'anna')?.preferences, {
      dateFormat: 'dd-mm-yyyy',
      decimalSeparator: ',',
    });
    const groups = JSON.parse((await here.run(['group', 'list', '--json'])).output) as {
      groups: { members: string[] }[];
    };
    assert.deepEqual(groups.groups[0]?.members, ['anna']);

    await here.run(['import-records', here.url, ...USER, '--module', 'Products']);
    const taken = await values(here.env.MAPWRIGHT_DIR, id);
    assert.equal(taken['productname'], 'Bolt "M8" & <Söhne> 螺栓');

    await here.run(['setting', 'set', 'head_office_url', here.url]);
    await here.run(['setting', 'set', 'head_office_user', 'admin']);
    const secret = await mapwright(['secret', 'set', 'head_office_key'], {
      cwd: here.cwd,
      env: here.env,
      input: here.key,
    });
    assert.equal(secret.exitCode, 0);
    await serve(t, here.env.MAPWRIGHT_DIR, { cwd: here.cwd, env: here.env });
    const made = await here.run(['record', 'create', 'Products', 'productname=Nut', '--json']);
    assert.match(made.output, /"14x/u);
    const remote = await until('the product reaches the first install', async () => {
      const found = await source.install.crm.query("select * from Products where productname = 'Nut';");
      return found.records[0];
    });
    assert.equal(remote.module, 'Products');
    const run = await until('the run here ends', async () => {
      const { runs } = JSON.parse((await here.run(['runs', 'list', '--json'])).output) as {
        runs: { run: { id: number; status: Parameters<typeof isFinal>[0] } }[];
      };
      return runs.map(({ run: one }) => one).find(({ status }) => isFinal(status));
    });
    assert.equal(run.status, 'completed', (await here.run(['runs', 'show', String(run.id)])).output);
  });

  it('shows differences and writes nothing where files are there already', async (t) => {
    const source = await ServedTest.open(t, await shippedDocuments('product-sync'));
    const here = await target(t, source);
    await here.run(['import-module', here.url, ...USER, '--modules', 'Products']);
    const file = join(here.cwd, 'documents/modules/Products.xml');
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replace('Serial number', 'Number'));
    const refused = await here.run(['import-module', here.url, ...USER, '--modules', 'Products'], 1);
    assert.match(refused.output, /^ +- .*label="Number"/mu);
    assert.notEqual(await readFile(file, 'utf8'), before);
    await here.run(['import-module', here.url, ...USER, '--modules', 'Products', '--overwrite']);
    assert.equal(await readFile(file, 'utf8'), before);
  });
});
