import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { nativeDocument } from './documents.ts';
import { bodies, command, openRefused, orderDocuments, SEND, TELL } from './inbox-fixture.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { cut, onCreate, ORDERS, ScriptedPeer, shop } from './scripted-peer.ts';

const ok = { status: 200, body: { id: 'R-1', ticket: 'secret-ticket' } };
const order = { order_no: 'SO-1' };

describe('a run whose step failed for good', () => {
  it('is in the inbox with its cause, and leaves it by itself when it goes on', async (t) => {
    const { a, peer } = await openRefused(t);
    const record = await a.create(order, 'Orders');
    await a.waiting(1, 'person');
    const { administration } = a.install;
    const { item, fits, outputs, tasks } = await administration.inboxItem({ run: 1 });
    assert.deepEqual(
      [item?.state, item?.kind, item?.code, item?.destination, item?.task, item?.inDoubt, item?.recordId],
      ['open', 'waiting', 'CALL_STATUS', 'shop', 'send', false, record.id],
    );
    assert.deepEqual(fits, ['retry', 'skip', 'done', 'restart', 'cancel', 'acknowledge', 'ignore', 'assign']);
    assert.deepEqual(
      [outputs, tasks],
      [
        ['remote', 'ticket'],
        ['send', 'tell'],
      ],
    );
    peer.reply('/orders', ok);
    await command(a, 1, { kind: 'retry' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(await administration.inbox({}), []);
    const after = await administration.inboxItem({ run: 1 });
    assert.deepEqual([after.item?.state, after.item?.resolution, after.item?.changedBy], ['resolved', 'retry', 'anna']);
    assert.deepEqual(after.fits, []);
    assert.equal((await a.values(record.id))['remote'], 'R-1');
  });

  it('is told who was first when two do something about it', async (t) => {
    const { a, peer } = await openRefused(t);
    await a.create(order, 'Orders');
    await a.waiting(1, 'person');
    peer.reply('/orders', ok);
    const results = await Promise.allSettled([
      command(a, 1, { kind: 'retry' }, 'anna'),
      command(a, 1, { kind: 'skip' }, 'bob'),
    ]);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    assert.equal(refused.length, 1);
    assert.equal(refused[0].code, 'RUN_COMMAND_LATE');
    assert.match(refused[0].message, /anna|bob/u);
    await a.ended(1);
    assert.ok(peer.of('/orders').length <= 2);
    assert.equal(peer.of('/told').length, 1);
    await assert.rejects(command(a, 1, { kind: 'retry' }), { code: 'RUN_NOT_WAITING' });
  });

  it('goes on with an edited context, sensitive values staying sealed', async (t) => {
    const peer = await ScriptedPeer.open(t);
    peer.reply('/orders', ok);
    peer.reply('/told', 400);
    const a = await TestInstall.open(t, {
      documents: orderDocuments(
        peer,
        '<webservice id="send" map="send-order"/><webservice id="tell" map="tell"/><webservice id="again" map="send-order"/>',
      ),
    });
    await a.create(order, 'Orders');
    await a.waiting(1, 'person');
    peer.reply('/told', 200);
    await command(a, 1, { kind: 'retry', context: { set: { ticket: 'other-secret', code: 'C-7' } } });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(bodies(peer, '/orders').at(-1)?.['code'], 'C-7');
    const { history, run } = await a.install.administration.inboxItem({ run: 1 });
    const told = JSON.stringify(history);
    assert.match(told, /C-7/u);
    assert.doesNotMatch(told, /secret/u);
    assert.doesNotMatch(JSON.stringify(run.context), /other-secret|secret-ticket/u);
  });

  it('goes on with the corrected documents, and only where its task still is', async (t) => {
    const { a, peer } = await openRefused(t);
    await a.create(order, 'Orders');
    await a.waiting(1, 'person');
    await a.apply([onCreate('<webservice id="deliver" map="send-order"/>')]);
    await assert.rejects(command(a, 1, { kind: 'retry', revision: 'latest' }), {
      code: 'RUN_REVISION_UNFIT',
      hint: /deliver/u,
    });
    await assert.rejects(command(a, 1, { kind: 'retry', revision: 77 }), { code: 'RUN_REVISION_UNFIT' });
    await assert.rejects(command(a, 1, { kind: 'skip', revision: 'latest', to: 'deliever' }), {
      code: 'RUN_TASK_UNKNOWN',
      hint: /deliver/u,
    });
    peer.reply('/orders', ok);
    await command(a, 1, { kind: 'skip', revision: 'latest', to: 'deliver' });
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.handled, run.revision > 1], ['completed', true, true]);
    assert.equal(stepOf(await a.steps(1), 'deliver').status, 'done');
  });

  it('is begun anew as another run, each knowing the other', async (t) => {
    const { a, peer } = await openRefused(t);
    const record = await a.create(order, 'Orders');
    await a.waiting(1, 'person');
    const { successor } = await command(a, 1, { kind: 'restart' });
    peer.reply('/orders', ok);
    assert.equal(successor, 2);
    const [first, second] = [await a.ended(1), await a.ended(2)];
    assert.deepEqual([first.status, first.cancelRequested], ['canceled', 'started again as run 2']);
    assert.deepEqual([second.status, second.trigger, second.recordId], ['completed', first.trigger, record.id]);
    const { administration } = a.install;
    assert.equal((await administration.inboxItem({ run: 1 })).successor, 2);
    assert.equal((await administration.inboxItem({ run: 2 })).origin, 1);
    await assert.rejects(command(a, 1, { kind: 'restart' }), { code: 'RUN_NOT_WAITING' });
  });

  it('can be left as it is: acknowledged, assigned, ignored, opened again', async (t) => {
    const { a } = await openRefused(t);
    await a.create(order, 'Orders');
    await a.waiting(1, 'person');
    const { administration } = a.install;
    await command(a, 1, { kind: 'acknowledge', note: 'asked them' });
    await assert.rejects(command(a, 1, { kind: 'acknowledge' }, 'bob'), { code: 'RUN_NOT_WAITING' });
    await command(a, 1, { kind: 'assign', owner: 'admin' });
    await assert.rejects(command(a, 1, { kind: 'assign', owner: 'nemo' }), { code: 'USER_UNKNOWN' });
    await command(a, 1, { kind: 'ignore' });
    assert.deepEqual(await administration.inbox({}), []);
    await command(a, 1, { kind: 'reopen' });
    const [item] = await administration.inboxItems({ owner: 'admin', limit: 5 });
    assert.deepEqual([item?.run, item?.state, item?.note], [1, 'open', 'asked them']);
    const { history } = await administration.inboxItem({ run: 1 });
    assert.deepEqual(
      history.map(({ action }) => action),
      ['reopen', 'ignore', 'assign', 'acknowledge'],
    );
  });
});

