import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { productSync } from '../documents.ts';
import { hang, openHostilePeer } from '../hostile-peer.ts';
import { callingPeer } from '../install-fixture.ts';
import { until } from '../poll.ts';
import { figures, openObserved } from './observed-install.ts';

describe('the figures of a served install', () => {
  it('count what a save started, whom it called, and what the web service answered', async (t) => {
    const peer = await openHostilePeer(t);
    const { served, call, session, allEnded } = await openObserved(t, {
      documents: await productSync(),
      ...callingPeer(peer),
    });
    const element = JSON.stringify({ productname: 'Bolt' });
    await call({ operation: 'create', elementType: 'Products', element, sessionName: session });
    await call({ operation: 'no such thing', sessionName: session });
    await allEnded(1);
    const seen = await figures(served.url);
    const expected: Readonly<Record<string, number>> = {
      'mapwright_runs_accepted_total{workflow="product-created"}': 1,
      'mapwright_runs_ended_total{workflow="product-created",status="completed",handled="false"}': 1,
      'mapwright_steps_total{workflow="product-created",purpose="main",status="done"}': 3,
      'mapwright_steps_total{workflow="product-created",purpose="cleanup",status="done"}': 1,
      'mapwright_calls_total{destination="head-office",outcome="2xx"}': 4,
      'mapwright_call_duration_seconds_count{destination="head-office"}': 4,
      'mapwright_saves_total{outcome="committed"}': 1,
      mapwright_save_duration_seconds_count: 1,
      'mapwright_webservice_requests_total{operation="create",code="ok"}': 1,
      'mapwright_webservice_requests_total{operation="none",code="UNKNOWN_OPERATION"}': 1,
      mapwright_store_readable: 1,
      mapwright_worker_working: 1,
    };
    for (const [series, value] of Object.entries(expected)) assert.equal(seen.get(series), value, series);
    assert.ok((seen.get('mapwright_commit_units_total') ?? 0) > 0);
    assert.ok((seen.get('mapwright_event_loop_delay_seconds{quantile="0.99"}') ?? -1) >= 0);
    const names = [...seen.keys()].join('\n');
    for (const value of ['Bolt', '14x1', session, peer.key]) assert.equal(names.includes(value), false, value);
  });

  it('tell what waits for a person, who has to look after it, and what waits behind it', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', (response) => void response.writeHead(400).end());
    const { served, call, session } = await openObserved(t, { documents: await productSync(), ...callingPeer(peer) });
    const element = JSON.stringify({ productname: 'Bolt' });
    const made = await call({ operation: 'create', elementType: 'Products', element, sessionName: session });
    const changed = JSON.stringify({ id: made.answer.result['id'], serial_no: 'SN-1' });
    await call({ operation: 'revise', element: changed, sessionName: session });
    const seen = await until('the figures tell of it', async () => {
      const now = await figures(served.url);
      return now.get('mapwright_runs_waiting{for="person"}') === 1 ? now : undefined;
    });
    assert.equal(seen.get('mapwright_inbox_open{workflow="product-created"}'), 1);
    assert.equal(seen.get('mapwright_runs_waiting{for="lane"}'), 1);
    assert.equal(seen.get('mapwright_lane_depth_max'), 2);
    assert.equal(seen.get('mapwright_runs_due'), 0);
    assert.equal(seen.get('mapwright_oldest_due_run_age_seconds'), 0);
    assert.equal(seen.get('mapwright_calls_total{destination="head-office",outcome="4xx"}'), 1);
    assert.equal(seen.get('mapwright_runs_put_to_wait_total{workflow="product-created",for="person"}'), 1);
  });

  it('are read on this machine, and from elsewhere with the token only', async (t) => {
    const { served } = await openObserved(t, { documents: [], settings: {}, secrets: {} });
    const asked = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await fetch(`${served.url}/metrics`, { headers })).status;
    assert.equal(await asked({}), 200);
    assert.equal(await asked({ 'x-forwarded-for': '203.0.113.7' }), 401);
    assert.equal(await asked({ authorization: 'Bearer right' }), 401, 'no token is set');
    await served.install.administration.setSecret({ name: 'metrics_token', value: 'right', by: 'test' });
    assert.equal(await asked({ authorization: 'Bearer wrong' }), 401);
    assert.equal(await asked({ authorization: 'Bearer right', 'x-forwarded-for': '203.0.113.7' }), 200);
  });
});

describe('what a served install says of itself', () => {
  it('is that it lives and takes work; while it stops, that it takes none, until calls under way have ended', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', hang, 1);
    const { served, call, session } = await openObserved(t, { documents: await productSync(), ...callingPeer(peer) });
    const ready = await fetch(`${served.url}/ready`);
    const fine = { ok: true };
    assert.deepEqual(
      [ready.status, await ready.json()],
      [200, { status: 'ok', checks: { serving: fine, version: fine, store: fine, worker: fine } }],
    );
    const element = JSON.stringify({ productname: 'Bolt' });
    await call({ operation: 'create', elementType: 'Products', element, sessionName: session });
    await until('the peer gets the create', () => peer.of('create')[0]);
    const stopped = served.stop();
    const draining = await until('it says that it stops', async () => {
      const response = await fetch(`${served.url}/ready`);
      return response.status === 503 ? response : undefined;
    });
    const { status, checks } = (await draining.json()) as { status: string; checks: Record<string, { ok: boolean }> };
    assert.deepEqual([status, checks['serving']?.ok, checks['worker']?.ok], ['unavailable', false, false]);
    assert.equal((await fetch(`${served.url}/health`)).status, 200, 'it lives');
    const refused = await fetch(`${served.url}/webservice.php`, { method: 'POST', body: 'operation=getchallenge' });
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '5']);
    await refused.text();
    peer.behave('create');
    await stopped;
    await assert.rejects(fetch(`${served.url}/health`));
  });
});
