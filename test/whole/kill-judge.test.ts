import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { type Evidence, judge } from '../../tools/chaos/judge.ts';
import { JournalFile } from '../../tools/stage/journal-file.ts';
import { prepareInstall, syncDocuments } from '../../tools/stage/prepared-install.ts';

const VALUES = { productname: 'Bolt', serial_no: 'SN-1', unit_price: '1.5' };
const PRODUCT = `INSERT INTO m_Products (number, version, created_at, modified_at, created_by, modified_by, f_productname,
  f_serial_no, f_unit_price, f_remote_id)`;
const STEPS = ['challenge', 'login', 'create'];

const KEY = 'mw-0-1-create';

/** What is done to a faultless experiment of one product and one run, and the promise that it breaks. */
interface Fault {
  readonly a?: string;
  readonly b?: string;
  readonly seen?: Partial<Evidence>;
  readonly breaks: string;
}

const FAULTS: readonly Fault[] = [
  { a: 'DELETE FROM m_Products', breaks: 'no product that a client was told of is missing at A' },
  { a: `UPDATE m_Products SET f_serial_no = 'SN-0'`, breaks: 'A holds the values last accepted' },
  { a: product(2, '14x9'), breaks: 'A holds no product twice' },
  { a: product(2, '14x9'), breaks: 'no two products of A are one at B' },
  { a: 'UPDATE m_Products SET f_remote_id = NULL', breaks: 'every product of A is at B' },
  { b: product(8, null), breaks: 'B holds no product twice' },
  { b: `UPDATE m_Products SET f_productname = 'Nut'`, breaks: 'A and B hold equal values' },
  { a: `UPDATE runs SET status = 'failed'`, breaks: 'every accepted run completed' },
  { a: history('14x1', 2), breaks: 'A made every accepted save once' },
  { a: history('14x1', 2), breaks: 'every save accepted its run' },
  { a: run(2, 1), breaks: 'the runs of a product went one after another' },
  { a: step(4, 'create'), breaks: 'no step is done twice' },
  { a: `DELETE FROM steps WHERE task = 'login'`, breaks: 'every completed run has all its steps' },
  { a: `PRAGMA foreign_keys = OFF; UPDATE steps SET run = 9 WHERE number = 1`, breaks: 'the databases are whole' },
  { b: history('14x9', 2), breaks: 'every change at B belongs to one request' },
  { b: 'DELETE FROM dedup_keys', breaks: 'no step is done that B had not executed' },
  { b: request(7, 2), breaks: 'B executed nothing but what is done at A' },
  { b: request(0, 2), breaks: 'the changes of a product kept their order' },
  { seen: { arrivals: new Map([[KEY, { count: 2, lastAt: 3 }]]) }, breaks: 'no committed step was sent again' },
  { seen: { stranded: ['run 1'] }, breaks: 'no run waited without a reason' },
  { seen: { crashes: ['A'] }, breaks: 'no server ended by itself' },
  {
    seen: { load: { products: new Map([['14x1', VALUES]]), saves: 1, refusals: new Map([['ACCESS_DENIED', 1]]) } },
    breaks: 'no client got an answer it should not get',
  },
];

describe('the judge of the chaos experiment', () => {
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
async function brokenAfter(test: TestContext, fault: Fault | undefined): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-judge-'));
  test.after(() => rm(folder, { recursive: true }));
  const documents = (await syncDocuments('5s')).filter(({ file }) => file === 'Products.xml');
  const folders = { a: join(folder, 'a'), b: join(folder, 'b') };
  for (const install of Object.values(folders)) await prepareInstall({ folder: install, documents });
  const steps = STEPS.map((task, index) => step(index + 1, task));
  const name = `UPDATE install SET install_id = '0'`;
  change(folders.a, [name, product(1, '14x9'), history('14x1', 1), run(1, 0), ...steps, fault?.a ?? '']);
  change(folders.b, [product(9, null), history('14x9', 1), request(1, 1), fault?.b ?? '']);
  const [a, b] = [new JournalFile(folders.a), new JournalFile(folders.b)];
  test.after(() => [a, b].forEach((file) => file.close()));
  const findings = judge({
    a,
    b,
    load: { products: new Map([['14x1', VALUES]]), saves: 1, refusals: new Map() },
    arrivals: new Map([[KEY, { count: 1, lastAt: 1 }]]),
    stranded: [],
    crashes: [],
    ownProductsOfB: 0,
    ...fault?.seen,
  });
  return findings.flatMap(({ promise, broken }) => (broken.length > 0 ? [promise] : []));
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

function run(id: number, startedAt: number): string {
  return `INSERT INTO runs (id, workflow, revision, record_id, lane, pass_when_waiting, undecided, depth, initiator,
    status, epoch, handled, progress, accepted_at, started_at, ended_at, cancel_told)
    VALUES (${id}, 'product-created', 1, '14x1', '14x1', 0, 0, 0, '19x1', 'completed', 1, 0, '{}', 1, ${startedAt}, 2, 0)`;
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
