import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument, productSync } from './documents.ts';
import { answerJson, hang, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

/** A second destination, with records of its own. */
const BRANCH: readonly SourceFile[] = [
  nativeDocument(
    'module',
    'name="Contacts" label="Contacts" prefix="12" title="lastname"',
    '<field name="lastname" label="Name" type="string" mandatory="true"/><field name="code" label="Code" type="string"/>',
  ),
  nativeDocument('service', 'name="branch" url="{setting.branch_url}"', ''),
  nativeDocument(
    'map',
    'name="contact-send" module="Contacts" service="branch"',
    `<call method="PUT" path="/contacts"/>
     <parameters><parameter name="name" field="lastname"/></parameters>
     <response><output path="code" field="code"/></response>`,
  ),
  nativeDocument(
    'workflow',
    'name="contact-created" module="Contacts"',
    '<trigger on="create"/><tasks><webservice id="send" map="contact-send"/></tasks>',
  ),
];

describe('a peer that accepts and never answers', () => {
  it('fails the try by the time limit, and gets the same request under the same key', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', hang, 1);
    const documents = await productSync((text) =>
      text.replace('total="30s"', 'total="3s"').replace('from="200ms" growth="1.5" to="400ms"', 'from="3s"'),
    );
    const a = await TestInstall.open(t, { documents, ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt', serial_no: 'SN-1' });
    const wait = await a.waiting(1, 'time');
    assert.match(wait.reason, /^create: CALL_TIMEOUT .*, try 2$/u);
    assert.equal(peer.openSessions.size, 0, 'the session was closed before the wait');
    assert.equal((await a.ended(1)).status, 'completed');
    const create = stepOf(await a.steps(1), 'create');
    assert.deepEqual(
      create.attempts.map(({ failure }) => failure?.code),
      ['CALL_TIMEOUT', undefined],
    );
    const [first, second, ...more] = peer.of('create');
    assert.deepEqual(more, []);
    assert.notEqual(first?.parameters['sessionName'], second?.parameters['sessionName']);
    assert.match(first?.parameters['cbwsOptions'] ?? '', /"ClientRequestIdentifier":"mw-.+-1-create"/u);
    assert.equal(first?.parameters['cbwsOptions'], second?.parameters['cbwsOptions']);
    assert.equal(first?.parameters['element'], second?.parameters['element']);
    assert.ok(first?.headers['idempotency-key'] !== undefined);
    assert.equal(first.headers['idempotency-key'], second?.headers['idempotency-key']);
    assert.equal((await a.values(product.id))['remote_id'], [...peer.products.values()][0]);
    assert.equal(peer.openSessions.size, 0);
  });

  it('holds no more calls than its places, and none of the workers that others need', async (t) => {
    const [peer, branch] = [await openHostilePeer(t), await openHostilePeer(t)];
    peer.misbehave('getchallenge', hang);
    branch.misbehave('/contacts', answerJson({ code: 'C-1' }));
    const documents = [...(await productSync((text) => text.replace('concurrent="8"', 'concurrent="2"'))), ...BRANCH];
    const { settings, secrets } = callingPeer(peer);
    const a = await TestInstall.open(t, {
      documents,
      settings: { ...settings, branch_url: branch.url },
      secrets,
      capacity: 3,
    });
    for (let number = 1; number <= 6; number++) await a.create({ productname: `Bolt ${number}` });
    const waiting = await until('four runs wait for a place', async () => {
      const runs = (await a.runs()).filter(({ wait }) => wait?.for === 'limit');
      return runs.length === 4 ? runs : undefined;
    });
    assert.deepEqual(
      waiting.map(({ wait }) => wait?.key),
      ['head-office', 'head-office', 'head-office', 'head-office'],
    );
    const contacts = ['Ann', 'Ben', 'Cem', 'Dora', 'Eve'].map((lastname) => a.create({ lastname }, 'Contacts'));
    const saved = await Promise.all(contacts);
    await until('the runs to the other destination end', async () => {
      const others = (await a.runs()).filter(({ workflow }) => workflow === 'contact-created');
      return others.length === 5 && others.every(({ status }) => status === 'completed') ? others : undefined;
    });
    for (const { id } of saved) assert.equal((await a.values(id))['code'], 'C-1');
    assert.equal(peer.of('getchallenge').length, 2, 'no third call reached the peer that hangs');
    peer.behave('getchallenge');
    const runs = await a.allEnded(11);
    assert.deepEqual(new Set(runs.map(({ status }) => status)), new Set(['completed']));
    assert.equal(peer.mostAtOnce(), 2);
    assert.equal(peer.products.size, 6);
    assert.equal(peer.openSessions.size, 0);
  });
});
