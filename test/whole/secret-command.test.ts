import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openInstall } from '../../src/runtime/install.ts';
import { mapwright, refused, temporaryFolder } from './command-line.ts';

const SERVICE = `<service xmlns="urn:mapwright:1" name="crm" url="https://crm.example.com" credential="crm-login"/>`;
const CREDENTIAL = `<credential xmlns="urn:mapwright:1" name="crm-login" kind="basic">
  <login user="mapwright"
         secret="crm_password"/>
</credential>`;
const MAP = `<map xmlns="urn:mapwright:1" name="ask" service="crm">
  <call method="GET" path="/ask"/>
  <header name="X-Key" secret="crm_key"/>
</map>`;

interface Place {
  readonly dir: readonly string[];
  readonly folder: string;
  /** The value of a secret, as a call would get it. */
  value(name: string): Promise<string | undefined>;
}

async function place(t: TestContext): Promise<Place> {
  const folder = await temporaryFolder(t);
  const documents = await temporaryFolder(t);
  for (const [file, text] of Object.entries({ 'service.xml': SERVICE, 'credential.xml': CREDENTIAL, 'map.xml': MAP })) {
    await writeFile(join(documents, file), text);
  }
  const applied = await mapwright(['apply', documents, '--dir', folder]);
  assert.equal(applied.exitCode, 0, applied.output + applied.errors);
  return {
    folder,
    dir: ['--dir', folder],
    async value(name) {
      const install = await openInstall({ folder, env: {} });
      try {
        return await install.engine.secrets.get(name);
      } finally {
        await install.close();
      }
    },
  };
}

describe('secrets', () => {
  it('are listed with what uses them, missing ones too, and never with a value', async (t) => {
    const { dir } = await place(t);
    await mapwright(['secret', 'set', 'crm_password', ...dir], { input: 'hush-hush' });
    await mapwright(['secret', 'set', 'spare', ...dir], { input: 'hush-hush' });
    const { output } = await mapwright(['secret', 'list', '--json', ...dir]);
    const listed = JSON.parse(output) as {
      readonly secrets: readonly { readonly name: string; readonly usedBy: readonly { readonly file: string }[] }[];
      readonly missing: unknown;
    };
    assert.deepEqual(
      listed.secrets.map(({ name, usedBy }) => [
        name,
        usedBy.map(({ file, ...use }) => [use, file.endsWith('credential.xml')]),
      ]),
      [
        ['crm_password', [[{ kind: 'credential', name: 'crm-login', line: 3 }, true]]],
        ['spare', []],
      ],
    );
    assert.match(
      JSON.stringify(listed.missing),
      /^\[\{"name":"crm_key","usedBy":\[\{"kind":"map","name":"ask",.*"line":3\}\]\}\]$/u,
    );
    const shown = await mapwright(['secret', 'show', 'crm_password', ...dir]);
    assert.match(shown.output, /used by credential crm-login/u);
    const told = [output, shown.output, (await mapwright(['secret', 'list', ...dir])).output];
    for (const text of told) assert.doesNotMatch(text, /hush/u);
    await refused('SECRET_UNKNOWN', ['secret', 'show', 'crm_pasword', ...dir]);
  });

  it('that are used are not taken away unless that is meant', async (t) => {
    const { dir, value } = await place(t);
    await mapwright(['secret', 'set', 'crm_password', ...dir], { input: 'hush' });
    const { errors } = await refused('SECRET_IN_USE', ['secret', 'remove', 'crm_password', ...dir]);
    assert.match(errors, /credential crm-login/u);
    assert.equal(await value('crm_password'), 'hush');
    assert.equal((await mapwright(['secret', 'remove', 'crm_password', '--force', ...dir])).exitCode, 0);
    assert.equal(await value('crm_password'), undefined);
  });

  it('get a new value only where there is one', async (t) => {
    const { dir, value } = await place(t);
    await refused('SECRET_UNKNOWN', ['secret', 'rotate', 'crm_password', ...dir], { input: 'new' });
    assert.equal(await value('crm_password'), undefined);
    await mapwright(['secret', 'set', 'crm_password', ...dir], { input: 'old' });
    const changed = await mapwright(['secret', 'rotate', 'crm_password', ...dir], { input: 'new' });
    assert.match(changed.output, /next call.*\n.*credential crm-login/u);
    assert.equal(await value('crm_password'), 'new');
  });

  it('come from files: text as it is, a line without its end, bytes as base64', async (t) => {
    const { dir, folder, value } = await place(t);
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const bytes = Buffer.from([0x30, 0x82, 0xff, 0xfe, 0x00]);
    await writeFile(join(folder, 'a.pem'), pem);
    await writeFile(join(folder, 'word.txt'), 'pässword\r\n');
    await writeFile(join(folder, 'store.P12'), bytes);
    await writeFile(join(folder, 'store.bin'), bytes);
    await writeFile(join(folder, 'empty'), '\n');
    await writeFile(join(folder, 'huge'), 'x'.repeat(1024 * 1024 + 1));
    const set = (name: string, file: string, ...more: string[]) =>
      mapwright(['secret', 'set', name, '--file', file, ...more, ...dir], { cwd: folder });
    for (const [name, file] of [
      ['pem', 'a.pem'],
      ['word', 'word.txt'],
      ['p12', 'store.P12'],
    ] as const) {
      assert.equal((await set(name, file)).exitCode, 0, file);
    }
    assert.equal((await set('bin', 'store.bin', '--base64')).exitCode, 0);
    assert.deepEqual([await value('pem'), await value('word')], [pem, 'pässword']);
    assert.deepEqual([await value('p12'), await value('bin')], [bytes.toString('base64'), bytes.toString('base64')]);
    const refuse = (code: string, file: string) =>
      refused(code, ['secret', 'set', 'x', '--file', file, ...dir], { cwd: folder });
    await refuse('CLI_SECRET_BYTES', 'store.bin');
    await refuse('CLI_SECRET_EMPTY', 'empty');
    await refuse('SECRET_TOO_LARGE', 'huge');
    await refuse('CLI_FILE_MISSING', 'a.pen');
    await refused('CLI_USAGE', ['secret', 'set', 'x', '--base64', ...dir], { cwd: folder });
    assert.equal(await value('x'), undefined);
  });
});

it('a secret is not set under another key than the install has, until its access keys are set anew', async (t) => {
  const folder = await temporaryFolder(t);
  const dir = ['--dir', folder];
  const [right, wrong] = ['07'.repeat(32), '08'.repeat(32)].map((key) => ({ MAPWRIGHT_KEY: key }));
  const set = (name: string, env: Readonly<Record<string, string>> = {}) =>
    mapwright(['secret', 'set', name, ...dir], { env, input: 'hush-hush' });
  assert.equal((await set('first', right)).exitCode, 0);
  const refusal = await set('second', wrong);
  assert.equal(refusal.exitCode, 1);
  assert.match(refusal.errors, /SECRET_UNREADABLE/u);
  const rotated = await mapwright(['secret', 'rotate-key', ...dir], { env: wrong ?? {} });
  assert.equal(rotated.exitCode, 1);
  assert.match(rotated.errors, /KEY_UNKNOWN/u);
  // Nothing of that has changed anything for who has the right key.
  assert.equal((await set('second', right)).exitCode, 0);
  // The right one is lost.
  assert.equal((await mapwright(['user', 'key', 'admin', ...dir], { env: wrong ?? {} })).exitCode, 0);
  assert.equal((await set('second', wrong)).exitCode, 0);
});
