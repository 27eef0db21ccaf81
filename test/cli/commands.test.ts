import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { displayWidth } from '../../src/cli/text-layout.ts';
import { fakeAdministration } from './fake-administration.ts';
import { WAITING_RUN } from './fake-answers.ts';
import { runCommand } from './fake-shell.ts';

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-cli-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const NATIVE = 'xmlns="urn:mapwright:1"';
const CALL = '<call method="GET" url="https://example.com/"/>';

function assertFitsThePage(output: string): void {
  for (const line of output.split('\n')) assert.ok(displayWidth(line) <= 110, line);
}

describe('runs list', () => {
  it('shows one line per run, the long reason cut', async () => {
    const { output, exitCode } = await runCommand(['runs', 'list'], { administration: fakeAdministration() });
    const [titles = '', waiting = '', failed = ''] = output.split('\n');
    assert.equal(exitCode, 0);
    assert.match(titles, /^run {2}workflow +record +status +age {2}steps$/u);
    assert.match(waiting, / 3 {2}product-changed {2}14x1 +waiting 1\.0 s: challenge: CALL_REFUSED .* 5s +2$/u);
    assert.match(failed, /failed: CALL_EXPECTATION .*… /u);
    assertFitsThePage(output);
  });

  it('passes the filter on', async () => {
    const administration = fakeAdministration();
    const filter = ['--status', 'failed', 'running', '--waiting', '--workflow', 'w', '--record', '14x1'];
    await runCommand(['runs', 'list', ...filter, '--limit', '1', '--before', '9'], { administration });
    assert.deepEqual(administration.calls[0]?.params, {
      limit: 1,
      status: ['failed', 'running'],
      waiting: true,
      workflow: 'w',
      recordId: '14x1',
      before: 9,
    });
  });

  it('looks for a business key by name and value, or by value alone, and shows keys', async () => {
    const administration = fakeAdministration();
    for (const key of ['order=SO-17', 'SO-17', '=a=b', 'a=b=c', '']) {
      await runCommand(['runs', 'list', '--key', key], { administration });
    }
    const keys = administration.calls.filter(({ method }) => method === 'runs').map(({ params }) => params);
    assert.deepEqual(keys, [
      { limit: 20, key: { name: 'order', value: 'SO-17' } },
      { limit: 20, key: { value: 'SO-17' } },
      { limit: 20, key: { value: 'a=b' } },
      { limit: 20, key: { name: 'a', value: 'b=c' } },
      { limit: 20, key: { value: '' } },
    ]);
    const run = { ...WAITING_RUN, keys: { order: 'SO-17', customer: 'Berg '.repeat(40) } };
    const found = { ...administration, runs: async () => [run], run: async () => ({ run, steps: [] }) };
    const { output } = await runCommand(['runs', 'list'], { administration: found });
    assert.match(output, /keys[^]*order=SO-17 customer=Berg/u);
    assertFitsThePage(output);
    const shown = await runCommand(['runs', 'show', '3'], { administration: found });
    assert.match(shown.output, /keys +order=SO-17 customer=Berg/u);
    assertFitsThePage(shown.output);
  });

  it('tells how to see the pages beside it', async () => {
    const links = async (...args: string[]) => {
      const { output } = await runCommand(['runs', 'list', ...args], { administration: fakeAdministration() });
      return output.trimEnd().split('\n').at(-1) ?? '';
    };
    assert.match(await links('--limit', '2'), /^older ones: --before 2$/u);
    assert.match(await links('--limit', '2', '--before', '9'), /^newer ones: --after 3 {3}older ones: --before 2$/u);
    assert.match(await links('--limit', '2', '--after', '1'), /^newer ones: --after 3 {3}older ones: --before 2$/u);
    assert.match(await links('--limit', '9', '--after', '1'), /^older ones: --before \d$/u);
    assert.match(await links('--limit', '2', '--oldest'), /^newer ones: --after 3$/u);
    assert.doesNotMatch(await links('--limit', '9'), /ones:/u);
  });

  it('asks for a span of time and for the page that was chosen', async () => {
    const administration = fakeAdministration();
    await runCommand(['runs', 'list', '--since', '2026-01-31T09:00Z', '--until', '2026-02-01', '--oldest'], {
      administration,
    });
    const span = { since: Date.UTC(2026, 0, 31, 9), until: Date.UTC(2026, 1, 1) };
    assert.deepEqual(administration.calls[0]?.params, { limit: 20, after: 0, ...span });
    const { exitCode } = await runCommand(['runs', 'list', '--before', '9', '--after', '3'], { administration });
    assert.equal(exitCode, 2);
  });

  it('refuses a status that there is not', async () => {
    const { exitCode, errors } = await runCommand(['runs', 'list', '--status', 'done'], {
      administration: fakeAdministration(),
    });
    assert.equal(exitCode, 2);
    assert.match(errors, /^error CLI_USAGE /u);
  });
});

