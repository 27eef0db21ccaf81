import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { MapwrightError } from '../../../src/core/error.ts';
import { controlAddress } from '../../../src/server/control/control-address.ts';
import { createControlApp } from '../../../src/server/control/control-app.ts';
import { connectControl } from '../../../src/server/control/control-client.ts';
import { CONTROL_METHODS } from '../../../src/server/control/control-methods.ts';
import { startControlServer } from '../../../src/server/control/control-server.ts';
import type { Administration } from '../../../src/runtime/administration.ts';
import type { FakeAdministration } from '../../cli/fake-administration.ts';
import { fakeAdministration } from '../../cli/fake-administration.ts';
import { STEPS, WAITING_RUN } from '../../cli/fake-answers.ts';

async function temporaryFolder(context: TestContext, ...below: string[]): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'mapwright-control-')));
  context.after(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, ...below);
  await mkdir(folder, { recursive: true });
  return folder;
}

async function serve(context: TestContext, folder: string): Promise<[Administration, FakeAdministration]> {
  const owner = fakeAdministration();
  const server = await startControlServer({ folder, administrationOf: () => owner });
  context.after(() => server.close());
  const client = await connectControl(folder);
  assert.ok(client);
  return [client, owner];
}

/** JSON drops members that are undefined; readers cannot tell the difference. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

async function callLibrary(client: Administration): Promise<void> {
  const documents = [{ kind: 'map', name: 'a' }];
  const how = { force: false, dryRun: false, by: 'anna' };
  assert.equal((await client.library({ kind: 'map', limit: 1 })).items[0]?.name, 'a');
  assert.equal((await client.libraryDocument({ kind: 'map', name: 'a' })).text, '<map/>');
  assert.equal((await client.removeDocuments({ documents, ...how })).revision, 5);
  assert.deepEqual((await client.undeleteDocuments({ revision: 5, by: 'anna' })).documents, documents);
  assert.equal((await client.copyDocument({ kind: 'map', name: 'a', to: 'b', by: 'anna' })).revision, 6);
  assert.equal((await client.packs())[0]?.name, 'vies');
  assert.equal((await client.availablePacks())[0]?.installed, '1.0.0');
  assert.equal((await client.pack({ name: 'vies' })).isInstalled, true);
  const given = { shipped: 'vies', overwrite: false, withValues: false, dryRun: true, by: 'anna' };
  assert.equal((await client.importPack(given)).stored, false);
  assert.equal((await client.exportPack({ pack: 'vies', withValues: false })).file, 'vies-1.0.0.zip');
  assert.equal((await client.removePack({ name: 'vies', ...how })).stored, true);
  assert.equal((await client.picture({ name: 'vies.png' })).type, 'image/png');
}

describe('control socket', () => {
  // Calls under way have ten seconds.
  it('closes without waiting for whoever has connected and asks nothing', { timeout: 9_000 }, async (context) => {
    const folder = await temporaryFolder(context);
    const server = await startControlServer({ folder, administrationOf: () => fakeAdministration() });
    const socket = connect(await controlAddress(folder));
    context.after(() => socket.destroy());
    await once(socket, 'connect');
    assert.ok(await connectControl(folder));
    await server.close();
  });

  it('carries every method, its parameter and its answer', async (context) => {
    const [client, owner] = await serve(context, await temporaryFolder(context));
    const documents = [{ file: 'a.xml', text: '<map>螺栓 🔩</map>' }];
    assert.equal((await client.status()).revision, 4);
    assert.deepEqual(await client.check({ documents }), { plans: [], counts: { map: 1 }, diagnostics: [] });
    assert.equal((await client.apply({ documents, prune: true, dryRun: true, by: 'anna' })).stored, false);
    assert.equal((await client.plan({ documents, prune: false })).revision, 4);
    assert.equal((await client.revisions({ limit: 1 }))[0]?.number, 4);
    assert.equal((await client.revision({ number: undefined })).documents[0]?.name, 'a');
    assert.equal((await client.createRecord({ module: 'Products', values: { productname: null } })).id, '14x1');
    assert.equal((await client.changeRecord({ id: '14x1', values: {} })).version, 1);
    assert.equal((await client.record({ id: '14x1' })).module, 'Products');
    const tried = await client.tryMap({ map: 'm', documents, record: { a: null }, context: {}, send: false });
    assert.equal(tried.failure?.code, 'CALL_REFUSED');
    assert.equal((await client.runs({ limit: 1, status: ['failed'] })).length, 1);
    assert.deepEqual(await client.run({ id: 3 }), asJson({ run: WAITING_RUN, steps: STEPS }));
    assert.equal(await client.retry({ id: 3, by: 'anna' }), undefined);
    assert.equal(await client.cancel({ id: 3, by: 'anna', reason: 'r' }), undefined);
    assert.equal((await client.start({ workflow: 'w', records: ['14x1'], by: 'anna' })).runs[0]?.status, 'pending');
    assert.equal((await client.schedules())[0]?.name, 'nightly');
    assert.equal((await client.nextSlots({ name: 'nightly', count: 2 })).slots.length, 2);
    assert.equal((await client.pauseSchedule({ name: 'nightly', by: 'anna' })).paused?.by, 'anna');
    assert.equal((await client.resumeSchedule({ name: 'nightly', by: 'anna' })).paused, undefined);
    assert.equal((await client.runScheduleNow({ name: 'nightly', by: 'anna' })).last?.accepted, 2);
    assert.deepEqual(await client.destinations(), []);
    await callLibrary(client);
    assert.equal((await client.holdDestination({ name: 'shop', reason: 'moving', by: 'anna' })).name, 'shop');
    assert.equal((await client.releaseDestination({ name: 'shop', by: 'anna' })).name, 'shop');
    assert.equal((await client.nodes()).length > 0, true);
    assert.equal((await client.retention()).kinds.length, 6);
    assert.equal((await client.previewRetention({ kind: 'failed', keep: '7d' })).kinds.length, 6);
    assert.equal((await client.setRetention({ kind: 'failed', keep: '7d' })).kinds.length, 6);
    assert.equal((await client.beginFile({ name: 'a.txt' })).id, 'file-0001');
    assert.equal(await client.appendFile({ id: 'file-0001', offset: 0, base64: 'YQ==' }), undefined);
    assert.equal((await client.finishFile({ id: 'file-0001' })).size, 1);
    assert.equal((await client.file({ id: 'file-0001' })).name, 'a.txt');
    assert.deepEqual(await client.readFile({ id: 'file-0001', offset: 0, bytes: 1 }), { base64: 'YQ==' });
    assert.equal((await client.beginBackup({ target: '/b.db' })).file, '/b.db');
    assert.equal((await client.backupState())?.stage, 'done');
    assert.deepEqual(await client.settings(), { a: '1', b: '2' });
    assert.equal(await client.setSetting({ name: 'a', value: '' }), undefined);
    assert.equal(await client.removeSetting({ name: 'a' }), true);
    assert.equal((await client.secrets())[0]?.name, 'key');
    assert.equal(await client.setSecret({ name: 'k', value: 'v', by: 'anna' }), undefined);
    assert.equal(await client.removeSecret({ name: 'other' }), false);
    assert.equal((await client.missingSecrets())[0]?.name, 'other_key');
    assert.equal((await client.beginKeyRotation({ dryRun: false, by: 'anna' })).to, '00000002');
    assert.equal((await client.keyRotation())?.stage, 'done');
    assert.equal((await client.users())[0]?.id, '19x5');
    assert.equal((await client.addUser({ name: 'n', admin: true })).user.admin, true);
    assert.equal((await client.changeUser({ name: 'n', lastName: 'Berg', active: false })).lastName, 'Berg');
    assert.deepEqual(await client.renewAccessKey({ name: 'n' }), { accessKey: 'k2' });
    assert.equal(await client.setPassword({ name: 'n', password: 'p' }), undefined);
    assert.equal((await client.credentials())[0]?.name, 'calendar');
    assert.equal((await client.credential({ name: 'calendar' })).connections[0]?.state, 'connected');
    const signIn = await client.connectCredential({ name: 'calendar', by: 'anna' });
    assert.equal((await client.signIn({ name: 'calendar', id: signIn.id })).state, 'connected');
    assert.equal((await client.disconnectCredential({ name: 'calendar' })).provider, 'revoked');
    assert.equal((await client.testCredential({ name: 'calendar', documents: [] })).verdict, 'works');
    assert.equal((await client.tokens())[0]?.name, 'deploy');
    const token = await client.createToken({ name: 't', grants: ['viewer'], by: 'anna' });
    assert.deepEqual([token.token.name, token.secret], ['t', 'mw_x']);
    assert.equal((await client.revokeToken({ name: 'deploy', by: 'anna' })).revokedBy, 'anna');
    assert.equal((await client.audit({ limit: 1 }))[0]?.action, 'setSetting');
    assert.deepEqual((await client.groups())[0]?.members, ['branch']);
    assert.equal((await client.addGroup({ name: 'g', description: '' })).name, 'g');
    assert.equal(await client.addGroupMember({ group: 'g', user: 'branch' }), true);
    assert.equal(await client.removeGroupMember({ group: 'g', user: 'n' }), false);
    assert.equal(await client.removeGroup({ name: 'g' }), undefined);
    assert.equal((await client.units())[0]?.parent, 'sales');
    assert.equal((await client.addUnit({ name: 'u', description: '' })).name, 'u');
    assert.equal(await client.moveUnit({ name: 'u', parent: 'sales' }), undefined);
    assert.equal(await client.addUnitMember({ unit: 'u', user: 'branch' }), true);
    assert.equal(await client.removeUnitMember({ unit: 'u', user: 'n' }), false);
    assert.equal(await client.removeUnit({ name: 'u' }), undefined);
    assert.equal((await client.notifications({ all: true, limit: 10 }))[0]?.userName, 'branch');
    assert.equal(await client.readNotifications({ ids: [1] }), undefined);

    const giver = { by: 'anna', origin: 'command line' };
    const command = { kind: 'retry' } as const;
    assert.deepEqual(await client.inbox({}), []);
    assert.deepEqual(await client.inboxItems({ limit: 5 }), []);
    assert.equal((await client.inboxItem({ run: 3 })).run.id, 3);
    assert.deepEqual(await client.commandRun({ ...giver, run: 3, command }), {});
    assert.equal((await client.previewInbox({ filter: {} })).count, 0);
    assert.equal((await client.commandInbox({ ...giver, filter: {}, command })).id, 4);
    assert.equal((await client.inboxJobs({ limit: 1 }))[0]?.state, 'running');
    assert.deepEqual((await client.inboxJob({ id: 4, limit: 1 })).items, []);
    assert.equal(await client.stopInboxJob({ id: 4, takeBack: true, by: 'anna' }), undefined);

    assert.deepEqual(await client.modules(), []);
    assert.deepEqual(await client.importPeople({ source: 's', users: [], groups: [], mode: 'match' }), []);
    const key = { source: 's', module: 'm', direction: 'in' } as const;
    assert.equal(await client.transferProgress(key), undefined);
    const progress = { asked: '', after: '1x1', created: 1, changed: 0, unchanged: 0, failed: 0, done: false };
    const transfer = { key, identity: { by: 'id' }, by: 'anna', progress } as const;
    assert.deepEqual((await client.takeRecords({ ...transfer, records: [], fires: false })).progress, progress);
    assert.equal((await client.settleReferences({ source: 's', by: 'anna' })).settled, 0);
    const page = await client.recordsToGive({ ...transfer, where: '', limit: 1, after: undefined });
    assert.equal(page.remaining, 0);
    assert.equal(await client.noteGiven({ ...transfer, given: [] }), undefined);

    assert.deepEqual(owner.calls.map(({ method }) => method).toSorted(), [...CONTROL_METHODS].toSorted());
    assert.deepEqual(owner.calls.find(({ method }) => method === 'check')?.params, { documents });
    assert.deepEqual(owner.calls.find(({ method }) => method === 'runs')?.params, { limit: 1, status: ['failed'] });
  });

  it('says who gives each command, whatever the name is', async (context) => {
    const folder = await temporaryFolder(context);
    const named: string[] = [];
    const administrationOf = (operator: string) => {
      named.push(operator);
      return fakeAdministration();
    };
    const server = await startControlServer({ folder, administrationOf });
    context.after(() => server.close());
    for (const operator of ['anna', 'Łukasz 螺\n', '']) await (await connectControl(folder, operator))?.status();
    assert.deepEqual(named, ['anna', 'Łukasz 螺\n', 'unknown']);
  });

  it('keeps code, message and hint of an error', async (context) => {
    const [client] = await serve(context, await temporaryFolder(context));
    await assert.rejects(client.run({ id: 99 }), (error) => {
      assert.ok(error instanceof MapwrightError);
      assert.deepEqual([error.code, error.message, error.hint], ['RUN_UNKNOWN', 'there is no run 99', 'see runs list']);
      return true;
    });
  });

  it('names an error that has no code CONTROL_FAILED', async (context) => {
    const folder = await temporaryFolder(context);
    const broken = { ...fakeAdministration(), users: () => Promise.reject(new TypeError('boom')) };
    const server = await startControlServer({ folder, administrationOf: () => broken });
    context.after(() => server.close());
    const client = await connectControl(folder);
    await assert.rejects(client?.users() ?? Promise.resolve(), { code: 'CONTROL_FAILED', message: 'boom' });
  });

  it('answers many calls at once, each with its own answer', async (context) => {
    const [client] = await serve(context, await temporaryFolder(context));
    const counts = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const documents = Array.from({ length: index }, () => ({ file: 'f', text: 'x'.repeat(1000) }));
        return (await client.check({ documents })).counts['map'];
      }),
    );
    assert.deepEqual(counts, [...counts.keys()]);
  });

  it('is open to its user alone', async (context) => {
    const folder = await temporaryFolder(context);
    await serve(context, folder);
    assert.equal((await stat(join(folder, 'control.sock'))).mode & 0o777, 0o600);
  });

  it('moves to a folder of the user when the path is too long', async (context) => {
    const folder = await temporaryFolder(context, 'x'.repeat(60), 'y'.repeat(60));
    const [client] = await serve(context, folder);
    assert.equal((await client.status()).revision, 4);
    const address = await controlAddress(folder);
    assert.ok(Buffer.byteLength(address) <= 100);
    assert.equal((await stat(dirname(address))).mode & 0o777, 0o700);
  });

  it('is neither served nor asked where somebody else may have made that folder', async (context) => {
    const folder = await temporaryFolder(context, 'x'.repeat(60), 'y'.repeat(60));
    const temporary = await temporaryFolder(context);
    const before = process.env['TMPDIR'];
    context.after(() => (before === undefined ? delete process.env['TMPDIR'] : (process.env['TMPDIR'] = before)));
    process.env['TMPDIR'] = temporary;
    assert.equal(await connectControl(folder), undefined, 'there is no such folder yet');
    const theirs = await temporaryFolder(context);
    const address = await controlAddress(folder);
    await symlink(theirs, dirname(address));
    const impostor = createServer((_request, response) => response.end('{"product":"mapwright","protocol":1}'));
    impostor.listen(address);
    await once(impostor, 'listening');
    context.after(() => impostor.close());
    await assert.rejects(connectControl(folder), { code: 'CONTROL_FOLDER_UNSAFE' });
    await rm(address);
    const serving = startControlServer({ folder, administrationOf: () => fakeAdministration() });
    await assert.rejects(serving, { code: 'CONTROL_FOLDER_UNSAFE' });
  });

  it('is found by any name of the folder', async (context) => {
    const folder = await temporaryFolder(context, 'real');
    const alias = join(dirname(folder), 'alias');
    await symlink(folder, alias);
    await serve(context, folder);
    assert.ok(await connectControl(alias));
  });

  it('refuses a second server of the same install', async (context) => {
    const folder = await temporaryFolder(context);
    await serve(context, folder);
    await assert.rejects(startControlServer({ folder, administrationOf: () => fakeAdministration() }), {
      code: 'CONTROL_IN_USE',
    });
  });

  it('takes the place of a socket file that nobody serves', async (context) => {
    const folder = await temporaryFolder(context);
    await leaveStaleSocket(join(folder, 'control.sock'));
    assert.equal(await connectControl(folder), undefined);
    const [client] = await serve(context, folder);
    assert.equal((await client.status()).revision, 4);
  });

  it('is nobody where no server is, or no folder', async (context) => {
    const folder = await temporaryFolder(context);
    assert.equal(await connectControl(folder), undefined);
    assert.equal(await connectControl(join(folder, 'missing')), undefined);
  });

  it('is gone once closed, after the calls under way', async (context) => {
    const folder = await temporaryFolder(context);
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<[]>();
    const users = (): Promise<[]> => {
      begun.resolve();
      return finish.promise;
    };
    const server = await startControlServer({ folder, administrationOf: () => ({ ...fakeAdministration(), users }) });
    const client = await connectControl(folder);
    const underWay = client?.users();
    await begun.promise;
    const closed = server.close();
    finish.resolve([]);
    await closed;
    assert.deepEqual(await underWay, []);
    assert.equal(await connectControl(folder), undefined);
  });

  it('refuses a server of another version', async (context) => {
    const folder = await temporaryFolder(context);
    const other = createServer((_request, response) => response.end('{"product":"mapwright","protocol":99}'));
    other.listen(await controlAddress(folder));
    await once(other, 'listening');
    context.after(() => other.close());
    await assert.rejects(connectControl(folder), { code: 'CONTROL_PROTOCOL' });
  });

  it('tells when the server goes away in the middle of a call', async (context) => {
    const folder = await temporaryFolder(context);
    const dying = createServer((request, response) => {
      if (request.method === 'GET') response.end('{"product":"mapwright","protocol":1}');
      else request.socket.destroy();
    });
    dying.listen(await controlAddress(folder));
    await once(dying, 'listening');
    context.after(() => dying.close());
    const client = await connectControl(folder);
    await assert.rejects(client?.users() ?? Promise.resolve(), { code: 'CONTROL_LOST' });
  });

  it('does not send what is larger than a request may be', async (context) => {
    const [client, owner] = await serve(context, await temporaryFolder(context));
    const documents = [{ file: 'big.xml', text: 'x'.repeat(64 * 1024 * 1024) }];
    await assert.rejects(client.check({ documents }), { code: 'CONTROL_TOO_LARGE' });
    assert.deepEqual(owner.calls, []);
  });
});

describe('control routes', () => {
  const refusals: readonly (readonly [path: string, body: string, code: string])[] = [
    ['/call/status', '{"a":', 'CONTROL_REQUEST_INVALID'],
    ['/call/constructor', '', 'CONTROL_METHOD_UNKNOWN'],
    ['/call/hasOwnProperty', '', 'CONTROL_METHOD_UNKNOWN'],
    ['/elsewhere', '', 'CONTROL_METHOD_UNKNOWN'],
  ];
  for (const [path, body, code] of refusals) {
    it(`answer ${path} ${body} with ${code}`, async () => {
      const answer = await createControlApp(() => fakeAdministration()).request(path, { method: 'POST', body });
      assert.equal(answer.status, 422);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      assert.equal(JSON.parse(await answer.text()).code, code);
    });
  }

  it('refuse a body over the limit before reading it', async () => {
    const headers = { 'content-length': String(64 * 1024 * 1024 + 1) };
    const answer = await createControlApp(() => fakeAdministration()).request('/call/check', {
      method: 'POST',
      headers,
      body: 'x',
    });
    assert.equal(JSON.parse(await answer.text()).code, 'CONTROL_TOO_LARGE');
  });
});

/** A socket file whose process is dead: made by a child that ends without closing it. */
async function leaveStaleSocket(path: string): Promise<void> {
  const script = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  const child = spawn(process.execPath, ['-e', script, path]);
  await once(child, 'exit');
}
