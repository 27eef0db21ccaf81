import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { type CurlSource, curlCommand, curlOfRecorded } from '../../../src/runtime/trial/curl-command.ts';
import { temporaryFolder } from '../../whole/command-line.ts';

const NASTY = `it's "quoted" $HOME \`id\` $(id) !! \\ \\\\ \n\ttab #x ;&|<>*?[a]{b} ~ ünï 螺栓 🔩 %41 '`;

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Gives the command to a real shell with the real curl; tells what arrived. */
async function given(
  t: TestContext,
  source: Omit<CurlSource, 'url'> & { readonly path?: string },
  options: { readonly env?: Record<string, string>; readonly files?: Record<string, Buffer> } = {},
): Promise<{ readonly received: Received[]; readonly exitCode: number; readonly errors: string }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers, body: await buffer(request) });
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const folder = await temporaryFolder(t);
  for (const [name, bytes] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), bytes);
  const { path = '/', ...rest } = source;
  const { command } = curlCommand({
    ...rest,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
  });
  const script = spawn('sh', ['-s'], { cwd: folder, env: { PATH: process.env['PATH'], ...options.env } });
  script.stdin.end(`${command}\n`);
  const [errors, [exitCode]] = await Promise.all([text(script.stderr), once(script, 'close')]);
  return { received, exitCode: Number(exitCode), errors };
}

const bodyOf = (value: string): CurlSource['body'] => ({ kind: 'text', text: value });

