import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument, productSync, publishedSync } from './documents.ts';
import { answerJson, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';

/** The product sync with this plan on its create task, and `after` behind the logout. */
function planned(plan: string, after = ''): Promise<SourceFile[]> {
  return productSync((text, file) =>
    file === 'product-created.xml'
      ? text
          .replace('map="product-create"/>', `map="product-create"><on-error>${plan}</on-error></webservice>`)
          .replace('</tasks>', `${after}</tasks>`)
      : text,
  );
}

describe('an error plan', () => {
  it('with times="2" makes three requests, then waits for a person', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', (response) => void response.writeHead(500).end());
    const documents = await planned('<retry times="2" every="100ms"/>');
    const a = await TestInstall.open(t, { documents, ...callingPeer(peer) });
    await a.create({ productname: 'Bolt' });
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^create: CALL_STATUS /u);
    assert.equal(peer.of('create').length, 3);
    const create = stepOf(await a.steps(1), 'create');
    assert.deepEqual([create.status, create.attempts.length], ['failed', 3]);
    assert.equal(peer.openSessions.size, 0);
    peer.behave('create');
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(peer.products.size, 1);
  });

  it('that aborts goes on at its task, and the run is marked as handled', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', answerJson({ success: false, error: { code: 'NO' } }));
    const documents = await planned(
      '<abort to="note"/>',
      `<end id="finish"/><set-fields id="note"><set field="description" value="not sent"/></set-fields>`,
    );
    const a = await TestInstall.open(t, { documents, ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt' });
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.handled], ['completed', true]);
    assert.equal((await a.values(product.id))['description'], 'not sent');
    const steps = await a.steps(1);
    assert.deepEqual([stepOf(steps, 'create').status, stepOf(steps, 'note').status], ['failed', 'done']);
    assert.equal(peer.openSessions.size, 0);
  });
});

describe('the coreBOS dialect', () => {
  it('goes on after an answered failure as the original, says so, and ends failed', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', answerJson({ success: false, error: { code: 'NO' } }));
    const note = nativeDocument(
      'workflow',
      'name="product-created" module="Products"',
      `<trigger on="create"/><tasks>
         <webservice id="challenge" map="coreBOSSyncChallenge" renew="true"/>
         <webservice id="login" map="coreBOSSyncLogin" renew="true"/>
         <webservice id="create" map="ProductSyncCreate"/>
         <set-fields id="note"><set field="serial_no" value="went on"/></set-fields>
       </tasks>`,
    );
    const published = (await publishedSync(peer)).filter(({ file }) => file !== note.file);
    const a = await TestInstall.open(t, { documents: [...published, note] });
    const product = await a.create({ productname: 'Bolt', description: 'words of a person' });
    const run = await a.reached(1, 'ends', ({ endedAt }) => endedAt !== undefined);
    assert.deepEqual([run.status, run.failure?.code, run.failure?.task], ['failed', 'CALL_EXPECTATION', 'create']);
    const values = await a.values(product.id);
    assert.deepEqual([values['serial_no'], values['description']], ['went on', 'words of a person']);
    const create = stepOf(await a.steps(1), 'create');
    assert.equal(create.status, 'failed');
    assert.equal(create.warnings.length, 1);
  });
});