describe('runs show', () => {
  it('tells the whole story of a run', async () => {
    const { output } = await runCommand(['runs', 'show', '3'], { administration: fakeAdministration() });
    for (const part of [
      'run 3   product-changed   waiting   5.0 s',
      'started by  19x1, update: serial_no SN-2 -> SN-3',
      'waits: challenge: CALL_REFUSED 127.0.0.1:41874, try 2, since 3.0 s, goes on in 1.0 s',
      '1  challenge (renew, round 2)   done   2 tries   40 ms',
      '   try 1 at 2026-01-31 09:04:56Z after 2 ms: CALL_REFUSED 127.0.0.1:41874 refused the connection',
      '   > GET http://127.0.0.1:41874/webservice.php?operation=getchallenge&username=admin',
      '       username   setting head_office_user  admin',
      '   < 200   6 ms   application/json   143 bytes',
      '       {"success":true,"result":{"token":"••••"}}',
      '   result.token •••• -> context peer_token',
      '   warning: the peer is slow',
      '   took branch known create',
      '   result.id 14x7 -> field remote_id (was 14x3)',
      '   CALL_TIMEOUT no answer in 30 s',
      '     hint: raise the limit',
    ]) {
      assert.ok(output.split('\n').includes(part) || output.includes(`  ${part}`), `${part}\n---\n${output}`);
    }
    assertFitsThePage(output);
  });

  it('leaves requests and answers out when brief, and adds headers when full', async () => {
    const administration = fakeAdministration();
    const brief = await runCommand(['runs', 'show', '3', '--brief'], { administration });
    const full = await runCommand(['runs', 'show', '3', '--full'], { administration });
    assert.doesNotMatch(brief.output, /GET|200|try 1/u);
    assert.match(full.output, /^ {7}accept: application\/json$/mu);
  });

  it('says in one line and a hint that a run is unknown', async () => {
    const { exitCode, output, errors } = await runCommand(['runs', 'show', '9'], {
      administration: fakeAdministration(),
    });
    assert.deepEqual([exitCode, output, errors], [1, '', 'error RUN_UNKNOWN there is no run 9\n  hint: see runs list']);
  });

  it('says the same as a problem document', async () => {
    const result = await runCommand(['--json', 'runs', 'show', '9'], { administration: fakeAdministration() });
    assert.equal(result.errors, '');
    assert.deepEqual(JSON.parse(result.output), {
      type: 'urn:mapwright:error:RUN_UNKNOWN',
      title: 'Run unknown',
      code: 'RUN_UNKNOWN',
      detail: 'there is no run 9',
      hint: 'see runs list',
    });
  });
});