describe('a run in doubt', () => {
  const open = async (t: Parameters<typeof openRefused>[0]) => {
    const opened = await openRefused(t);
    opened.peer.reply('/orders', cut);
    const record = await opened.a.create(order, 'Orders');
    await opened.a.waiting(1, 'person');
    return { ...opened, record };
  };

  it('is taken as done, with what the answer would have given', async (t) => {
    const { a, peer, record } = await open(t);
    const { item, fits } = await a.install.administration.inboxItem({ run: 1 });
    assert.equal(item?.inDoubt, true);
    assert.ok(fits.includes('not-done'));
    await assert.rejects(command(a, 1, { kind: 'done', outputs: { remot: 'x' } }), {
      code: 'RUN_OUTPUT_UNKNOWN',
      hint: /remote/u,
    });
    await command(a, 1, { kind: 'done', outputs: { remote: 'R-9', ticket: 'hidden' } });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(record.id))['remote'], 'R-9');
    assert.deepEqual([peer.of('/orders').length, peer.of('/told').length], [1, 1]);
    assert.doesNotMatch(JSON.stringify(await a.install.administration.inboxItem({ run: 1 })), /hidden/u);
  });

  it('is sent again when the other side did not act', async (t) => {
    const { a, peer } = await open(t);
    peer.reply('/orders', ok);
    await command(a, 1, { kind: 'not-done' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(stepOf(await a.steps(1), 'send').attempts.length, 2);
  });
});

describe('a run that ended as failed', () => {
  it('is in the inbox until somebody says that it has been dealt with, and can be begun anew', async (t) => {
    const peer = await ScriptedPeer.open(t);
    const tasks = '<end id="stop" as="failed"/>';
    const documents = [ORDERS, shop(peer), SEND, TELL, onCreate(tasks)];
    const a = await TestInstall.open(t, { documents });
    await a.create(order, 'Orders');
    assert.equal((await a.ended(1)).status, 'failed');
    const { administration } = a.install;
    const { item, fits } = await administration.inboxItem({ run: 1 });
    assert.deepEqual([item?.kind, item?.state], ['failed', 'open']);
    assert.deepEqual(fits.slice(0, 2), ['restart', 'done']);
    await assert.rejects(command(a, 1, { kind: 'retry' }), { code: 'RUN_NOT_WAITING' });
    await command(a, 1, { kind: 'done' });
    assert.deepEqual(await administration.inbox({}), []);
    await a.apply([onCreate('<webservice id="send" map="send-order"/>')]);
    const { successor } = await command(a, 1, { kind: 'restart', revision: 'latest' });
    assert.equal((await a.ended(successor ?? 0)).status, 'completed');
  });
});

describe('a run whose documents are gone', () => {
  it('waits in the inbox, holds its lane, and goes on with a revision that has them', async (t) => {
    const { a, peer } = await openRefused(t);
    const { id } = await a.create(order, 'Orders');
    await a.waiting(1, 'person');
    const changed = '<trigger on="update"/><tasks><webservice id="tell" map="tell"/></tasks>';
    await a.apply([nativeDocument('workflow', 'name="later" module="Orders"', changed)]);
    await a.revise({ id, note: 'x' });
    await a.close();
    forgetDocuments(a.folder, 1);
    await a.reopen({ worker: true });
    await assert.rejects(command(a, 1, { kind: 'retry' }), { code: 'RUN_REVISION_UNFIT', hint: /latest/u });
    assert.equal((await a.install.administration.inboxItem({ run: 1 })).item?.holdsBack, 1);
    peer.reply('/orders', ok);
    await command(a, 1, { kind: 'retry', revision: 'latest' });
    assert.deepEqual([(await a.ended(1)).status, (await a.ended(2)).status], ['completed', 'completed']);
  });

  it('comes into the inbox when nobody can say how it goes on', async (t) => {
    const { a } = await openRefused(t, { worker: false });
    await a.create(order, 'Orders');
    await a.apply([onCreate('<webservice id="tell" map="tell"/>', 'other')]);
    await a.close();
    forgetDocuments(a.folder, 1);
    await a.reopen({ worker: true });
    await a.waiting(1, 'person');
    const [group] = await a.install.administration.inbox({});
    assert.deepEqual([group?.code, group?.count], ['RUN_DOCUMENTS_LOST', 1]);
  });
});

function forgetDocuments(folder: string, revision: number): void {
  const db = new Database(join(folder, 'mapwright.db'));
  db.prepare('DELETE FROM revision_documents WHERE revision = ?').run(revision);
  db.close();
}
