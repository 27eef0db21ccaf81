import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JournalFile } from '../../tools/stage/journal-file.ts';
import { STOCK_SETS, stockMap } from './answer-documents.ts';
import { serve } from './command-line.ts';
import { TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';
import { ScriptedPeer } from './scripted-peer.ts';

const ITEMS = 10_000;
const KILLS = 3;

describe('a server that is killed again and again while it takes in a list', () => {
  it('takes each of 10,000 items in once, of one call', async (t) => {
    const peer = await ScriptedPeer.open(t);
    const items = Array.from({ length: ITEMS }, (_, n) => ({
      code: n % 100 === 99 ? '' : `P${n}`,
      title: `Part ${n}`,
      n,
    }));
    peer.reply('/list', { status: 200, body: { items } });
    const response = `<response><records path="items" module="Stock" match="code" context="report">${STOCK_SETS}</records></response>`;
    const a = await TestInstall.open(t, { documents: stockMap(peer, { response }), worker: false });
    await a.create({ name: 'all' }, 'Imports');
    await a.close();
    const counted = (): number => {
      const journal = new JournalFile(a.folder);
      try {
        return journal.number('SELECT count(*) FROM m_Stock');
      } finally {
        journal.close();
      }
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const before = counted();
      const server = await serve(t, a.folder);
      await until('the server gets on', () => (counted() > before ? true : undefined));
      await server.end('SIGKILL');
    }
    await serve(t, a.folder);
    const journal = new JournalFile(a.folder);
    t.after(() => journal.close());
    await until('the run ends', () => (journal.unfinished() === 0 ? true : undefined));
    assert.deepEqual(journal.parked(), []);
    const number = (what: string) => journal.number(`SELECT ${what}`);
    const good = ITEMS - ITEMS / 100;
    assert.deepEqual([number('count(*) FROM m_Stock'), number('count(DISTINCT f_code) FROM m_Stock')], [good, good]);
    assert.equal(number('max(version) FROM m_Stock'), 1, 'none was written twice');
    assert.equal(peer.of('/list').length, 1, 'nobody was asked twice');
    const [row] = journal.rows<{ effects: string }>('SELECT effects FROM steps ORDER BY number DESC LIMIT 1');
    assert.match(row?.effects ?? '', /"received":10000,"created":9900,"changed":0,"unchanged":0,"refused":100/u);
  });
});
