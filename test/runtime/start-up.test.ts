import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { temporaryFolder } from '../whole/command-line.ts';

const INSTALL = new URL('../../src/runtime/install.ts', import.meta.url).href;

/** Opens a new install in the folder, closes it, and prints what was loaded of packages: `undici/index.js`. */
const SCRIPT = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({
    load(url, context, next) {
      const [, file] = url.split('/node_modules/');
      if (file !== undefined) loaded.push(file);
      return next(url, context);
    },
  });
  const { openInstall } = await import(process.argv[1]);
  const install = await openInstall({ folder: process.argv[2], env: {} });
  await install.close();
  console.log(JSON.stringify(loaded));
`;

describe('the start of an install', () => {
  it('loads what a start needs: nothing that calls, sends mail, or only migrates', async (t) => {
    const words = ['--input-type=module', '--eval', SCRIPT, INSTALL, await temporaryFolder(t)];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    const loaded = JSON.parse(stdout) as readonly string[];
    assert.ok(loaded.includes('better-sqlite3/lib/index.js'), stdout);
    const late = ['undici/', 'nodemailer/', 'hono/', 'drizzle-orm/better-sqlite3/'];
    assert.deepEqual(
      loaded.filter((file) => late.some((folder) => file.startsWith(folder))),
      [],
    );
  });
});
