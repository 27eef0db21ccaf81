import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from './poll.ts';

const PROGRAM = fileURLToPath(new URL('../../tools/chaos.ts', import.meta.url));

interface Command {
  readonly child: ChildProcess;
  /** Where it makes its folders. */
  readonly folder: string;
  output(): string;
  errors(): string;
  /** The exit code, once it has ended. */
  ended(): Promise<number | null>;
}

async function start(t: TestContext, ...args: string[]): Promise<Command> {
  const folder = await mkdtemp(join(tmpdir(), 'mw-chaos-command-'));
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, TMPDIR: folder } });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  const closed = once(child, 'close');
  t.after(async () => {
    child.kill('SIGINT');
    child.kill('SIGINT');
    await closed;
    await rm(folder, { recursive: true });
  });
  return {
    child,
    folder,
    output: () => texts.output,
    errors: () => texts.errors,
    ended: async () => ((await closed) as [number | null])[0],
  };
}

/** The process that serves A by now. */
async function serverOfA({ folder }: Command): Promise<number | undefined> {
  const [stage = ''] = await readdir(folder);
  const text = await readFile(join(folder, stage, 'a', 'mapwright.pid'), 'utf8').catch(() => '');
  return text === '' ? undefined : Number(text);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the command of the chaos experiment', () => {
  it('tells what can be said, and refuses what cannot', async (t) => {
    const help = await start(t, '--help');
    assert.equal(await help.ended(), 0);
    assert.match(help.output(), /--faults LIST/u);
    const wrong = await start(t, '--kills', 'many');
    assert.equal(await wrong.ended(), 2);
    assert.deepEqual([wrong.output(), await readdir(wrong.folder)], ['', []]);
  });

  it('judges what has happened when it is interrupted, and leaves nothing behind', async (t) => {
    const command = await start(t, '--kills', '400', '--minutes', '20', '--faults', 'slow', '--verbose', '--json');
    await until('saves are accepted', () => (command.errors().includes(' saves accepted') ? true : undefined));
    await until('something is killed', () => (command.errors().includes('kill -9') ? true : undefined));
    command.child.kill('SIGINT');
    assert.equal(await command.ended(), 0, command.errors());
    const facts = JSON.parse(command.output()) as { isInterrupted: boolean; kills: number; findings: unknown[] };
    assert.ok(facts.isInterrupted && facts.kills > 0 && facts.findings.length > 0);
    assert.deepEqual(await readdir(command.folder), []);
  });

  it('ends at once when it is interrupted twice, and takes its servers with it', async (t) => {
    const command = await start(t, '--kills', '0', '--minutes', '20', '--faults', 'none');
    await until('saves are accepted', () => (command.errors().includes(' saves accepted') ? true : undefined));
    const server = await until('A is served', () => serverOfA(command));
    assert.ok(isAlive(server));
    command.child.kill('SIGINT');
    await until('it ends', () => (command.errors().includes('ending') ? true : undefined));
    command.child.kill('SIGINT');
    assert.equal(await command.ended(), 130);
    await until('its server is gone', () => (isAlive(server) ? undefined : true));
  });
});