describe('runs retry and cancel', () => {
  it('say who asked, and why', async () => {
    const administration = fakeAdministration();
    await runCommand(['runs', 'retry', '3'], { administration });
    await runCommand(['runs', 'cancel', '3', '--reason', 'by hand'], { administration });
    assert.deepEqual(
      administration.calls.filter(({ method }) => method !== 'status'),
      [
        { method: 'retry', params: { id: 3, by: 'anna' } },
        { method: 'cancel', params: { id: 3, by: 'anna', reason: 'by hand' } },
      ],
    );
  });

  it('tell when nobody is there to do it', async () => {
    const stopped = fakeAdministration();
    const status = async () => ({ ...(await stopped.status()), url: 'http://127.0.0.1:1' });
    const served = { ...stopped, status };
    for (const command of ['retry', 'cancel']) {
      const words = ['runs', command, '3'];
      assert.match((await runCommand(words, { administration: stopped })).output, /mapwright serve/u);
      assert.doesNotMatch((await runCommand(words, { administration: served })).output, /mapwright serve/u);
    }
  });
});

describe('apply', () => {
  it('reads folders in order, once, and shows what changes', async (context) => {
    const folder = await temporaryFolder(context);
    await mkdir(join(folder, 'maps', 'deep'), { recursive: true });
    await mkdir(join(folder, 'maps', '.git'), { recursive: true });
    for (const name of ['b.xml', 'a.xml', 'deep/c.XML', 'no.txt', '.git/x.xml']) {
      await writeFile(join(folder, 'maps', name), `<map name="${name}"/>`);
    }
    const administration = fakeAdministration();
    const { output, exitCode } = await runCommand(['apply', 'maps', 'maps/a.xml', '-', '--prune', '--dry-run'], {
      administration,
      workingFolder: folder,
      input: { piped: '<map name="piped"/>' },
    });
    assert.equal(exitCode, 0);
    assert.match(output, /^\+ map a\n~ service s\n- workflow w\nwould make a revision after 4/u);
    assert.deepEqual(administration.calls[0]?.params, {
      documents: [
        { file: 'maps/a.xml', text: '<map name="a.xml"/>' },
        { file: 'maps/b.xml', text: '<map name="b.xml"/>' },
        { file: 'maps/deep/c.XML', text: '<map name="deep/c.XML"/>' },
        { file: '-', text: '<map name="piped"/>' },
      ],
      prune: true,
      dryRun: true,
      by: 'anna',
    });
  });

  it('applies nothing when a file is no text', async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(join(folder, 'a.xml'), Buffer.from([0x3c, 0xff, 0x3e]));
    const administration = fakeAdministration();
    const { exitCode, output } = await runCommand(['apply', 'a.xml'], { administration, workingFolder: folder });
    assert.equal(exitCode, 1);
    assert.match(output, /^a\.xml:1:2 error XML_ENCODING /u);
    assert.deepEqual(administration.calls, []);
  });

  it('names the nearest file when one is missing, and says when a folder holds none', async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(join(folder, 'product.xml'), '<map/>');
    await mkdir(join(folder, 'empty'));
    const params = { administration: fakeAdministration(), workingFolder: folder };
    const missing = await runCommand(['apply', 'produkt.xml'], params);
    assert.deepEqual(
      [missing.exitCode, missing.errors],
      [1, 'error CLI_FILE_MISSING there is no produkt.xml\n  hint: did you mean product.xml?'],
    );
    assert.match((await runCommand(['apply', 'empty'], params)).errors, /^error CLI_NO_DOCUMENTS /u);
  });
});

