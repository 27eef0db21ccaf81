import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { ShellInput } from '../../src/cli/shell.ts';
import { runCommand } from '../cli/fake-shell.ts';
import { temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { FilePeer } from './file-peer.ts';
import { TestInstall } from './install-fixture.ts';
import { cut, onCreate, ORDERS, ScriptedPeer, shop } from './scripted-peer.ts';

const KEY = 'canary-77aa-of-the-shop';

const CREATE = nativeDocument(
  'map',
  'name="create" module="Orders" service="shop"',
  `<call method="POST" path="/orders"/>
   <parameters><parameter name="no" field="order_no"/><parameter name="key" secret="shop-key"/></parameters>
   <response><output path="id" field="remote"/></response>`,
);
const LOOK = nativeDocument(
  'map',
  'name="look" service="shop"',
  `<call method="GET" path="/orders/{no}"/>
   <parameters><parameter name="no" context="no"/><parameter name="all" in="query" value="false"/></parameters>`,
);

async function open(t: TestContext, worker = false) {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/orders', { status: 201, body: { id: 'R1' } });
  const install = await TestInstall.open(t, {
    documents: [ORDERS, shop(peer), CREATE, LOOK, onCreate('<webservice id="tell" map="create"/>')],
    secrets: { 'shop-key': KEY },
    worker,
  });
  const folder = await temporaryFolder(t);
  const { administration } = install.install;
  const give = (words: readonly string[], input?: Partial<ShellInput> & { readonly piped?: string }) =>
    runCommand(words, { administration, workingFolder: folder, ...(input === undefined ? {} : { input }) });
  return { peer, install, folder, give };
}

describe('mapwright try', () => {
  it('asks before a call that may change something, and sends it when it is meant', async (t) => {
    const { peer, install, give } = await open(t);
    const { id } = await install.create({ order_no: 'SO-1' }, 'Orders');
    const words = ['try', 'create', '--record', id];
    const alone = await give(words);
    assert.equal(alone.exitCode, 2);
    assert.match(alone.errors, /--yes/u);
    const asked: string[] = [];
    const ask = (answer: string) => async (question: string) => {
      asked.push(question);
      return answer;
    };
    assert.equal((await give(words, { interactive: true, ask: ask('n') })).exitCode, 1);
    assert.equal(peer.requests.length, 0);
    const meant = await give(words, { interactive: true, ask: ask('y') });
    assert.equal(meant.exitCode, 0, meant.errors);
    assert.equal((await give([...words, '--yes'])).exitCode, 0);
    assert.deepEqual([peer.requests.length, asked.length], [2, 2]);
    assert.match(meant.output, /2xx counts as success, by default: met/u);
    assert.match(meant.output, /id R1 -> field remote \(string\)\n\nnothing was written; --write does it/u);
    assert.ok(!meant.output.includes(KEY));
    assert.equal((await install.values(id))['remote'] ?? null, null);
    const written = await give([...words, '--yes', '--write']);
    assert.match(written.output, /^record \S+: changed remote$/mu);
    assert.equal((await install.values(id))['remote'], 'R1');
  });

  it('asks nobody where nothing can change, and shows what it would send without sending', async (t) => {
    const { peer, give } = await open(t);
    const words = ['try', 'look', '--path', 'no=a/b', '--query', 'all=true', '--header', 'X-Debug=1'];
    assert.equal((await give([...words, '--no-send'])).exitCode, 0);
    assert.equal(peer.requests.length, 0);
    const { exitCode, output } = await give(words);
    assert.equal(exitCode, 0);
    assert.deepEqual([peer.requests[0]?.path, peer.requests[0]?.headers['x-debug']], ['/orders/a%2Fb?all=true', '1']);
    assert.match(output, /^request\n {2}GET /u);
    const json = await give([...words, '--json']);
    assert.equal(JSON.parse(json.output).answer.status, 200);
  });

  it('tries a text that is nowhere stored, from a file and from standard input', async (t) => {
    const { peer, give, folder } = await open(t);
    const text = LOOK.text.replace('"look"', '"draft"').replace('/orders/', '/drafts/');
    await writeFile(join(folder, 'draft.xml'), text);
    assert.equal((await give(['try', 'draft.xml', '--context', 'no=1'])).exitCode, 0);
    assert.equal((await give(['try', '-', '--context', 'no=2'], { piped: text })).exitCode, 0);
    assert.deepEqual(
      peer.requests.map(({ path }) => path),
      ['/drafts/1?all=false', '/drafts/2?all=false'],
    );
  });

  it('shows what is wrong with a text, and calls nothing in its place', async (t) => {
    const { peer, give, folder } = await open(t);
    const good = LOOK.text.replace('/orders/', '/drafts/');
    const texts = [
      ['XML_NOT_WELL_FORMED', good.slice(0, -8)],
      ['DOCUMENT_ELEMENT_UNKNOWN', good.replace('</map>', '<respons/></map>')],
      ['SERVICE_UNKNOWN', good.replace('service="shop"', 'service="shp"')],
    ] as const;
    for (const [code, text] of texts) {
      // Named as the map in force is, which is not meant.
      await writeFile(join(folder, 'look.xml'), text);
      const tried = [
        await give(['try', 'look.xml', '--context', 'no=1']),
        await give(['try', '-', '--context', 'no=1'], { piped: text }),
        await give(['try', 'look', '--documents', 'look.xml', '--context', 'no=1']),
        await give(['run', 'look.xml', '--documents', 'look.xml']),
      ];
      for (const { exitCode, output, errors } of tried) {
        assert.deepEqual([exitCode, output.includes(code), errors], [1, true, ''], output);
      }
    }
    await writeFile(join(folder, 'look.xml'), Buffer.from([0xff, 0xfe, 0x3c]));
    const unread = await give(['try', 'look', '--documents', 'look.xml', '--context', 'no=1']);
    assert.deepEqual([unread.exitCode, unread.output.includes('XML_ENCODING')], [1, true]);
    assert.equal(peer.requests.length, 0);
    // What could be read is shown, as long as nothing is sent.
    await writeFile(join(folder, 'look.xml'), texts[1][1]);
    const shown = await give(['try', 'look.xml', '--context', 'no=1', '--no-send']);
    assert.match(shown.output, /DOCUMENT_ELEMENT_UNKNOWN[^]+\/drafts\/1/u);
    assert.equal(peer.requests.length, 0);
  });

  it('says when nobody knows whether a call was done', async (t) => {
    const { peer, give } = await open(t);
    peer.reply('/orders', cut);
    peer.reply('/orders/1?all=false', cut);
    const told = async (words: readonly string[]): Promise<unknown[]> => {
      const report = JSON.parse((await give(['try', ...words, '--json'])).output);
      return [report.failure.code, report.warnings.length];
    };
    assert.deepEqual(await told(['create', '--param', 'no=1', '--yes']), ['CALL_RESET', 1]);
    assert.deepEqual(await told(['look', '--param', 'no=1']), ['CALL_RESET', 0]);
  });

  it('keeps every digit of an id that is given', async (t) => {
    const { peer, give, folder } = await open(t);
    await writeFile(join(folder, 'context.json'), '{"no": 9007199254740993}');
    const nested = nativeDocument(
      'map',
      'name="nested" service="shop"',
      `<call method="POST" path="/nested"/>
       <parameters>
         <parameter name="list" type="json">[9007199254740993]</parameter>
         <parameter name="inside"><parameter name="id" value="1"/></parameter>
       </parameters>`,
    );
    await writeFile(join(folder, 'nested.xml'), nested.text);
    await give(['try', 'look', '--context', 'no=9007199254740993']);
    await give(['try', 'look', '--context', 'context.json']);
    await give(['try', 'nested.xml', '--param', 'inside={"id":9007199254740993}', '--yes']);
    const sent = peer.requests.map(({ path, body }) => `${path} ${body}`.trim());
    assert.deepEqual(sent, [
      '/orders/9007199254740993?all=false',
      '/orders/9007199254740993?all=false',
      '/nested {"list":["9007199254740993"],"inside":{"id":"9007199254740993"}}',
    ]);
  });

  it('names the right parameters, and shows what became of a call that failed', async (t) => {
    const { peer, give } = await open(t);
    const wrong = await give(['try', 'look', '--param', 'nr=1']);
    assert.match(wrong.errors, /^error TRIAL_PARAMETER_UNKNOWN .+\n {2}hint: .*path no; query all/mu);
    peer.reply('/orders/1?all=false', { status: 404, body: { error: 'gone' } });
    const failed = await give(['try', 'look', '--param', 'no=1']);
    assert.equal(failed.exitCode, 1);
    assert.match(failed.output, /2xx counts as success, by default: not met/u);
    assert.match(failed.output, /\nfailure\n {2}CALL_STATUS/u);
    for (const words of [
      ['try'],
      ['try', 'look', '--run', '1'],
      ['try', 'look', '--with-secrets'],
      ['try', 'look', '--query', 'x'],
    ])
      assert.equal((await give(words)).exitCode, 2, words.join(' '));
  });

  it('sends a file of this machine', async (t) => {
    const peer = await FilePeer.open(t);
    peer.answer((response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
    const map = nativeDocument(
      'map',
      'name="upload" service="shop"',
      `<call method="POST" path="/files" body="multipart"/>
       <parameters><parameter name="title" value="A"/><parameter name="part" file="context.part"/></parameters>`,
    );
    const install = await TestInstall.open(t, { documents: [shop(peer), map], worker: false });
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'a.pdf'), 'the content');
    const { administration } = install.install;
    const words = ['try', 'upload', '--file', 'part=./a.pdf', '--yes'];
    const sent = await runCommand(words, { administration, workingFolder: folder });
    assert.equal(sent.exitCode, 0, sent.output + sent.errors);
    const [, part] = peer.requests[0]?.parts ?? [];
    assert.deepEqual([part?.filename, part?.type, part?.bytes], ['a.pdf', 'application/pdf', 11]);
    const { output } = await runCommand(['try', 'upload', '--file', 'part=a.pdf', '--as', 'curl'], {
      administration,
      workingFolder: folder,
    });
    await promisify(execFile)('sh', ['-c', output], { cwd: folder });
    assert.deepEqual(
      peer.requests[1]?.parts.map(({ name, sha256 }) => [name, sha256]),
      peer.requests[0]?.parts.map(({ name, sha256 }) => [name, sha256]),
    );
  });

  it('gives a request as a command that sends the same, secrets in it only when told', async (t) => {
    const { peer, give, install } = await open(t);
    const { id } = await install.create({ order_no: `it's "SO" $1` }, 'Orders');
    const words = ['try', 'create', '--record', id, '--as', 'curl'];
    const hidden = await give(words);
    assert.ok(!(hidden.output + hidden.errors).includes(KEY));
    assert.match(hidden.errors, /^set before it: MW_KEY /mu);
    const run = (command: string, env: Record<string, string> = {}) =>
      promisify(execFile)('sh', ['-c', command], { env: { ...process.env, ...env } });
    await run(hidden.output, { MW_KEY: KEY });
    const plain = await give([...words, '--with-secrets']);
    assert.match(plain.errors, /note: .*secrets/u);
    await run(plain.output);
    assert.equal((await give(['try', 'create', '--record', id, '--yes'])).exitCode, 0);
    const bodies = peer.requests.map(({ body }) => body);
    assert.deepEqual(new Set(bodies), new Set([JSON.stringify({ no: `it's "SO" $1`, key: KEY })]));
    assert.equal(bodies.length, 3);
  });

  it('goes by a step of a run, and gives what a step has sent as a command', async (t) => {
    const { peer, give, install } = await open(t, true);
    await install.create({ order_no: 'SO-1' }, 'Orders');
    const [run] = await install.allEnded(1);
    const again = await give(['try', '--run', String(run?.id), '--step', 'tell', '--yes']);
    assert.equal(again.exitCode, 0, again.output + again.errors);
    assert.deepEqual(peer.requests[1]?.body, peer.requests[0]?.body);
    const shown = await give(['runs', 'show', String(run?.id), '--step', 'tell', '--as', 'curl']);
    await promisify(execFile)('sh', ['-c', shown.output], { env: { ...process.env, MW_KEY: KEY } });
    assert.equal(peer.requests[2]?.body, peer.requests[0]?.body);
    assert.equal((await give(['runs', 'show', '1', '--step', 'tel'])).exitCode, 2);
    assert.equal((await give(['runs', 'show', '1', '--as', 'curl'])).exitCode, 2);
  });
});
