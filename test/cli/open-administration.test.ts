import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { openAdministration } from '../../src/cli/open-administration.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { startControlServer } from '../../src/server/control/control-server.ts';
import { fakeAdministration } from './fake-administration.ts';

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-open-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('openAdministration', () => {
  it('finds no install in a missing or empty folder, and makes none', async (context) => {
    const empty = await temporaryFolder(context);
    for (const folder of [empty, join(empty, 'missing')]) {
      await assert.rejects(openAdministration({ folder, create: false }), { code: 'CLI_NO_INSTALL' });
    }
  });

  it('makes an install, tells its first user once, and opens it again', async (context) => {
    const folder = join(await temporaryFolder(context), 'new', 'install');
    const made = await openAdministration({ folder, create: true });
    await made.administration.setSetting({ name: 'a', value: '1' });
    await made.close();
    assert.equal(made.firstUser?.name, 'admin');
    const again = await openAdministration({ folder, create: false });
    assert.deepEqual(await again.administration.settings(), { a: '1' });
    await again.close();
    assert.equal(again.firstUser, undefined);
  });

  it('goes through the server that owns the install', async (context) => {
    const folder = await temporaryFolder(context);
    const server = await startControlServer({ folder, administrationOf: () => fakeAdministration() });
    context.after(() => server.close());
    const opened = await openAdministration({ folder, create: false });
    assert.equal((await opened.administration.status()).version, '1.2.3');
    await opened.close();
    assert.equal((await opened.administration.status()).version, '1.2.3');
  });

  it('reports a lock that nobody answers for', async (context) => {
    const folder = await temporaryFolder(context);
    const owner = await openInstall({ folder });
    context.after(() => owner.close());
    await assert.rejects(openAdministration({ folder, create: false }, 200), { code: 'STORE_LOCKED' });
  });

  it('waits for a server that is just starting', async (context) => {
    const folder = await temporaryFolder(context);
    const owner = await openInstall({ folder });
    context.after(() => owner.close());
    const opening = openAdministration({ folder, create: false }, 60_000);
    const server = await startControlServer({ folder, administrationOf: () => fakeAdministration() });
    context.after(() => server.close());
    assert.equal((await (await opening).administration.status()).version, '1.2.3');
  });
});
