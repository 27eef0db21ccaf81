import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JournalFile } from '../../tools/stage/journal-file.ts';
import { serve } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const RUNS = 200;
const KILLS = 4;

const DOCUMENTS = [
  nativeDocument('module', 'name="Orders" prefix="60" title="no"', '<field name="no" type="string" length="20"/>'),
  nativeDocument(
    'module',
    'name="Tasks" prefix="62" title="subject"',
    '<field name="subject" type="string" length="60"/>',
  ),
  nativeDocument('module', 'name="Contacts" prefix="12" title="email"', '<field name="email" type="email"/>'),
  nativeDocument(
    'workflow',
    'name="order" module="Orders"',
    `<trigger on="create"/><tasks>
       <create-record id="task" module="Tasks" context="task"><set field="subject" template="Pack {record.no}"/></create-record>
       <launch id="next" workflow="pack" context="task"/>
       <notify id="tell" to="user:admin" template="{record.no} is to be packed: {context.task}"/>
       <upsert id="person" module="Contacts" match="email"><set field="email" template="{record.no}@x.example"/></upsert>
       <create-record id="log" module="Tasks"><set field="subject" template="Packed {record.no}"/></create-record>
     </tasks>`.replace('', ''),
  ),
  nativeDocument('workflow', 'name="pack" module="Tasks"', '<trigger on="manual"/><tasks><end id="end"/></tasks>'),
];

describe('a server that is killed again and again while its runs create, launch and tell', () => {
  it('does each of it once', async (t) => {
    const a = await TestInstall.open(t, { documents: DOCUMENTS, worker: false });
    await Promise.all(Array.from({ length: RUNS }, (_, number) => a.create({ no: `A${number}` }, 'Orders')));
    await a.close();
    const { folder } = a;
    const stepsDone = () => {
      const journal = new JournalFile(folder);
      try {
        return journal.number('SELECT count(*) FROM steps');
      } finally {
        journal.close();
      }
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await serve(t, folder);
      const before = stepsDone();
      await until('the server gets on', () => (stepsDone() > before || before > 0 ? true : undefined));
      await server.end('SIGKILL');
    }
    await serve(t, folder);
    const journal = new JournalFile(folder);
    t.after(() => journal.close());
    await until('every run ends', () => (journal.unfinished() === 0 ? true : undefined));
    assert.deepEqual(journal.parked(), []);
    const count = (what: string) => journal.number(`SELECT count(*) FROM ${what}`);
    assert.deepEqual(
      [count(`runs WHERE status = 'completed'`), count('m_Tasks'), count('m_Contacts'), count('notifications')],
      [2 * RUNS, 2 * RUNS, RUNS, RUNS],
    );
    assert.equal(count(`runs WHERE workflow = 'pack'`), RUNS);
    assert.equal(journal.number('SELECT count(DISTINCT f_subject) FROM m_Tasks'), 2 * RUNS, 'none was made twice');
    assert.equal(journal.number('SELECT count(DISTINCT run) FROM notifications'), RUNS, 'nobody was told twice');
  });
});
