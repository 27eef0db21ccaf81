import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client } from 'pg';
import { AUDIT_PLACE, auditPage } from '../../src/store/audit-row.ts';
import { itemsText } from '../../src/store/inbox-page.ts';
import { boundsOf } from '../../src/store/page-walk.ts';
import { numbered } from '../../src/store/postgres/postgres-dialect.ts';
import { runPage } from '../../src/store/run-page.ts';
import { RUN_PLACE } from '../../src/store/run-place.ts';
import { countsText } from '../../src/store/run-totals.ts';
import type { SqlText, SqlValue } from '../../src/store/sql-text.ts';
import { historyStatements } from '../../tools/stage/filled-history.ts';
import { askedRuns } from './asked-runs.ts';
import { giveBack, newDatabase, statement } from './postgres-cluster.ts';

const RUNS = 40_000;
const LIMIT = 50;
/** Parts that are merged are seven at most, of a page each; a page may pass over rows that are like it in all but one thing. */
const MOST_ROWS = 2000;

const LARGE: ReadonlySet<string> = new Set(['runs', 'run_keys', 'audit_log']);

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** How PostgreSQL carries statements out, with the statistics of a table that is large. */
describe('plans on PostgreSQL', () => {
  let url: string;
  let client: Client;

  before(async () => {
    url = await newDatabase();
    for (const sql of historyStatements('postgres', RUNS)) await statement(url, sql);
    client = new Client({ connectionString: url });
    await client.connect();
  });

  after(async () => {
    await client.end();
    await giveBack(url);
  });

  /** As the pools prepare it: planned for any values, and for these. */
  async function planOf({ sql, values }: SqlText, mode: 'force_generic_plan' | 'force_custom_plan'): Promise<PlanNode> {
    await client.query(`SET plan_cache_mode = ${mode}`);
    await client.query(`PREPARE asked AS ${numbered(sql)}`);
    const given = values.length === 0 ? '' : `(${values.map(literal).join(', ')})`;
    const { rows } = await client.query(`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE asked${given}`);
    await client.query('DEALLOCATE asked');
    return rows[0]['QUERY PLAN'][0].Plan;
  }

  async function assertReadsPage(text: SqlText, what: string): Promise<void> {
    for (const mode of ['force_generic_plan', 'force_custom_plan'] as const) {
      const plan = await planOf(text, mode);
      const told = `${what} ${mode}\n${JSON.stringify(plan, undefined, 1)}`;
      const nodes = allNodes(plan);
      for (const node of nodes) {
        if (LARGE.has(node['Relation Name'] ?? '')) assert.notEqual(node['Node Type'], 'Seq Scan', told);
        if (node['Node Type'] === 'Sort') assert.ok(rowsOf(node) <= 8 * LIMIT, told);
      }
      const read = nodes.reduce((sum, node) => sum + (node['Relation Name'] === undefined ? 0 : rowsOf(node)), 0);
      assert.ok(read <= MOST_ROWS, `${read} rows were read: ${told}`);
    }
  }

  it('read a page of runs from an index, for every combination of filters', async () => {
    const pages = askedRuns(RUNS).flatMap((filter) => {
      const page = runPage('whole-order', filter, boundsOf(filter));
      // A span of time comes to a span of ids, which the store looks up before.
      return page === undefined || filter.since !== undefined ? [] : [{ page, what: JSON.stringify(filter) }];
    });
    assert.ok(pages.length > 500);
    for (const { page, what } of pages) await assertReadsPage(page, what);
  });

  it('read a page of a span of time from an index', async () => {
    for (const filter of askedRuns(RUNS)) {
      if (filter.since === undefined || filter.key !== undefined || filter.before !== undefined) continue;
      const span = { above: RUNS / 2 - 60, below: RUNS / 2 + 360 };
      const page = runPage('whole-order', filter, boundsOf(filter, span));
      if (page !== undefined) await assertReadsPage(page, JSON.stringify(filter));
    }
    const { rows } = await client.query(numbered(RUN_PLACE), [0]);
    assert.equal(Number(rows[0].place), 1);
  });

  it('read a page of the inbox and of the audit from an index', async () => {
    const inbox = [
      {},
      { state: ['ignored'] },
      { code: 'CALL_TIMEOUT' },
      { owner: 'anna' },
      { recordId: '14x7' },
    ] as const;
    for (const filter of inbox) {
      await assertReadsPage(
        itemsText('whole-order', { ...filter, limit: LIMIT, before: RUNS }),
        JSON.stringify(filter),
      );
    }
    for (const filter of [{}, { by: 'ben' }, { action: 'apply' }, { target: '', by: 'ben' }]) {
      await assertReadsPage(
        auditPage('whole-order', { ...filter, limit: LIMIT, after: 9 }, {}),
        JSON.stringify(filter),
      );
    }
  });

  it('find the place of a time, and the counts, without reading the history', async () => {
    for (const sql of [RUN_PLACE, AUDIT_PLACE]) await assertReadsPage({ sql, values: [1_700_000_000_000] }, sql);
    await assertReadsPage({ sql: countsText('runs'), values: [] }, 'counts');
  });
});

function allNodes(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(allNodes)];
}

function rowsOf(node: PlanNode): number {
  return (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
}

function literal(value: SqlValue): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
