import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createHash } from 'node:crypto';
import { secretForms } from '../../src/connector/secret-forms.ts';
import { productSync } from './documents.ts';
import { answerJson, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, TestInstall } from './install-fixture.ts';

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

function everyForm(secret: string): string[] {
  const { readable, encoded } = secretForms(secret);
  return [...readable, ...encoded];
}
