import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ROLES, ROLE_SCOPES } from '../../src/core/access.ts';
import { ORDERS } from '../server/api/api-documents.ts';
import { temporaryFolder } from '../whole/command-line.ts';
import { ServedTest } from '../whole/served-install.ts';
import { blocksOf, tablesOf } from './page.ts';

/** What a line of the page prints; 28 is curl's way of saying that its time is over. */
async function run(line: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn('/bin/sh', ['-c', line], { env: { ...process.env, ...environment, NO_COLOR: '1' } });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const [code] = await once(child, 'close');
  assert.ok(code === 0 || code === 28, `${line}\n${output}${errors}`);
  return output;
}

/** The search path of somebody who has installed Mapwright. */
async function commandNamedMapwright(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const program = fileURLToPath(new URL('../../bin/mapwright.js', import.meta.url));
  await writeFile(join(folder, 'mapwright'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  await chmod(join(folder, 'mapwright'), 0o755);
  return [folder, process.env['PATH'] ?? ''].join(delimiter);
}

describe('docs/api.md', () => {
  it('shows requests that work, and what they are answered', async (t) => {
    const test = await ServedTest.open(t, [ORDERS]);
    const { url } = test.served;
    const { folder } = await test.install.administration.status();
    const path = await commandNamedMapwright(t);
    let token = '';
    let printed = '';
    let shown = 0;
    for (const block of blocksOf('api.md')) {
      if (block.language === 'json') {
        const expected: unknown = JSON.parse(block.text);
        // A run may have begun already when the answer is written.
        assert.deepEqual(
          JSON.parse(printed.replace(/"status":"(?:running|completed)"/u, '"status":"pending"')),
          expected,
          block.at,
        );
        shown += 1;
        continue;
      }
      const isMade = block.text.startsWith('mapwright token create');
      const environment = { PATH: path, URL: url, TOKEN: token, MAPWRIGHT_DIR: folder };
      printed = await run(isMade ? `${block.text} --json` : block.text, environment);
      if (isMade) token = String(JSON.parse(printed).secret);
    }
    assert.equal(shown, 4);
    assert.match(token, /^mw_/u);
    assert.match(printed, /nightly/u);
  });

  it('names every role', () => {
    const rows = tablesOf('api.md', ['role', 'may']).flatMap((table) => table.rows);
    assert.deepEqual(
      rows.map(({ cells }) => cells[0]),
      ROLES,
    );
    assert.ok(ROLE_SCOPES.viewer.every((scope) => scope.endsWith(':read') || scope === 'credentials:connect'));
  });
});