describe('run', () => {
  it('takes a map from a file, and record and context from JSON', async (context) => {
    const folder = await temporaryFolder(context);
    const text = `<map ${NATIVE} name="peer-sync">${CALL}</map>`;
    await writeFile(join(folder, 'sync.xml'), text);
    await writeFile(join(folder, 'r.json'), '{"a": 1}');
    await writeFile(join(folder, 'c.json'), '{"b": null}');
    const administration = fakeAdministration();
    const { output, exitCode } = await runCommand(
      ['run', 'sync.xml', '--record', 'r.json', '--context', 'c.json', '--dry-run'],
      { administration, workingFolder: folder },
    );
    assert.deepEqual(administration.calls[0]?.params, {
      map: 'peer-sync',
      documents: [{ file: 'sync.xml', text }],
      record: { a: 1 },
      context: { b: null },
      send: false,
    });
    assert.equal(exitCode, 1);
    assert.match(output, /^request \(not sent\)\n {2}GET http/u);
    assert.match(output, /\nfailure\n {2}CALL_REFUSED refused\n {4}hint: start it$/u);
  });

  it('takes a stored record by its id, and a file of such a name by its path', async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(join(folder, '14x1'), '{"a": 1}');
    const recordOf = async (record: string) => {
      const administration = fakeAdministration();
      await runCommand(['run', 'm', '--record', record], { administration, workingFolder: folder });
      const { record: values, recordId } = Object(administration.calls[0]?.params);
      return [values, recordId];
    };
    assert.deepEqual(await recordOf('14x1'), [{}, '14x1']);
    assert.deepEqual(await recordOf('./14x1'), [{ a: 1 }, undefined]);
  });

  it('points at the place in bad JSON', async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(join(folder, 'r.json'), '{\n  "a": 1,\n}');
    const result = await runCommand(['run', 'm', '--record', 'r.json'], {
      administration: fakeAdministration(),
      workingFolder: folder,
    });
    assert.match(result.errors, /^error CLI_JSON_INVALID r\.json:3:1 /u);
  });

  const files: readonly (readonly [text: string, code: string])[] = [
    [`<service ${NATIVE} name="s" url="https://example.com"/>`, 'CLI_MAP_MISSING'],
    [`<documents ${NATIVE}><map name="a">${CALL}</map><map name="b">${CALL}</map></documents>`, 'CLI_MAP_AMBIGUOUS'],
  ];
  for (const [text, code] of files) {
    it(`refuses ${text} with ${code}`, async (context) => {
      const folder = await temporaryFolder(context);
      await writeFile(join(folder, 'x.xml'), text);
      const result = await runCommand(['run', 'x.xml'], {
        administration: fakeAdministration(),
        workingFolder: folder,
      });
      assert.ok(result.errors.startsWith(`error ${code} `), result.errors);
    });
  }
});

describe('secret', () => {
  it('takes the value from a pipe, less one line end', async () => {
    const administration = fakeAdministration();
    const { output } = await runCommand(['secret', 'set', 'key'], { administration, input: { piped: ' s3cret \n\n' } });
    assert.deepEqual(administration.calls[0]?.params, { name: 'key', value: ' s3cret \n', by: 'anna' });
    assert.doesNotMatch(output, /s3cret/u);
  });

  it('asks when somebody types', async () => {
    const administration = fakeAdministration();
    const askHidden = (): Promise<string> => Promise.resolve('typed');
    await runCommand(['secret', 'set', 'key'], { administration, input: { interactive: true, askHidden } });
    assert.deepEqual(administration.calls[0]?.params, { name: 'key', value: 'typed', by: 'anna' });
  });

  it('refuses a value on the command line and an empty one', async () => {
    const administration = fakeAdministration();
    const shown = await runCommand(['secret', 'set', 'key', '--value', 'abc'], { administration });
    const empty = await runCommand(['secret', 'set', 'key'], { administration, input: { piped: '\n' } });
    assert.deepEqual([shown.exitCode, empty.exitCode], [2, 1]);
    assert.doesNotMatch(shown.errors, /abc/u);
    assert.match(empty.errors, /^error CLI_SECRET_EMPTY /u);
    assert.deepEqual(administration.calls, []);
  });
});

describe('setting and user', () => {
  it('list, set and remove', async () => {
    const params = { administration: fakeAdministration() };
    assert.equal((await runCommand(['setting', 'list'], params)).output, 'name  value\na     1\nb     2');
    assert.equal((await runCommand(['setting', 'set', 'a', '1'], params)).output, 'a = 1');
    assert.equal((await runCommand(['setting', 'remove', 'a'], params)).exitCode, 0);
    assert.equal((await runCommand(['setting', 'remove', 'zzz'], params)).exitCode, 1);
    assert.match((await runCommand(['user', 'list'], params)).output, /^19x5 {2}branch$/mu);
    assert.match((await runCommand(['user', 'add', 'x', '--admin'], params)).output, /access key {2}k1/u);
    assert.deepEqual(JSON.parse((await runCommand(['user', 'key', 'x', '--json'], params)).output), {
      name: 'x',
      accessKey: 'k2',
    });
  });
});

