import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './command-line.ts';

const PROGRAM = fileURLToPath(new URL('../../tools/run-tests.ts', import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

async function runTests(...words: string[]): Promise<Outcome> {
  // Within a test process Node refuses to run test files.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code: code as number | null, output };
}

/** A folder with a test file for each text; gives a pattern for them. */
async function testFiles(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const [name, body] of Object.entries(files)) {
    await writeFile(join(folder, name), `import { it } from 'node:test';\n${body}\n`);
  }
  return join(folder, '*.test.mjs');
}

describe('the command that runs the tests', () => {
  it('runs every file that is named, and ends with 0 when all is well', async (t) => {
    const body = "it('holds', () => undefined);";
    const { code, output } = await runTests(await testFiles(t, { 'a.test.mjs': body, 'b.test.mjs': body }));
    assert.equal(code, 0, output);
    assert.match(output, /^ℹ pass 2$/mu);
  });

  for (const [what, body] of [
    ['a test that fails', "it('breaks', () => { throw new Error('as it must'); });"],
    ['a file that cannot be loaded', "await import('./nowhere.mjs');"],
    ['a file that ends its process', "it('holds', () => undefined); process.exit(7);"],
  ] as const) {
    it(`ends with 1 for ${what}, whatever the others do`, async (t) => {
      const holds = "it('holds', () => undefined);";
      const { code, output } = await runTests(await testFiles(t, { 'a.test.mjs': body, 'b.test.mjs': holds }));
      assert.equal(code, 1, output);
      assert.match(output, /✔ holds/u);
    });
  }

  it('ends with 2 when there is nothing to run, or an option is not understood', async (t) => {
    const pattern = await testFiles(t, { 'a.test.mjs': '' });
    assert.equal((await runTests(join(await temporaryFolder(t), '*.test.ts'))).code, 2);
    for (const word of ['--at-once=0', '--at-once=many', '--fast']) {
      assert.equal((await runTests(pattern, word)).code, 2, word);
    }
  });
});
