import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { productSync } from '../documents.ts';
import { openHostilePeer } from '../hostile-peer.ts';
import { callingPeer } from '../install-fixture.ts';
import { until } from '../poll.ts';
import { openObserved } from './observed-install.ts';

type Line = Readonly<Record<string, unknown>>;

function read(lines: readonly string[]): Line[] {
  return lines.map((line) => JSON.parse(line) as Line);
}

describe('the log of a served install', () => {
  it('is JSON that names run, workflow, step, destination and request, and holds no value and no secret', async (t) => {
    const peer = await openHostilePeer(t);
    const { lines, call, session, allEnded, served } = await openObserved(t, {
      documents: await productSync(),
      ...callingPeer(peer),
      log: { logFormat: 'json', logLevel: 'debug' },
    });
    const element = JSON.stringify({ productname: 'Planted bolt', serial_no: 'SN-planted' });
    const create = { operation: 'create', elementType: 'Products', element, sessionName: session };
    const { response } = await call(create, { 'x-request-id': 'from-the-proxy-1' });
    assert.equal(response.headers.get('x-request-id'), 'from-the-proxy-1');
    await call({ operation: 'retrieve', id: '14x999', sessionName: session });
    await allEnded(1);
    const said = await until('the end is logged', () =>
      read(lines).some(({ event }) => event === 'run-ended') ? read(lines) : undefined,
    );
    const access = said.find(({ request }) => request === 'from-the-proxy-1');
    assert.ok(access);
    const { event, level, operation, user, status } = access;
    assert.deepEqual([event, level, operation, user, status], ['request', 'info', 'create', 'admin', 200]);
    assert.equal(typeof access['durationMs'], 'number');
    const refused = said.find(({ operation: name }) => name === 'retrieve');
    assert.equal(refused?.['code'], 'INVALID_ID_ATTRIBUTE');
    const called = said.find((line) => line['event'] === 'call-ended' && line['task'] === 'create');
    const { run, workflow, step, destination, outcome } = called ?? {};
    assert.deepEqual([run, workflow, step, destination, outcome], [1, 'product-created', 3, 'head-office', 200]);
    const firstKey = served.firstUser?.accessKey ?? assert.fail('no first user');
    const planted = ['Planted bolt', 'SN-planted', session, peer.key, firstKey, ...peer.handedOut, '14x999'];
    for (const secret of planted) assert.equal(lines.join('\n').includes(secret), false, secret);
  });

  it('hides secrets that a fault quotes, in the forms they travel in', async (t) => {
    const secret = 'planted&secret/7781';
    const { lines, served } = await openObserved(t, {
      documents: [],
      settings: {},
      secrets: { planted: secret },
      log: { logFormat: 'json' },
    });
    const { events } = served.install;
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    for (const form of forms) events.tell({ kind: 'fault', run: 7, error: new Error(`refused: ${form}`) });
    const faults = read(lines).filter(({ event }) => event === 'fault');
    assert.deepEqual(
      faults.map(({ run, level }) => [run, level]),
      forms.map(() => [7, 'error']),
    );
    for (const form of forms) assert.equal(lines.join('\n').includes(form), false, form);
    assert.match(String(faults[0]?.['msg']), /refused: /u);
    assert.match(String(faults[0]?.['stack']), /log\.test/u);
  });

  it('is lines for people where asked for, without the requests that went well', async (t) => {
    const peer = await openHostilePeer(t);
    const { lines, call, session, allEnded } = await openObserved(t, {
      documents: await productSync(),
      ...callingPeer(peer),
      log: { logFormat: 'text' },
    });
    const element = JSON.stringify({ productname: 'Bolt' });
    await call({ operation: 'create', elementType: 'Products', element, sessionName: session });
    await allEnded(1);
    await until('the end is logged', () => (lines.length > 0 ? true : undefined));
    assert.deepEqual(lines, ['run 1 product-created completed']);
  });

  it('says only what it is asked to say', async (t) => {
    const peer = await openHostilePeer(t);
    const { lines, call, session, allEnded, served } = await openObserved(t, {
      documents: await productSync(),
      ...callingPeer(peer),
      log: { logFormat: 'json', logLevel: 'error' },
    });
    const element = JSON.stringify({ productname: 'Bolt' });
    await call({ operation: 'create', elementType: 'Products', element, sessionName: session });
    await allEnded(1);
    served.install.events.tell({ kind: 'fault', run: undefined, error: new Error('broken') });
    assert.deepEqual(
      read(lines).map(({ msg }) => msg),
      ['engine fault: broken'],
    );
  });
});
