import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import type { AuditFilter } from '../../src/core/audit.ts';
import type { InboxFilter } from '../../src/core/inbox.ts';
import { AUDIT_PLACE, auditPage } from '../../src/store/audit-row.ts';
import { backlogText } from '../../src/store/backlog-query.ts';
import { itemsText } from '../../src/store/inbox-page.ts';
import { boundsOf } from '../../src/store/page-walk.ts';
import { runPage } from '../../src/store/run-page.ts';
import { RUN_PLACE } from '../../src/store/run-place.ts';
import { countsText, unfinishedText } from '../../src/store/run-totals.ts';
import type { SqlText } from '../../src/store/sql-text.ts';
import { UNFINISHED_RUNS } from '../../src/store/sqlite/run-listing.ts';
import { historyStatements } from '../../tools/stage/filled-history.ts';
import { askedRuns } from './asked-runs.ts';
import { openAt, temporaryFolder } from './sqlite-install.ts';

const RUNS = 5000;

/** What grows with the history: none of it is read from end to end. */
const LARGE = 'runs|run_keys|steps|run_triggers|run_contexts|inbox|audit_log';

for (const analyzed of [false, true]) {
  describe(`plans on SQLite ${analyzed ? 'with' : 'without'} statistics`, () => {
    let folder: string;
    let db: Database.Database;

    before(async () => {
      folder = await temporaryFolder();
      await (await openAt(folder)).close();
      db = new Database(join(folder, 'mapwright.db'));
      const fill = db.transaction(() => historyStatements('sqlite', RUNS).forEach((sql) => db.exec(sql)));
      fill();
      if (analyzed) db.exec('ANALYZE');
    });

    after(async () => {
      db.close();
      await rm(folder, { recursive: true });
    });

    function planOf({ sql, values }: SqlText): readonly string[] {
      const steps = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
      return steps.map(({ detail }) => detail);
    }

    function assertReadsPage(text: SqlText, what: string): void {
      const plan = planOf(text);
      const told = `${what}\n${plan.join('\n')}`;
      assert.ok(
        plan.some((step) => step.startsWith('SEARCH')),
        told,
      );
      for (const step of plan) assert.doesNotMatch(step, new RegExp(`^SCAN (?:${LARGE})\\b`, 'u'), told);
      // A sort is one of pages that were found already, before they are merged.
      const sorts = plan.filter((step) => step.includes('TEMP B-TREE')).length;
      assert.ok(sorts === 0 || plan.some((step) => /CO-ROUTINE|MATERIALIZE/u.test(step)), told);
    }

    it('read a page of runs from an index, for every combination of filters', () => {
      // What cannot be, an ended run that waits for example, is not looked for at all.
      const pages = askedRuns(RUNS).flatMap((filter) => {
        const page = runPage('named-index', filter, boundsOf(filter));
        return page === undefined ? [] : [{ page, what: JSON.stringify(filter) }];
      });
      assert.ok(pages.length > 1000);
      for (const { page, what } of pages) assertReadsPage(page, what);
    });

    it('read a page of the inbox and of the audit from an index', () => {
      const inbox: readonly InboxFilter[] = [
        {},
        { state: ['resolved'] },
        { state: ['ignored', 'resolved'], code: 'CALL_TIMEOUT' },
        { workflow: 'rare', since: 5 },
        { destination: 'warehouse', owner: null },
        { owner: 'anna' },
        { module: 'Products' },
        { recordId: '14x7' },
      ];
      for (const filter of inbox) {
        assertReadsPage(itemsText('named-index', { ...filter, limit: 50, before: 9 }), JSON.stringify(filter));
      }
      const audit: readonly Omit<AuditFilter, 'limit'>[] = [
        {},
        { by: 'ben' },
        { by: 'ben', action: 'apply' },
        { target: '' },
      ];
      for (const filter of audit) {
        assertReadsPage(auditPage('named-index', { ...filter, limit: 50, after: 9 }, {}), JSON.stringify(filter));
      }
    });

    it('find the place of a time, the counts and the backlog without reading the history', () => {
      for (const sql of [RUN_PLACE, AUDIT_PLACE, backlogText(UNFINISHED_RUNS)]) {
        const plan = planOf({ sql, values: [5] });
        for (const step of plan) assert.doesNotMatch(step, new RegExp(`^SCAN (?:${LARGE})$`, 'u'), plan.join('\n'));
      }
      for (const sql of [countsText(UNFINISHED_RUNS), unfinishedText(UNFINISHED_RUNS)]) {
        const plan = planOf({ sql, values: [] });
        for (const step of plan) assert.doesNotMatch(step, /^SCAN runs(?! USING INDEX runs_lane)/u, plan.join('\n'));
      }
    });
  });
}
