import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { STOCK_SETS, stockMap } from './answer-documents.ts';
import { TestInstall } from './install-fixture.ts';
import { ScriptedPeer } from './scripted-peer.ts';

const records = (attributes = '', sets = STOCK_SETS, path = 'path="items" ') =>
  `<response><records ${path}module="Stock" match="code" ${attributes}>${sets}</records></response>`;

async function taken(t: TestContext, body: unknown, response = records()) {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/list', { status: 200, body });
  const a = await TestInstall.open(t, { documents: stockMap(peer, { response }) });
  return { a, peer };
}

async function stock(a: TestInstall): Promise<(readonly unknown[])[]> {
  const all = [];
  for (let at = 0; ; at += 100) {
    const { records: page } = await a.install.crm.query(`select * from Stock order by code limit ${at}, 100;`);
    all.push(
      ...page.map(({ values, version }) => [values['code'], values['title'], values['amount'], version] as const),
    );
    if (page.length < 100) return all;
  }
}

/** The counts that the last step tells. */
async function counts(a: TestInstall, run: number): Promise<JsonObject> {
  const step = (await a.steps(run)).at(-1);
  const effect = step?.effects.find(({ kind }) => kind === 'record');
  return (effect?.value ?? {}) as JsonObject;
}

const tally = (created: number, changed: number, unchanged: number, refused: number) => ({
  received: created + changed + unchanged + refused,
  created,
  changed,
  unchanged,
  refused,
});

