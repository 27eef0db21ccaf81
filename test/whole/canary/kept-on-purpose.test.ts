import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nativeDocument } from '../documents.ts';
import { stepOf, TestInstall } from '../install-fixture.ts';
import { ScriptedPeer } from '../scripted-peer.ts';

const KEY = 'a key that nobody else has 8315';

it('a record keeps the secret that a map writes into its field, and history shows dots for it', async (t) => {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/key', { status: 200, body: { key: KEY, again: `it is ${KEY}` } });
  const a = await TestInstall.open(t, {
    documents: [
      nativeDocument(
        'module',
        'name="Notes" prefix="61" title="name"',
        '<field name="name" type="string" length="40" mandatory="true"/><field name="kept" type="string" length="80"/>',
      ),
      nativeDocument('credential', 'name="login" kind="api-key"', '<key secret="api-key"/>'),
      nativeDocument('service', `name="shop" url="${peer.url}" credential="login"`, ''),
      nativeDocument(
        'map',
        'name="fetch" module="Notes" service="shop"',
        `<call method="POST" path="/key"/><response><output path="key" field="kept"/><output path="again" context="again"/></response>`,
      ),
      nativeDocument(
        'workflow',
        'name="note-made" module="Notes"',
        '<trigger on="create"/><tasks><webservice id="fetch" map="fetch"/></tasks>',
      ),
    ],
    secrets: { 'api-key': KEY },
  });
  const note = await a.create({ name: 'one' }, 'Notes');
  assert.equal((await a.ended(1)).status, 'completed');
  assert.equal((await a.values(note.id))['kept'], KEY);
  const { effects, attempts } = stepOf(await a.steps(1), 'fetch');
  assert.deepEqual(
    effects.map(({ name, value }) => [name, value]),
    [
      ['again', 'it is ••••'],
      ['kept', '••••'],
    ],
  );
  assert.equal(JSON.stringify([attempts, (await a.details(1)).run.context]).includes(KEY), false);
});
