import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createHash } from 'node:crypto';
import { secretForms } from '../../src/connector/secret-forms.ts';
import { nativeDocument, productSync } from './documents.ts';
import { answerJson, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';

/** Every byte that the install has on disk, as text of one character each. */
function bytesOf(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.startsWith('mapwright.db'));
  assert.ok(names.includes('mapwright.db'));
  return names.map((name) => readFileSync(join(folder, name), 'latin1')).join('\n');
}

describe('secret, token and session name', () => {
  it('are nowhere in the database, the run details and the log, in none of the forms they travel in', async (t) => {
    const peer = await openHostilePeer(t);
    // The peer repeats what it was told, as chatty servers do.
    peer.misbehave(
      'create',
      (response, request) =>
        answerJson({ success: false, error: { code: 'NO', message: `session ${request.parameters['sessionName']}` } })(
          response,
          request,
        ),
      1,
    );
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
    await a.create({ productname: 'Bolt' });
    await a.waiting(1, 'person');
    const waiting = JSON.stringify(await a.details(1));
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    const secrets = [
      peer.key,
      ...peer.handedOut,
      ...peer.of('login').map(({ parameters }) => parameters['accessKey'] ?? ''),
    ];
    assert.equal(secrets.length, 1 + 4 + 2, 'the key, two tokens, two sessions, two answers to challenges');
    const told = [waiting, JSON.stringify(await a.details(1)), JSON.stringify(await a.runs()), ...a.log].join('\n');
    assert.match(told, /••••/u);
    const inUse = bytesOf(a.folder);
    await a.close();
    const stored = [inUse, bytesOf(a.folder)].join('\n');
    assert.ok(stored.includes('product-created'), 'the database was not read');
    for (const secret of secrets) {
      for (const form of [...everyForm(secret), createHash('md5').update(secret).digest('hex')]) {
        assert.equal(told.includes(form), false, `told: ${form}`);
        assert.equal(stored.includes(form), false, `stored: ${form}`);
      }
    }
  });
});

describe('what is computed from a confidential context value', () => {
  it('is as confidential, however the expression reaches the value', async (t) => {
    const peer = await openHostilePeer(t);
    const workflow = nativeDocument(
      'workflow',
      'name="compute" module="Products"',
      `<trigger on="create"/>
       <track name="shouted" jsonata="$uppercase($lookup(context, 'peer_token'))"/>
       <tasks>
         <webservice id="challenge" map="peer-challenge"/>
         <expression id="copy">
           <set context="looked_up" jsonata="$uppercase($lookup(context, 'peer_token'))"/>
           <set context="around" jsonata="'-' &amp; $uppercase(context.peer_token.%.peer_token)"/>
         </expression>
         <set-fields id="keep"><set field="serial_no" jsonata="$lowercase($lookup(context, 'peer_token'))"/></set-fields>
         <set-fields id="drop"><set field="serial_no" value=""/></set-fields>
         <notify id="tell" to="user:admin">Token {= $uppercase(context.peer_token) } of {record.productname}</notify>
       </tasks>`,
    );
    const documents = (await productSync()).filter(({ file }) => !/^product-(?:created|changed)\.xml$/u.test(file));
    const a = await TestInstall.open(t, { documents: [...documents, workflow], ...callingPeer(peer) });
    await a.create({ productname: 'Bolt' });
    assert.equal((await a.ended(1)).status, 'completed');
    const [notice] = await a.install.administration.notifications({ all: true, limit: 9 });
    assert.equal(notice?.text, 'Token •••• of Bolt');
    const told = JSON.stringify([await a.details(1), await a.runs(), notice]);
    const stored = bytesOf(a.folder);
    const shown = stepOf(await a.steps(1), 'drop').effects[0];
    assert.deepEqual([shown?.value, shown?.previous], [null, '••••']);
    assert.ok(peer.handedOut.length > 0);
    for (const token of peer.handedOut) {
      assert.equal(told.includes(token.toUpperCase()), false, 'told');
      assert.equal(stored.includes(token.toUpperCase()), false, 'stored');
    }
  });
});

function everyForm(secret: string): string[] {
  const { readable, encoded } = secretForms(secret);
  return [...readable, ...encoded];
}
