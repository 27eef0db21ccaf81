import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { RunRule } from '../../src/core/retention.ts';
import { candidatesText, countText, oldestText } from '../../src/store/retention-text.ts';
import type { SqlText } from '../../src/store/sql-text.ts';
import { openForWriting } from '../../src/store/sqlite/database.ts';
import { temporaryFolder } from './sqlite-install.ts';

const RUNS = 20_000;
const RULE: RunRule = { status: 'completed', handled: false, except: [], endedBefore: 30_000 };

/** Runs that ended, one every ten milliseconds. */
const FILL = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${RUNS})
  INSERT INTO runs (id, workflow, revision, lane, pass_when_waiting, undecided, depth, initiator, status, epoch, handled,
    progress, accepted_at, started_at, ended_at, cancel_told)
  SELECT i, 'w' || (i % 10), 1, '', 0, 0, 0, '19x1', iif(i % 50 = 0, 'failed', 'completed'), 3, 0, '{}', i * 10, i * 10,
    i * 10 + 5, 0 FROM n`;

describe('looking for what may be removed, on SQLite', () => {
  it('reads an index up to the first run that is too young, and sorts nothing', async (context) => {
    const folder = await temporaryFolder();
    const db = openForWriting(folder);
    context.after(async () => {
      db.close();
      await rm(folder, { recursive: true });
    });
    db.exec(FILL);
    const page = { after: 0, limit: 1_000 };
    const texts: readonly (readonly [SqlText, index: string])[] = [
      [candidatesText({ rule: RULE, ...page }), 'runs_outcome'],
      [candidatesText({ rule: { ...RULE, except: ['w1'] }, ...page }), 'runs_outcome'],
      [candidatesText({ rule: { ...RULE, workflow: 'w3' }, ...page }), 'runs_workflow'],
      [countText(RULE), 'runs_outcome'],
      [oldestText({ outcome: 'completed', except: [], atMost: 100 }), 'runs_outcome'],
    ];
    for (const analyzed of [false, true]) {
      if (analyzed) db.exec('ANALYZE');
      for (const [{ sql, values }, index] of texts) {
        const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
        const details = plan.map(({ detail }) => detail).join('\n');
        assert.match(details, new RegExp(`SEARCH runs USING (?:COVERING )?INDEX ${index} `, 'u'));
        assert.doesNotMatch(details, /SCAN runs|TEMP B-TREE|SEARCH member USING INDEX runs_unfinished/u);
      }
    }
    const { sql, values } = candidatesText({ rule: RULE, ...page });
    const found = db.prepare<unknown[], { id: number }>(sql).all(...values);
    assert.equal(found.length, 1_000);
    assert.equal(found.at(0)?.id, 1);
  });
});
