import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/program.ts';
import { connectApi } from '../../src/cli/api-client/connect-api.ts';
import { openAdministration } from '../../src/cli/open-administration.ts';
import type { Administration } from '../../src/runtime/administration.ts';
import { fakeAdministration } from '../cli/fake-administration.ts';
import { type CommandResult, fakeShell } from '../cli/fake-shell.ts';
import { NIGHTLY, ORDERS } from '../server/api/api-documents.ts';
import { temporaryFolder } from './command-line.ts';
import { ServedTest } from './served-install.ts';

/** An install behind a real port, and a command line on another machine: it knows address and token, and no folder. */
async function open(t: TestContext) {
  const test = await ServedTest.open(t, [ORDERS, NIGHTLY]);
  const { url, install } = test.served;
  const made = await install.administration.createToken({ name: 'cli', grants: ['administrator'], by: 'test' });
  const folder = await temporaryFolder(t);
  const type = async (line: string, piped = '', token = made.secret): Promise<CommandResult> => {
    const environment = { MAPWRIGHT_URL: url, MAPWRIGHT_TOKEN: token };
    const { shell, output, errors } = fakeShell({
      administration: fakeAdministration(),
      environment,
      workingFolder: folder,
      input: { piped },
    });
    const exitCode = await runCommandLine({
      arguments: line.split(' '),
      version: '1.2.3',
      shell: { ...shell, openAdministration, clock: { now: () => Date.now() } },
    });
    return { exitCode, output: output.join('\n'), errors: errors.join('\n') };
  };
  return { test, url, install, type, folder, remote: connectApi({ url, token: made.secret }) };
}

describe('a command line with an address and a token', () => {
  it('does everything that it does on the machine of the install', async (t) => {
    const { install, type, folder } = await open(t);
    await writeFile(join(folder, 'late.xml'), NIGHTLY.text.replace('nightly', 'late'));
    const lines: readonly (readonly [line: string, piped?: string])[] = [
      ['setting set a 1'],
      ['setting list'],
      ['setting remove a'],
      ['secret set crm', 'hush'],
      ['secret list'],
      ['secret remove crm'],
      ['user add anna --role operator --first-name Anna'],
      ['user set anna --role administrator --email anna@example.com'],
      ['user set anna --no-admin'],
      ['user password anna', 'four words nobody guesses\n'],
      ['user key anna'],
      ['user deactivate anna'],
      ['user activate anna'],
      ['user list'],
      ['group add sales'],
      ['group add-member sales anna'],
      ['group remove-member sales anna'],
      ['group list'],
      ['group remove sales'],
      ['unit add north'],
      ['unit add-member north anna'],
      ['unit list'],
      ['check late.xml'],
      ['plan late.xml'],
      ['apply late.xml'],
      ['export --list'],
      ['record create Orders subject=One'],
      ['record change 40x1 note=two'],
      ['record show 40x1'],
      ['start nightly'],
      ['runs list'],
      ['runs show 1'],
      ['notifications'],
      ['schedules list'],
      ['token create deploy --scope runs:read --expires 90d'],
      ['token list'],
      ['token revoke deploy'],
      ['audit --limit 5'],
    ];
    for (const [line, piped] of lines) {
      const { exitCode, errors, output } = await type(line, piped);
      assert.equal(exitCode, 0, `${line}\n${errors}${output}`);
    }
    const { administration } = install;
    assert.deepEqual(await administration.settings(), { 'egress.allow': '127.0.0.1:*' });
    const anna = (await administration.users()).find(({ name }) => name === 'anna');
    assert.deepEqual([anna?.admin, anna?.email, anna?.active], [false, 'anna@example.com', true]);
    assert.equal((await administration.record({ id: '40x1' })).values['note'], 'two');
    assert.equal((await administration.revision({})).number, 2);
    const audit = await administration.audit({ by: 'token:cli', limit: 500 });
    assert.ok(audit.every(({ from, outcome }) => from === '127.0.0.1' && outcome === 'done'));
    const changes = lines.filter(([line]) => !/list|show|check|plan|^notifications|^audit/u.test(line));
    assert.equal(audit.length, changes.length);
  });

  it('is told what the server refuses, as on its machine', async (t) => {
    const { type } = await open(t);
    const unknown = await type('runs show 9');
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.errors, /^error RUN_UNKNOWN /u);
    assert.match((await type('user list', '', 'mw_wrong')).errors, /^error API_TOKEN_REFUSED /u);
    assert.equal((await type('user list', '', '')).exitCode, 2);
    assert.equal((await type('user list --url nowhere')).exitCode, 2);
    assert.match((await type('user list --url http://127.0.0.1:1')).errors, /^error CLI_REMOTE_UNREACHABLE /u);
  });

  it('is not about a server that is none of Mapwright', async (t) => {
    const { url, type } = await open(t);
    assert.match((await type(`user list --url ${url}/elsewhere`)).errors, /^error CLI_REMOTE_ANSWER /u);
  });
});

describe('the administration over the API', () => {
  it('answers as the one of the install does', async (t) => {
    const { install, remote } = await open(t);
    const { administration } = install;
    await administration.addUser({ name: 'anna', admin: false, role: 'viewer', lastName: 'Berg' });
    await administration.addGroup({ name: 'sales', description: 'sells' });
    await administration.createRecord({ module: 'Orders', values: { subject: 'One' } });
    await administration.start({ workflow: 'nightly', by: 'admin' });
    const looks: readonly ((from: Administration) => Promise<unknown>)[] = [
      (from) => from.users(),
      (from) => from.groups(),
      (from) => from.units(),
      (from) => from.settings(),
      (from) => from.secrets(),
      (from) => from.modules(),
      (from) => from.nodes(),
      (from) => from.schedules(),
      (from) => from.destinations(),
      (from) => from.revision({}),
      (from) => from.revisions({ limit: 5 }),
      (from) => from.record({ id: '40x1' }),
      (from) => from.notifications({ all: true, limit: 5 }),
      (from) => from.inbox({}),
      (from) => from.inboxItems({ limit: 5 }),
      (from) => from.inboxJobs({ limit: 5 }),
      async (from) => (await from.runs({ limit: 600 })).map((run) => ({ ...run, progress: {} })),
      async (from) => (await from.runs({ limit: 2, after: 1, since: 0 })).map(({ id }) => id),
      async (from) => (await from.runs({ limit: 600, after: 0 })).map(({ id }) => id),
      (from) => from.inboxItems({ limit: 2, after: 0 }),
      (from) => from.check({ documents: [ORDERS] }),
      (from) => from.plan({ documents: [ORDERS], prune: true }),
      (from) => from.apply({ documents: [ORDERS], prune: false, dryRun: true, by: 'x' }),
      (from) => from.apply({ documents: [{ file: 'x.xml', text: '<x/>' }], prune: false, dryRun: false, by: 'x' }),
      (from) => from.transferProgress({ source: 'x', module: 'Orders', direction: 'in' }),
    ];
    for (const look of looks) {
      // What travels is JSON: members without a value are left out.
      const told = JSON.stringify(await look(administration)) ?? 'null';
      assert.deepEqual(JSON.parse(JSON.stringify(await look(remote)) ?? 'null'), JSON.parse(told), String(look));
    }
  });
});
