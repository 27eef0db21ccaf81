import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { judge } from '../../tools/kill/judge.ts';
import { JournalFile } from '../../tools/stage/journal-file.ts';
import { prepareInstall, syncDocuments } from '../../tools/stage/prepared-install.ts';

const VALUES = { productname: 'Bolt', serial_no: 'SN-1', unit_price: '1.5' };
const PRODUCT = `INSERT INTO m_Products (number, version, created_at, modified_at, created_by, modified_by, f_productname,
  f_serial_no, f_unit_price, f_remote_id)`;
const STEPS = ['challenge', 'login', 'create'];

/** What is done to one of the two databases of a faultless experiment, and the promise that it breaks. */
const FAULTS: readonly { readonly at: 'a' | 'b'; readonly sql: string; readonly breaks: string }[] = [
  { at: 'a', sql: 'DELETE FROM m_Products', breaks: 'no product that a client was told of is missing at A' },
  { at: 'a', sql: `UPDATE m_Products SET f_serial_no = 'SN-0'`, breaks: 'A holds the values last accepted' },
  { at: 'a', sql: product(2, '14x9'), breaks: 'A holds no product twice' },
  { at: 'a', sql: 'UPDATE m_Products SET f_remote_id = NULL', breaks: 'every product of A is at B' },
  { at: 'b', sql: product(8, null), breaks: 'B holds no product twice' },
  { at: 'b', sql: `UPDATE m_Products SET f_productname = 'Nut'`, breaks: 'A and B hold equal values' },
  { at: 'a', sql: `UPDATE runs SET status = 'failed'`, breaks: 'every accepted run completed' },
  { at: 'a', sql: history('14x1', 2), breaks: 'every save accepted its run' },
  { at: 'a', sql: step(4, 'create'), breaks: 'no committed step was repeated' },
  { at: 'a', sql: `DELETE FROM steps WHERE task = 'login'`, breaks: 'every completed run has all its steps' },
  { at: 'b', sql: history('14x9', 2), breaks: 'every change at B belongs to one request' },
  { at: 'b', sql: request(7, 2), breaks: 'every request was executed once' },
  { at: 'b', sql: request(0, 2), breaks: 'the changes of a product kept their order' },
];

describe('the judge of the kill experiment', () => {
  it('finds nothing where everything was kept', async (test) => {
    assert.deepEqual(await brokenAfter(test, undefined), []);
  });

  for (const fault of FAULTS) {
    it(`finds out when this is broken: ${fault.breaks}`, async (test) => {
      assert.ok((await brokenAfter(test, fault)).includes(fault.breaks));
    });
  }
});

/** The promises found broken in an experiment of one product, after the fault. */
async function brokenAfter(test: TestContext, fault: (typeof FAULTS)[number] | undefined): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-judge-'));
  test.after(() => rm(folder, { recursive: true }));
  const documents = (await syncDocuments('5s')).filter(({ file }) => file === 'Products.xml');
  const folders = { a: join(folder, 'a'), b: join(folder, 'b') };
  for (const install of Object.values(folders)) await prepareInstall({ folder: install, documents });
  const run = `INSERT INTO runs (id, workflow, revision, record_id, lane, pass_when_waiting, undecided, depth, initiator,
    status, epoch, handled, progress, accepted_at, ended_at, cancel_told)
    VALUES (1, 'product-created', 1, '14x1', '14x1', 0, 0, 0, '19x1', 'completed', 1, 0, '{}', 1, 2, 0)`;
  const steps = STEPS.map((task, index) => step(index + 1, task));
  change(folders.a, [product(1, '14x9'), history('14x1', 1), run, ...steps]);
  change(folders.b, [product(9, null), history('14x9', 1), request(1, 1)]);
  if (fault !== undefined) change(folders[fault.at], [fault.sql]);
  const [a, b] = [new JournalFile(folders.a), new JournalFile(folders.b)];
  test.after(() => [a, b].forEach((file) => file.close()));
  const facts = { products: new Map([['14x1', VALUES]]), saves: 1, repeats: 0, refusals: new Map<string, number>() };
  return judge({ a, b, facts, ownProductsOfB: 0 }).flatMap(({ promise, broken }) =>
    broken.length > 0 ? [promise] : [],
  );
}

function change(folder: string, statements: readonly string[]): void {
  const db = new Database(join(folder, 'mapwright.db'));
  for (const statement of statements) db.exec(statement);
  db.close();
}

function product(number: number, link: string | null): string {
  const remote = link === null ? 'NULL' : `'${link}'`;
  return `${PRODUCT} VALUES (${number}, 1, 1, 1, '19x1', '19x1', 'Bolt', 'SN-1', 1.5, ${remote})`;
}

function history(id: string, version: number): string {
  return `INSERT INTO record_history (record_id, version, kind, at, by, changes)
    VALUES ('${id}', ${version}, '${version === 1 ? 'create' : 'update'}', 1, '19x1', '{}')`;
}

function step(number: number, task: string): string {
  return `INSERT INTO steps (run, number, task, purpose, round, status, started_at, ended_at)
    VALUES (1, ${number}, '${task}', 'main', 1, 'done', 1, 1)`;
}

function request(run: number, version: number): string {
  const answer = JSON.stringify({ id: '14x9', version });
  return `INSERT INTO dedup_keys (scope, key, body_hash, answer, expires_at)
    VALUES ('request', '19x1|mw-0-${run}-create', '', '${answer}', 1)`;
}
