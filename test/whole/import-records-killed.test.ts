import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { openInstall } from '../../src/runtime/install.ts';
import { BIN, mapwright, temporaryFolder } from './command-line.ts';
import { LINKED_MODULES } from './import-documents.ts';
import { ADMIN } from './install-fixture.ts';
import { ServedTest } from './served-install.ts';

const COUNT = 120;

/** Passes requests on, and calls `before` with the number of each query first. */
async function passing(t: TestContext, to: string, before: (query: number) => void): Promise<string> {
  let queries = 0;
  const server = createServer((request, response) => {
    void buffer(request).then(async (body) => {
      if (body.includes('operation=query')) before(++queries);
      const { method = 'GET', url = '/', headers } = request;
      const type = headers['content-type'];
      const answer = await fetch(to + url, {
        method,
        ...(type === undefined ? {} : { headers: { 'content-type': type } }),
        ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('import-records killed in the middle', () => {
  it('goes on where it was, and ends with exactly the records of the source', async (t) => {
    const source = await ServedTest.open(t, LINKED_MODULES.slice(0, 2));
    const { crm } = source.install;
    const ids: string[] = [];
    for (let number = 0; number < COUNT; number++) {
      const accountname = `Account ${number}`;
      const made = await crm.create({
        actor: ADMIN,
        module: 'Accounts',
        element: { accountname, revenue: number + 0.5 },
      });
      ids.push(made.id);
    }
    // Each refers to the one behind it, so that most pages refer to records that have not come yet.
    for (const [index, id] of ids.entries()) {
      const parent = ids[index + 1];
      if (parent !== undefined) await crm.revise({ actor: ADMIN, element: { id, parent } });
    }
    const cwd = await temporaryFolder(t);
    const folder = join(cwd, 'data');
    const first = await openInstall({ folder });
    await first.administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
    await first.administration.apply({ documents: LINKED_MODULES, prune: false, dryRun: false, by: 'test' });
    await first.close(0);

    const env = { MAPWRIGHT_DIR: folder, MAPWRIGHT_IMPORT_KEY: source.served.firstUser?.accessKey ?? '' };
    const signals = new Map<number, NodeJS.Signals>([
      [6, 'SIGKILL'],
      [13, 'SIGINT'],
    ]);
    let current = 0;
    const url = await passing(t, source.served.url, (query) => {
      const signal = signals.get(query);
      if (signal !== undefined) process.kill(current, signal);
    });
    const words = ['import-records', url, '--user', 'admin', '--module', 'Accounts', '--batch', '10', '--json'];
    for (const wanted of [
      [null, 'SIGKILL'],
      [1, null],
    ]) {
      const child = spawn(process.execPath, [BIN, ...words], { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
      current = child.pid ?? assert.fail('no process');
      assert.deepEqual(await once(child, 'exit'), wanted);
    }
    const last = await mapwright(words, { cwd, env });
    assert.equal(last.exitCode, 0, last.errors);
    const facts = JSON.parse(last.output) as { created: number; unchanged: number; failed: number; waiting: number };
    assert.deepEqual(
      { all: facts.created + facts.unchanged, failed: facts.failed, waiting: facts.waiting },
      { all: COUNT, failed: 0, waiting: 0 },
    );

    const after = await openInstall({ folder });
    t.after(() => after.close(0));
    const query = 'select * from Accounts order by id limit 1000;';
    const [taken, given] = [await after.crm.query(query), await crm.query(query)];
    assert.deepEqual(
      taken.records.map(({ id, values, createdAt }) => ({ id, values, createdAt: Math.floor(createdAt / 1000) })),
      given.records.map(({ id, values, createdAt }) => ({ id, values, createdAt: Math.floor(createdAt / 1000) })),
    );
    // Made once, and its reference set once.
    assert.ok(taken.records.every(({ version }) => version <= 2));
    assert.deepEqual(await after.administration.runs({ limit: 1 }), []);
    const made = await after.crm.create({ actor: ADMIN, module: 'Accounts', element: { accountname: 'New here' } });
    assert.ok(!ids.includes(made.id));
  });
});