describe('lists of an answer that become records', () => {
  it('creates what is not there, changes what differs, leaves the rest, and counts', async (t) => {
    const { a, peer } = await taken(t, {
      items: [
        { code: 'A', title: 'Bolt', n: 1 },
        { code: 'B', title: 'Nut', n: 2 },
      ],
    });
    await a.create({ name: 'first' }, 'Imports');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(await stock(a), [
      ['A', 'Bolt', 1, 1],
      ['B', 'Nut', 2, 1],
    ]);
    assert.deepEqual(await counts(a, 1), tally(2, 0, 0, 0));
    peer.reply('/list', {
      status: 200,
      body: { items: [{ code: 'A', title: 'Bolt', n: 5 }, { code: 'B' }, { code: 'C', n: '3' }] },
    });
    await a.create({ name: 'second' }, 'Imports');
    await a.ended(2);
    assert.deepEqual(await stock(a), [
      ['A', 'Bolt', 5, 2],
      ['B', 'Nut', 2, 1],
      ['C', null, 3, 1],
    ]);
    assert.deepEqual(await counts(a, 2), tally(1, 1, 1, 0));
  });

  it('refuses single items with the reason, and goes on', async (t) => {
    const body = {
      items: [
        { code: 'A' },
        { title: 'no code' },
        { code: '' },
        { code: 'x'.repeat(13) },
        { code: 'B', n: 'many' },
        { code: 'C' },
      ],
    };
    const { a } = await taken(t, body, records('context="report"'));
    await a.create({ name: 'n' }, 'Imports');
    const run = await a.ended(1);
    assert.equal(run.status, 'completed');
    assert.deepEqual(
      (await stock(a)).map(([code]) => code),
      ['A', 'C'],
    );
    const report = run.context['report'] as { refused: number; reasons: { item: number; code: string }[] };
    assert.equal(report.refused, 4);
    assert.deepEqual(
      report.reasons.map(({ item, code }) => [item, code]),
      [
        [2, 'OUTPUT_MISSING'],
        [3, 'UPSERT_MATCH_EMPTY'],
        [4, 'RECORD_INVALID'],
        [5, 'PARAMETER_TYPE'],
      ],
    );
    assert.equal((await a.steps(1)).at(-1)?.warnings.length, 4);
  });

  it('stops at the first refused item where that is said, and keeps what came before', async (t) => {
    const { a } = await taken(
      t,
      { items: [{ code: 'A' }, { title: 'no code' }, { code: 'C' }] },
      records('on-refused="stop"'),
    );
    await a.create({ name: 'n' }, 'Imports');
    await a.waiting(1, 'person');
    assert.deepEqual(
      (await stock(a)).map(([code]) => code),
      ['A'],
    );
    assert.equal((await a.steps(1)).at(-1)?.failure?.code, 'RECORDS_REFUSED');
  });

  it('takes items with the same key one after the other', async (t) => {
    const { a } = await taken(t, {
      items: [
        { code: 'A', n: 1 },
        { code: 'A', n: 2 },
        { code: 'A', n: 2 },
        { code: 'A', title: 'x'.repeat(61) },
      ],
    });
    await a.create({ name: 'n' }, 'Imports');
    await a.ended(1);
    assert.deepEqual(await stock(a), [['A', null, 2, 1]]);
    assert.deepEqual(await counts(a, 1), tally(1, 1, 1, 1));
  });

  it('takes in 2,500 in batches, and nothing of it stays in the context', async (t) => {
    const items = Array.from({ length: 2_500 }, (_, n) => ({ code: `P${n}`, title: `Part ${n}`, n }));
    const { a } = await taken(t, { items });
    await a.create({ name: 'n' }, 'Imports');
    const run = await a.ended(1);
    assert.equal((await stock(a)).length, 2_500);
    assert.deepEqual(await counts(a, 1), tally(2_500, 0, 0, 0));
    assert.deepEqual(run.context, {});
    assert.deepEqual(
      (await a.steps(1)).map(({ task, status }) => [task, status]),
      [
        ['list', 'done'],
        ['list', 'done'],
      ],
    );
  });

  it('reads a list that is the whole answer, rows of CSV, and elements of XML', async (t) => {
    const whole = await taken(t, [{ code: 'A' }], records('', STOCK_SETS, ''));
    await whole.a.create({ name: 'n' }, 'Imports');
    await whole.a.ended(1);
    assert.deepEqual(
      (await stock(whole.a)).map(([code]) => code),
      ['A'],
    );
    const sets = `<set field="code" path="Code"/><set field="title" path="Name"/>
      <set field="due" path="Due" type="date" pattern="dd.MM.yyyy"/><set field="amount" value="7" type="integer"/>`;
    const csv = 'Code;Name;Due\r\nA;"Bolt; ""M8""";24.12.2026\r\nB;"two\nlines";1.1.2027\n';
    const rows = await taken(t, csv, records('', sets, '').replace('<response>', '<response format="csv">'));
    await rows.a.create({ name: 'n' }, 'Imports');
    await rows.a.ended(1);
    assert.deepEqual(await stock(rows.a), [['A', 'Bolt; "M8"', 7, 1]]);
    assert.deepEqual(await counts(rows.a, 1), tally(1, 0, 0, 1));
    const xml = '<r><item sku="A"><title>Bolt</title></item></r>';
    const attribute = '<set field="code" path="@attributes.sku"/><set field="title" path="title"/>';
    const element = await taken(
      t,
      xml,
      records('', attribute, 'path="item" ').replace('<response>', '<response format="xml">'),
    );
    await element.a.create({ name: 'n' }, 'Imports');
    await element.a.ended(1);
    assert.deepEqual(await stock(element.a), [['A', 'Bolt', null, 1]]);
  });

  it('fails for a list that is not there, and takes none where that is fine', async (t) => {
    const { a } = await taken(t, {});
    await a.create({ name: 'n' }, 'Imports');
    await a.waiting(1, 'person');
    assert.equal((await a.steps(1))[0]?.failure?.code, 'OUTPUT_MISSING');
    const fine = await taken(t, {}, records('optional="true"'));
    await fine.a.create({ name: 'n' }, 'Imports');
    assert.equal((await fine.a.ended(1)).status, 'completed');
    assert.deepEqual(await counts(fine.a, 1), tally(0, 0, 0, 0));
  });

  it('goes on behind the last commit when the process dies, and asks nobody again', async (t) => {
    const items = Array.from({ length: 3_000 }, (_, n) => ({ code: `P${n}`, n }));
    const { a, peer } = await taken(t, { items });
    await a.create({ name: 'n' }, 'Imports');
    for (let death = 0; death < 3; death++) {
      const before = (await stock(a)).length;
      for (;;) if ((await stock(a)).length > before) break;
      await a.close();
      await a.reopen({ worker: true });
    }
    assert.equal((await a.ended(1)).status, 'completed');
    const all = await stock(a);
    assert.equal(all.length, 3_000);
    assert.ok(
      all.every(([, , , version]) => version === 1),
      'none was written twice',
    );
    assert.deepEqual(await counts(a, 1), tally(3_000, 0, 0, 0));
    assert.equal(peer.of('/list').length, 1);
  });

  it('says how far it came when the run is canceled, and begins nothing more', async (t) => {
    const items = Array.from({ length: 5_000 }, (_, n) => ({ code: `P${n}`, n }));
    const { a } = await taken(t, { items });
    await a.create({ name: 'n' }, 'Imports');
    for (;;) if ((await a.install.crm.query('select * from Stock limit 0, 1;')).records.length > 0) break;
    await a.install.administration.cancel({ id: 1, by: 'admin', reason: 'enough' });
    const run = await a.ended(1);
    assert.equal(run.status, 'canceled');
    const written = (await stock(a)).length;
    const step = (await a.steps(1)).at(-1);
    assert.deepEqual([step?.status, step?.failure?.code], ['failed', 'RUN_CANCELED']);
    assert.deepEqual(await counts(a, 1), tally(written, 0, 0, 0));
    assert.ok(written < 5_000);
    assert.deepEqual(run.context, {});
  });
});
