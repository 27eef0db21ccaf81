import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { products, query } from '../contract/sample-records.ts';
import { openAt, temporaryFolder } from './sqlite-install.ts';

const KILLS = 20;
const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

describe('a process killed while it commits', () => {
  it('keeps everything that was promised, and nothing by halves', async (context) => {
    const folder = await temporaryFolder();
    context.after(() => rm(folder, { recursive: true }));
    const promised: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) promised.push(...(await linesUntilKilled(folder)));
    assert.ok(promised.length > KILLS);
    await checkPromises(folder, promised);
    const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok');
    assert.deepEqual(db.pragma('foreign_key_check'), []);
    db.close();
  });
});

/** What the child printed in whole lines before it was killed, some milliseconds after it had begun. */
async function linesUntilKilled(folder: string): Promise<string[]> {
  const victim = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let armed = false;
  victim.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (armed || !output.includes('record')) return;
    armed = true;
    setTimeout(() => victim.kill('SIGKILL'), Math.random() * 60);
  });
  const signal = await new Promise((resolve) => victim.on('close', (_code, by) => resolve(by)));
  assert.equal(signal, 'SIGKILL');
  return output.split('\n').slice(1, -1);
}

async function checkPromises(folder: string, promised: readonly string[]): Promise<void> {
  const store = await openAt(folder, new Uint8Array(32));
  await store.records.prepareModules([products]);
  const known = new Set<string>();
  for (const line of promised) {
    const [what, id = '', run] = line.split(' ');
    const record = await store.records.read(products, id);
    assert.equal(record?.values['productname'], `name of ${id}`);
    assert.equal((await store.journal.run(Number(run)))?.recordId, id);
    if (what === 'record') assert.ok(!known.has(id), `${id} was given twice`);
    known.add(id);
    if (what !== 'step') continue;
    assert.equal((await store.journal.steps(Number(run))).length, 1);
    assert.deepEqual((await store.journal.run(Number(run)))?.context, { id });
  }
  const records = await store.records.query(products, query({ limit: 1e6 }));
  const { pending, running } = await store.journal.counts();
  assert.equal(records.length, pending + running);
  for (const { id } of records) assert.equal((await store.records.history(id)).length, 1);
  await store.close();
}