describe('a request as a command of curl', () => {
  it('arrives as it is, whatever is in it', async (t) => {
    const header = NASTY.replaceAll(/[\n\t]/gu, ' ').trim();
    const { received } = await given(t, {
      method: 'POST',
      path: '/a[1]/{b}?q=it%27s&r=[x]',
      headers: [
        ['X-Nasty', header],
        ['X-Empty', ''],
        ['Content-Type', 'text/plain'],
      ],
      body: bodyOf(NASTY),
      connectTimeoutMs: 5_000,
      totalTimeoutMs: 20_000,
    });
    const [one] = received;
    assert.equal(one?.body.toString(), NASTY);
    assert.equal(one.method, 'POST');
    assert.equal(decodeURIComponent(one.url), decodeURIComponent('/a[1]/{b}?q=it%27s&r=[x]'));
    assert.equal(Buffer.from(String(one.headers['x-nasty']), 'latin1').toString(), header);
    assert.equal(one.headers['x-empty'], '');
    assert.equal(one.headers['content-type'], 'text/plain');
  });

  const bodies = ['@not-a-file', '-', '', "'", "''\\''", ' leading and trailing \n\n', 'x'.repeat(300_000), 'a\u0000b'];
  for (const body of bodies) {
    it(`sends the body ${JSON.stringify(body.slice(0, 20))} (${body.length})`, async (t) => {
      const { received } = await given(t, { method: 'PUT', headers: [], body: bodyOf(body) });
      assert.equal(received[0]?.body.toString(), body);
      assert.equal(received[0]?.headers['content-type'], undefined);
    });
  }

  it('holds nothing that a terminal would obey, or show in another order, and sends it all the same', async (t) => {
    const unseen = "\u001b]0;title\u0007\u001b[2J\u202eabc\u0085\r\n\\c \\033 1\u00012 it's\n\n";
    const parts = [{ name: 'a', filename: undefined, contentType: undefined, text: unseen }];
    const wanted = [
      [bodyOf(`{"password":"••••"}${unseen}`), `{"password":"pw"}${unseen}`],
      [{ kind: 'parts', parts }, `\r\n\r\n${unseen}\r\n--`],
    ] as const;
    for (const [body, arrives] of wanted) {
      const source = { method: 'POST', headers: [], body };
      const { command } = curlCommand({ ...source, url: 'http://x.test/' });
      assert.match(command, /^(?:[^\p{Cc}\u2028-\u202e]|[\n\t])*$/u);
      const { received } = await given(t, source, { env: { MW_PASSWORD: 'pw' } });
      const sent = received[0]?.body.toString() ?? '';
      assert.ok(sent.includes(arrives), sent);
    }
  });

  it('sends bytes that are no text', async (t) => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { received } = await given(t, { method: 'POST', headers: [], body: { kind: 'bytes', bytes } });
    assert.deepEqual(received[0]?.body, bytes);
  });

  it('asks with HEAD, and with GET', async (t) => {
    for (const method of ['HEAD', 'GET', 'DELETE']) {
      const { received, exitCode } = await given(t, { method, headers: [], body: undefined });
      assert.deepEqual([received[0]?.method, exitCode], [method, 0]);
    }
  });

  it('sends parts, with files of the working folder', async (t) => {
    const parts = [
      { name: 'a', filename: undefined, contentType: undefined, text: `@${NASTY}` },
      { name: 'b', filename: undefined, contentType: 'application/json', text: '{"x":"a;b\\"c"}' },
      { name: 'c', filename: 'it "is".txt', contentType: 'text/plain', text: undefined },
    ];
    const files = { 'it "is".txt': Buffer.from('content') };
    const source = {
      method: 'POST',
      headers: [['Content-Type', 'multipart/form-data; boundary=x']],
      body: { kind: 'parts', parts },
    } as const;
    const { received, errors } = await given(t, source, { files });
    const body = received[0]?.body.toString() ?? errors;
    assert.ok(body.includes(`\r\n\r\n@${NASTY}\r\n`), body);
    assert.ok(body.includes('Content-Type: application/json\r\n\r\n{"x":"a;b\\"c"}\r\n'), body);
    assert.ok(body.includes('\r\n\r\ncontent\r\n'), body);
    assert.match(String(received[0]?.headers['content-type']), /^multipart\/form-data; boundary=(?!x$)/u);
  });

  it('takes secrets from variables, and sends nothing while one is not set', async (t) => {
    const secret = `p'w$"\\`;
    const source = {
      method: 'POST',
      path: '/?api_key=••••&b=2',
      headers: [['Authorization', 'Bearer ••••']],
      body: bodyOf('{"password":"••••","accessKey":"••••","other":"it\'s"}'),
    } as const;
    const env = { MW_API_KEY: 'k', MW_AUTHORIZATION: secret, MW_PASSWORD: secret, MW_ACCESS_KEY: 'y' };
    const { received } = await given(t, source, { env });
    assert.equal(received[0]?.url, '/?api_key=k&b=2');
    assert.equal(received[0].headers['authorization'], `Bearer ${secret}`);
    assert.equal(received[0].body.toString(), `{"password":"${secret}","accessKey":"y","other":"it's"}`);
    const { MW_PASSWORD: _unset, ...some } = env;
    const refused = await given(t, source, { env: some });
    assert.equal(refused.received.length, 0);
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.errors, /MW_PASSWORD/u);
  });

  it('looks at the variables of a long body before anything is sent', async (t) => {
    const source = { method: 'POST', headers: [], body: bodyOf(`${'x'.repeat(200_000)}&token=••••`) } as const;
    assert.equal((await given(t, source)).received.length, 0);
    const { received } = await given(t, source, { env: { MW_TOKEN: 'abc' } });
    assert.match(received[0]?.body.toString() ?? '', /x&token=abc$/u);
  });

  it('names the variables by what they stand for, each by a name of its own', () => {
    const url = 'https://x.test/?token=••••&token=••••&x=y••••';
    const { variables } = curlCommand({ method: 'GET', url, headers: [['Cookie', 'a=••••']], body: undefined });
    assert.deepEqual(variables, ['MW_TOKEN', 'MW_TOKEN_2', 'MW_SECRET', 'MW_A']);
  });
});

describe('a request of history as a command', () => {
  const head = { method: 'POST', url: 'https://x.test/', headers: [], parameters: [] };

  it('has the body that is kept whole', () => {
    const text = '{"a":"ü"}';
    const { command, notes } = curlOfRecorded({ ...head, body: { text, bytes: Buffer.byteLength(text), cut: false } });
    assert.ok(command.includes(text));
    assert.deepEqual(notes, []);
  });

  it('never has a part of a body for the whole', () => {
    const type = [['Content-Type', 'multipart/form-data; boundary=q']] as const;
    const bodies = [
      { ...head, body: { text: 'abc', bytes: 90_000, cut: true } },
      { ...head, body: { text: '(9 bytes of image/png)', bytes: 9, cut: false } },
      { ...head, headers: type, body: { text: 'a: b', bytes: 4, cut: false } },
    ];
    for (const request of bodies) {
      const { command, notes } = curlOfRecorded(request);
      assert.match(command, /--data-binary @request-body$/u);
      assert.ok(notes.length > 0);
    }
  });
});
