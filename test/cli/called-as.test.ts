import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adviceAsCalled, asCalled } from '../../src/cli/called-as.ts';
import { CommandRunner } from '../../src/cli/command-runner.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { fakeAdministration } from './fake-administration.ts';
import { fakeShell, runCommand } from './fake-shell.ts';

const administration = fakeAdministration();
const NPX = { administration, environment: { npm_command: 'exec' } };

describe('commands in what is shown to people', () => {
  it('are named as they are given here, each of them', async () => {
    const program = await buildProgram(new CommandRunner(fakeShell({ administration }).shell), { version: '1.2.3' });
    const names = program.commands.map((command) => command.name()).filter((name) => name !== 'complete');
    assert.ok(names.length > 15);
    for (const name of names) assert.equal(asCalled(`mapwright ${name} X`, 'npx mapwright'), `npx mapwright ${name} X`);
  });

  it('are told from the name of the product, and not named twice', () => {
    for (const text of [
      'the mapwright package',
      'of mapwright as the server',
      'npx mapwright run x',
      'mapwright runner',
    ]) {
      assert.equal(asCalled(text, 'npx mapwright'), text);
    }
  });

  it('stay as they are in data', () => {
    const output = 'name   mapwright apply x\n  hint: mapwright apply x';
    assert.equal(adviceAsCalled(output, 'npx mapwright'), 'name   mapwright apply x\n  hint: npx mapwright apply x');
  });

  it('go by npx in errors and in the help where Mapwright does', async () => {
    const refused = await runCommand(['runs', 'show', 'x'], NPX);
    assert.match(refused.errors, /^ {2}hint: see npx mapwright runs show --help$/mu);
    const { output } = await runCommand(['record', '--help'], NPX);
    assert.match(output, /^ {2}npx mapwright record show /mu);
    assert.doesNotMatch(output, /(?<!npx )mapwright record/u);
  });
});