describe('the install that is meant', () => {
  it('is --dir, else MAPWRIGHT_DIR, else ./mapwright-data', async () => {
    const opened: { folder: string; create: boolean }[] = [];
    const params = { administration: fakeAdministration(), workingFolder: '/w', opened };
    await runCommand(['--dir', 'a', 'setting', 'list'], { ...params, environment: { MAPWRIGHT_DIR: '/e' } });
    await runCommand(['setting', 'list'], { ...params, environment: { MAPWRIGHT_DIR: '/e' } });
    await runCommand(['runs', 'list'], { ...params, environment: { MAPWRIGHT_DIR: '' } });
    assert.deepEqual(opened, [
      { folder: '/w/a', create: false },
      { folder: '/e', create: false },
      { folder: '/w/mapwright-data', create: false },
    ]);
  });

  it('is one of a kept demo with --at', async (context) => {
    const temporary = await temporaryFolder(context);
    const opened: { folder: string; create: boolean }[] = [];
    const params = { administration: fakeAdministration(), temporaryFolder: temporary, opened };
    assert.match((await runCommand(['runs', 'list', '--at', 'A'], params)).errors, /^error CLI_NO_DEMO /u);
    await writeFile(join(temporary, 'mapwright-demo.json'), '{"A": "/demo/a", "B": "/demo/b"}');
    await runCommand(['runs', 'show', '3', '--at', 'b'], params);
    assert.deepEqual(opened, [{ folder: '/demo/b', create: false }]);
    assert.equal((await runCommand(['runs', 'list', '--at', 'C'], params)).exitCode, 2);
    assert.equal((await runCommand(['runs', 'list', '--at', 'A', '--dir', 'x'], params)).exitCode, 2);
  });
});

describe('the command line itself', () => {
  const usages: readonly (readonly [arguments_: readonly string[], exitCode: number])[] = [
    [[], 2],
    [['--help'], 0],
    [['--version'], 0],
    [['runs'], 2],
    [['runs', 'show', '--help'], 0],
    [['rums'], 2],
    [['runs', 'show'], 2],
    [['runs', 'show', '0'], 2],
    [['setting', 'set', 'a', 'b', 'c'], 2],
    [['serve', '--port', '70000'], 2],
    [['apply', '--nonsense', 'x'], 2],
  ];
  for (const [line, expected] of usages) {
    it(`mapwright ${line.join(' ')} ends with ${expected}`, async () => {
      const { exitCode, output, errors } = await runCommand(line, { administration: fakeAdministration() });
      assert.equal(exitCode, expected, errors);
      assert.equal(output === '', expected !== 0);
    });
  }

  for (const command of ['serve', 'check', 'apply', 'run', 'runs', 'setting', 'secret', 'user', 'demo']) {
    it(`${command} has examples in its help, which fits the page`, async () => {
      const { output } = await runCommand([command, '--help'], { administration: fakeAdministration() });
      const examples = output.split('Examples:\n')[1]?.match(/^ {2}\S.*/gmu) ?? [];
      assert.ok(examples.length >= 2, output);
      assertFitsThePage(output);
    });
  }

  it('shows a stack only when asked to', async () => {
    const administration = { ...fakeAdministration(), users: () => Promise.reject(new TypeError('boom')) };
    const plain = await runCommand(['user', 'list'], { administration });
    const debug = await runCommand(['user', 'list'], { administration, environment: { MAPWRIGHT_DEBUG: '1' } });
    assert.match(plain.errors, /^error CLI_INTERNAL boom\n {2}hint: [^\n]+$/u);
    assert.match(debug.errors, /TypeError: boom\n +at /u);
  });
});
