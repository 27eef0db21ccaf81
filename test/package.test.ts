import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** The Node that runs the tests comes first: `npm` and the installed command must not find another one. */
const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);

describe('the published package', () => {
  let folder = '';

  const command = async (cwd: string, file: string, ...parameters: string[]): Promise<string> => {
    const { stdout } = await run(file, parameters, {
      cwd,
      env: { ...process.env, PATH, MAPWRIGHT_DIR: '', NODE_OPTIONS: '' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mapwright-package-'));
    await command(ROOT, process.execPath, 'tools/build.mjs');
    await command(ROOT, 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder);
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
    assert.ok(tarball, 'npm pack left no tarball');
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'application', type: 'module' }));
    await command(folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('holds what is built and no sources or tests', async () => {
    const held = await readdir(join(folder, 'node_modules/mapwright'));
    assert.ok(
      ['bin', 'dist', 'maps', 'schema', 'package.json'].every((name) => held.includes(name)),
      held.join(' '),
    );
    assert.ok(!held.includes('src') && !held.includes('test'), held.join(' '));
  });

  it('has a command that tells its version', async () => {
    assert.match(await command(folder, 'npx', 'mapwright', '--version'), /^[0-9]+\.[0-9]+\.[0-9]+\S*\n$/u);
  });

  it('checks every folder of documents that comes with it', async () => {
    const folders = await readdir(join(folder, 'node_modules/mapwright/maps'));
    assert.ok(folders.length > 0);
    for (const name of folders) {
      const documents = `node_modules/mapwright/maps/${name}`;
      const report = await command(folder, 'node_modules/.bin/mapwright', 'check', '--json', documents);
      assert.ok(JSON.parse(report).counts.map > 0, name);
    }
  });

  it('runs the demo', async () => {
    const facts: unknown = JSON.parse(await command(folder, 'npx', 'mapwright', 'demo', '--json'));
    assert.ok(typeof facts === 'object' && facts !== null);
  });

  it('can be imported as a library', async () => {
    const script = `console.log(Object.keys(await import('mapwright')).length)`;
    const exported = Number(await command(folder, process.execPath, '--input-type=module', '--eval', script));
    assert.ok(exported > 0);
  });

  it('has declarations that an application is checked against in every strictness', async () => {
    await writeFile(join(folder, 'consumer.ts'), CONSUMER);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT, files: ['consumer.ts'] }));
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const told = await command(folder, process.execPath, compiler, '--project', '.').catch(
      ({ stdout }: { readonly stdout?: string }) => stdout ?? 'the compiler did not run',
    );
    assert.equal(told, '');
  });

  it('has examples that run in an application of their own', async () => {
    const examples = (await readdir(join(ROOT, 'examples'))).filter((name) => name.endsWith('.ts'));
    for (const name of examples) await copyFile(join(ROOT, 'examples', name), join(folder, name));
    assert.deepEqual(examples.toSorted(), [...Object.keys(PRINTED), 'practice-server.ts'].toSorted());
    for (const [name, printed] of Object.entries(PRINTED)) {
      assert.equal(
        await command(folder, process.execPath, '--disable-warning=ExperimentalWarning', name),
        printed,
        name,
      );
    }
  });
});

/** What each example prints. */
const PRINTED: Readonly<Record<string, string>> = {
  'one-map.ts': `customer C-ES-1
sent     POST {"name":"Ada Lovelace","country":"ES"}
with     Authorization: Bearer ••••
refused  CALL_STATUS 422: a customer needs a name
`,
  'own-records.ts': `told     order-1: run 1; told again: known
run 1    completed
order-1  parcel P-SO-1
keys     1
`,
  'order-api.ts': `refused  422 MANDATORY_FIELDS_MISSING
accepted 202 50x1
invoice  INV-SO-1
         started
         invoice waiting (CALL_STATUS)
         waits for time
         invoice done
         completed
`,
};

const STRICT = {
  target: 'es2024',
  lib: ['es2024'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  skipLibCheck: false,
  noEmit: true,
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
};

/** An application that uses each part of the library. */
const CONSUMER = `
import { type ApplicationRecords, MapFailedError, type Runtime, type RuntimeEvent, createRuntime } from 'mapwright';

const records: ApplicationRecords = {
  read: (id) => ({ module: 'Orders', values: { number: id } }),
  apply: async (write, { key }) => (key === '' || write.fields['number'] === null ? 'conflict' : 'applied'),
};
export async function use(folder: string): Promise<string> {
  await using runtime: Runtime = await createRuntime({ folder, records, documents: [{ file: 'a.xml', text: '' }] });
  const stop = runtime.on('step-ended', ({ task, durationMs, code }) => [task, durationMs.toFixed(), code ?? '']);
  // @ts-expect-error there is no such event
  runtime.on('step-endet', () => undefined);
  stop();
  const { runs } = await runtime.changed({ kind: 'create', module: 'Orders', id: '1', after: {}, key: 'k' });
  const { status, record } = await runtime.run(runs[0] ?? 0).finished({ timeoutMs: 1 });
  const kind: RuntimeEvent['kind'] = 'run-ended';
  try {
    const result = await runtime.runMap('send', { record: { number: 'SO-1' }, signal: AbortSignal.timeout(5) });
    return [kind, status, record?.module, String(result.fields['remote'])].join();
  } catch (error) {
    return error instanceof MapFailedError && error.retryable ? error.code : (error as Error).message;
  }
}
`;
