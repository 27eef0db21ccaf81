import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeAdministration } from './fake-administration.ts';
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
  ['user deactivate x', 'changeUser', { name: 'x', active: false }, 0],
  ['user activate x', 'changeUser', { name: 'x', active: true }, 0],
  ['group add support', 'addGroup', { name: 'support', description: '' }, 0],
  ['group add support --description helps', 'addGroup', { name: 'support', description: 'helps' }, 0],
  ['group add-member support branch', 'addGroupMember', { group: 'support', user: 'branch' }, 0],
  ['group add-member support other', 'addGroupMember', { group: 'support', user: 'other' }, 0],
  ['group remove-member support branch', 'removeGroupMember', { group: 'support', user: 'branch' }, 0],
  ['group remove-member support other', 'removeGroupMember', { group: 'support', user: 'other' }, 1],
  ['group remove support', 'removeGroup', { name: 'support' }, 0],
];

describe('user and group', () => {
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
    const { groups } = JSON.parse((await run('group', 'list', '--json')).output);
    assert.deepEqual(groups, [{ id: '20x1', name: 'support', description: 'answers customers', members: ['branch'] }]);
    const { users } = JSON.parse((await run('user', 'list', '--json')).output);
    assert.equal(users[0].name, 'branch');
  });

  it('set without anything to set is wrong usage, and asks nobody', async () => {
    const result = await run('user', 'set', 'x');
    assert.deepEqual([result.exitCode, result.calls], [2, []]);
    assert.match(result.errors, /^error CLI_USAGE /u);
  });

  it('say in their help how they are used', async () => {
    for (const command of ['user', 'group']) {
      assert.match((await run(command, '--help')).output, new RegExp(`Examples:\\n +mapwright ${command} add`, 'u'));
    }
  });
});
