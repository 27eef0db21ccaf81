import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeAdministration } from './fake-administration.ts';
import { NOW } from './fake-answers.ts';
import { runCommand } from './fake-shell.ts';

async function run(...words: string[]) {
  const administration = fakeAdministration();
  return { ...(await runCommand(words, { administration })), calls: administration.calls };
}

const CASES: readonly (readonly [line: string, method: string, params: unknown, exitCode: number])[] = [
  ['user add x', 'addUser', { name: 'x', admin: false }, 0],
  [
    'user add x --admin --first-name Anna --last-name Berg --email a@example.com',
    'addUser',
    { name: 'x', admin: true, firstName: 'Anna', lastName: 'Berg', email: 'a@example.com' },
    0,
  ],
  ['user set x --last-name Berg', 'changeUser', { name: 'x', lastName: 'Berg' }, 0],
  ['user set x --email=', 'changeUser', { name: 'x', email: '' }, 0],
  [
    'user set x --date-format dd-mm-yyyy --decimal-separator , --grouping-separator= --decimals 3',
    'changeUser',
    {
      name: 'x',
      preferences: { dateFormat: 'dd-mm-yyyy', decimalSeparator: ',', groupingSeparator: '', decimals: 3 },
    },
    0,
  ],
  ['user set x --admin', 'changeUser', { name: 'x', admin: true }, 0],
  ['user set x --no-admin', 'changeUser', { name: 'x', admin: false }, 0],
  ['user add x --role viewer', 'addUser', { name: 'x', admin: false, role: 'viewer' }, 0],
  ['user add x --role administrator', 'addUser', { name: 'x', admin: true }, 0],
  ['user set x --role operator', 'changeUser', { name: 'x', admin: false, role: 'operator' }, 0],
  ['user set x --role administrator', 'changeUser', { name: 'x', admin: true, role: 'none' }, 0],
  [
    'token create x --role viewer --scope runs:write --expires 90d',
    'createToken',
    { name: 'x', grants: ['viewer', 'runs:write'], expiresAt: NOW + 90 * 86_400_000, by: 'anna' },
    0,
  ],
  [
    'token create x --scope runs:read',
    'createToken',
    { name: 'x', grants: ['runs:read'], expiresAt: undefined, by: 'anna' },
    0,
  ],
  ['token revoke x', 'revokeToken', { name: 'x', by: 'anna' }, 0],
  [
    'audit --by token:x --since 2026-01-31 --until 2026-01-31T09:05',
    'audit',
    {
      by: 'token:x',
      action: undefined,
      target: undefined,
      since: Date.UTC(2026, 0, 31),
      until: Date.UTC(2026, 0, 31, 9, 5),
      limit: 20,
    },
    0,
  ],
  ['user deactivate x', 'changeUser', { name: 'x', active: false }, 0],
  ['user activate x', 'changeUser', { name: 'x', active: true }, 0],
  ['group add support', 'addGroup', { name: 'support', description: '' }, 0],
  ['group add support --description helps', 'addGroup', { name: 'support', description: 'helps' }, 0],
  ['group add-member support branch', 'addGroupMember', { group: 'support', user: 'branch' }, 0],
  ['group add-member support other', 'addGroupMember', { group: 'support', user: 'other' }, 0],
  ['group remove-member support branch', 'removeGroupMember', { group: 'support', user: 'branch' }, 0],
  ['group remove-member support other', 'removeGroupMember', { group: 'support', user: 'other' }, 1],
  ['group remove support', 'removeGroup', { name: 'support' }, 0],
  ['unit add sales', 'addUnit', { name: 'sales', description: '' }, 0],
  [
    'unit add north --part-of sales --description cold',
    'addUnit',
    { name: 'north', description: 'cold', parent: 'sales' },
    0,
  ],
  ['unit move north sales', 'moveUnit', { name: 'north', parent: 'sales' }, 0],
  ['unit move north', 'moveUnit', { name: 'north' }, 0],
  ['unit add-member north branch', 'addUnitMember', { unit: 'north', user: 'branch' }, 0],
  ['unit add-member north other', 'addUnitMember', { unit: 'north', user: 'other' }, 0],
  ['unit remove-member north branch', 'removeUnitMember', { unit: 'north', user: 'branch' }, 0],
  ['unit remove-member north other', 'removeUnitMember', { unit: 'north', user: 'other' }, 1],
  ['unit remove north', 'removeUnit', { name: 'north' }, 0],
];

describe('user, group and unit', () => {
  for (const [line, method, params, exitCode] of CASES) {
    it(line, async () => {
      const result = await run(...line.split(' '));
      assert.deepEqual(result.calls, [{ method, params }]);
      assert.equal(result.exitCode, exitCode);
      assert.notEqual(result.output, '');
    });
  }

  it('list in a table, and as JSON', async () => {
    assert.equal(
      (await run('group', 'list')).output,
      'id    name     members  description\n20x1  support  branch   answers customers',
    );
    assert.equal(
      (await run('unit', 'list')).output,
      'name     members  description\nsales             sells\n  north  branch',
    );
    const { groups } = JSON.parse((await run('group', 'list', '--json')).output);
    assert.deepEqual(groups, [{ id: '20x1', name: 'support', description: 'answers customers', members: ['branch'] }]);
    const { users } = JSON.parse((await run('user', 'list', '--json')).output);
    assert.equal(users[0].name, 'branch');
  });

  it('take passwords from a pipe, and from nowhere else', async () => {
    const administration = fakeAdministration();
    const words = ['user', 'password', 'x'];
    const piped = await runCommand(words, { administration, input: { piped: 'four words\n' } });
    assert.equal(piped.exitCode, 0);
    assert.deepEqual(administration.calls, [{ method: 'setPassword', params: { name: 'x', password: 'four words' } }]);
    assert.match((await run(...words)).errors, /^error CLI_SECRET_EMPTY /u);
    const named = await run(...words, '--password', 'four-words');
    assert.deepEqual([named.exitCode, named.calls], [2, []]);
  });

  it('show a token once, and what there is to see of tokens and the audit', async () => {
    assert.match((await run('token', 'create', 'x', '--role', 'viewer')).output, /\n {2}token {2}mw_x\n/u);
    assert.match((await run('token', 'list')).output, /^deploy +viewer +until revoked +never/mu);
    assert.match((await run('audit')).output, /^9 +\S+ \S+ +token:deploy +10\.0\.0\.7 +setSetting +a/mu);
    for (const line of ['token create x', 'token create x --scope everything', 'user add x --admin --role viewer']) {
      const result = await run(...line.split(' '));
      assert.deepEqual([result.exitCode, result.calls], [2, []], line);
    }
  });

  it('set without anything to set is wrong usage, and asks nobody', async () => {
    const result = await run('user', 'set', 'x');
    assert.deepEqual([result.exitCode, result.calls], [2, []]);
    assert.match(result.errors, /^error CLI_USAGE /u);
  });

  it('say in their help how they are used', async () => {
    for (const command of ['user', 'group', 'unit']) {
      assert.match((await run(command, '--help')).output, new RegExp(`Examples:\\n +mapwright ${command} add`, 'u'));
    }
  });
});
