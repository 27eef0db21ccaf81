import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'node:test';
import { until } from '../whole/poll.ts';

/** Tells that it listens, ends by itself only after an hour. */
const WAITING = `
const { processShell } = await import(${JSON.stringify(new URL('../../src/cli/process-shell.ts', import.meta.url).href)});
const asked = processShell().untilSignal();
process.emit('SIGINT');
process.emit('SIGINT');
console.log(await asked);
setTimeout(() => {}, 3_600_000);
`;

it('Ctrl+C that npx passes on is one press; another one ends the process at once', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', WAITING]);
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await until('the process has been asked to end, and lives', () => {
    assert.equal(child.exitCode, null, 'the second signal of one press ended it');
    return output === 'SIGINT\n' || undefined;
  });
  await until('it has ended', () => {
    if (child.exitCode !== null) return true;
    child.kill('SIGINT');
    return undefined;
  });
  assert.deepEqual(await ended, [130, null]);
});
