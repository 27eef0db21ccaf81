import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Install, openInstall } from '../../src/runtime/install.ts';
import { mapwright, serve, temporaryFolder } from './command-line.ts';
import { nativeDocument, productSync } from './documents.ts';
import { hang, type HostilePeer, openHostilePeer } from './hostile-peer.ts';
import { ADMIN, callingPeer } from './install-fixture.ts';
import { until } from './poll.ts';

/** An install in a folder, made ready and closed, with one product whose run has not begun. */
async function acceptedProduct(t: TestContext, peer: HostilePeer): Promise<{ folder: string; id: string }> {
  const folder = await temporaryFolder(t);
  return withInstall(folder, async (install) => {
    const { administration, crm } = install;
    const { settings, secrets } = callingPeer(peer);
    for (const [name, value] of Object.entries({ ...settings, 'egress.allow': '127.0.0.1:*' })) {
      await administration.setSetting({ name, value });
    }
    for (const [name, value] of Object.entries(secrets)) await administration.setSecret({ name, value, by: 'test' });
    await administration.apply({ documents: await productSync(), prune: false, dryRun: false, by: 'test' });
    const { id } = await crm.create({ actor: ADMIN, module: 'Products', element: { productname: 'Bolt' } });
    return { folder, id };
  });
}

async function withInstall<T>(folder: string, work: (install: Install) => Promise<T>): Promise<T> {
  const install = await openInstall({ folder, env: {} });
  try {
    return await work(install);
  } finally {
    await install.close();
  }
}

describe('a server that is asked to end in the middle of a call', () => {
  it('waits for the answer, hands the run back, and the next one goes on behind it', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', hang, 1);
    const { folder, id } = await acceptedProduct(t, peer);
    const first = await serve(t, folder);
    await until('the peer gets the create', () => peer.of('create')[0]);
    const ended = first.end('SIGTERM');
    await until('the server takes no more calls', async () => {
      const { status } = await fetch(`${first.url}/ready`);
      return status === 503 ? true : undefined;
    });
    peer.behave('create');
    assert.deepEqual(await ended, [0, null]);
    assert.equal(peer.openSessions.size, 1, 'the run is in the middle');
    await withInstall(folder, async ({ administration, crm }) => {
      assert.equal((await administration.run({ id: 1 })).run.wait?.for, 'time');
      assert.equal((await crm.retrieve(id)).values['remote_id'], [...peer.products.values()][0]);
    });
    const next = await serve(t, folder);
    await until('the session is closed', () => (peer.openSessions.size === 0 ? true : undefined));
    assert.deepEqual(await next.end('SIGTERM'), [0, null]);
    const { run, steps } = await withInstall(folder, ({ administration }) => administration.run({ id: 1 }));
    assert.equal(run.status, 'completed');
    assert.deepEqual([steps.length, peer.of('create').length, peer.of('login').length], [4, 1, 1]);
  });
});

describe('a map that is tried by hand', () => {
  it('shows its secret neither as text nor as JSON, sent or not, through a server or without one', async (t) => {
    const peer = await openHostilePeer(t);
    const { folder } = await acceptedProduct(t, peer);
    const { text } = nativeDocument(
      'map',
      'name="try"',
      `<call method="POST" url="${peer.url}" path="/try" body="form"/>
       <parameters>
         <parameter name="Authorization" in="header" template="Bearer {secret.head_office_key}"/>
         <parameter name="plain" secret="head_office_key"/>
         <parameter name="coded" template="x{secret.head_office_key}" encode="base64"/>
         <parameter name="in-query" in="query" secret="head_office_key"/>
       </parameters>`,
    );
    const file = join(await temporaryFolder(t), 'try.xml');
    await writeFile(file, text);
    const coded = Buffer.from(`x${peer.key}`).toString('base64');
    const tryAll = async (): Promise<void> => {
      for (const options of [[], ['--json'], ['--dry-run'], ['--dry-run', '--json']]) {
        const { output, errors, exitCode } = await mapwright(['run', file, '--dir', folder, ...options]);
        assert.deepEqual([exitCode, errors.replaceAll(/^run .*\n/gmu, '')], [0, '']);
        assert.match(output, /••••/u);
        for (const secret of [peer.key, coded]) assert.equal(output.includes(secret), false, options.join(' '));
      }
    };
    await tryAll();
    assert.equal(peer.requests.filter(({ parameters }) => parameters['coded'] === coded).length, 2);
    const server = await serve(t, folder);
    await tryAll();
    assert.equal(server.log().includes(peer.key), false);
  });
});
