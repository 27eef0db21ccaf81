import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { CommandRunner } from '../../src/cli/command-runner.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { displayWidth } from '../../src/cli/text-layout.ts';
import { fakeAdministration } from './fake-administration.ts';
import { fakeShell, runCommand } from './fake-shell.ts';

const PAGE = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
/** A row of a table of commands: its name, what it does, an example. */
const ROW = /^\| `(?<name>[a-z][a-z -]*)` \| .+ \| `(?<example>.+)` \|$/gmu;

function visible(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
}

/** Every command that does something, by its words: `runs list`. */
function commandNames(command: Command, before: readonly string[] = []): string[][] {
  return visible(command).flatMap((one) => {
    const words = [...before, one.name()];
    // A group that takes options of its own does something without a subcommand, too.
    const own = one.commands.length === 0 || one.options.length > 0 ? [words] : [];
    return [...own, ...commandNames(one, words)];
  });
}

const runner = new CommandRunner(fakeShell({ administration: fakeAdministration() }).shell);
const program = await buildProgram(runner, { version: '1.2.3' });
const commands = commandNames(program);

describe('docs/command-line.md', () => {
  const rows = [...PAGE.matchAll(ROW)].map(
    ({ groups }) => [groups?.['name'] ?? '', groups?.['example'] ?? ''] as const,
  );

  it('lists every command, and no other', () => {
    assert.ok(commands.length > 20);
    const listed = rows.map(([name]) => name).filter((name) => name !== '');
    assert.deepEqual(listed.toSorted(), commands.map((words) => words.join(' ')).toSorted());
  });

  it('has an example of the command in each row', () => {
    for (const [name, example] of rows) assert.ok(example.includes(`mapwright ${name}`), `${name}: ${example}`);
  });
});

describe('a command line', () => {
  const loaded = async (...commandLine: string[]): Promise<string[]> =>
    (await buildProgram(runner, { version: '1.2.3', commandLine })).commands.map((one) => one.name());
  const all = program.commands.map((one) => one.name());

  it('loads the command that it calls, by its own name, and none besides', async () => {
    for (const name of visible(program).map((one) => one.name())) {
      const own = name === 'completion' ? [name, 'complete'] : [name];
      assert.deepEqual(await loaded(name, '--json'), own);
      assert.deepEqual(await loaded('--json', '--dir', 'runs', '--at=A', name), own);
    }
  });

  it('loads none to tell the version', async () => {
    assert.deepEqual(await loaded('--version'), []);
    assert.equal((await runCommand(['--version'], { administration: fakeAdministration() })).output, '1.2.3');
  });

  it('loads all of them when it is about all, or about none that is there', async () => {
    for (const words of [
      [],
      ['--help', 'runs'],
      ['help', 'runs'],
      ['chekc'],
      ['complete', 'runs'],
      ['--dir', 'runs'],
    ]) {
      assert.deepEqual(await loaded(...words), all, words.join(' '));
    }
  });
});

describe('the help', () => {
  const help = async (words: readonly string[]): Promise<string> =>
    (await runCommand([...words, '--help'], { administration: fakeAdministration() })).output;

  it('shows every command under the title of its group', async () => {
    const groups = visible(program).map((one) => one.helpGroup());
    assert.equal(new Set(groups).size, 6);
    assert.ok(groups.every((title) => title.endsWith(':')));
    const output = await help([]);
    for (const title of groups) assert.ok(output.includes(`\n${title}\n`), title);
  });

  for (const words of commands) {
    it(`of ${words.join(' ')} has an example, and fits the page`, async () => {
      const output = await help(words);
      assert.match(output, /\nExamples:\n/u);
      assert.ok(output.includes(`mapwright ${words[0]}`));
      for (const line of output.split('\n')) assert.ok(displayWidth(line) <= 110, line);
    });
  }
});
