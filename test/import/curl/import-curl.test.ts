import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import { apiDocuments } from '../../../src/import/description/api-documents.ts';
import { importCurl } from '../../../src/import/curl/import-curl.ts';
import { takeDescription } from '../../../src/runtime/import/description-import.ts';
import { TestInstall } from '../../whole/install-fixture.ts';
import { type Arrived, echoPeer } from './echo-peer.ts';

/** What arrives when the maps of these commands are called; `PEER` stands for the address of who gets it. */
async function arrivedOf(t: TestContext, text: string, context: JsonObject = {}): Promise<readonly Arrived[]> {
  const peer = await echoPeer(t);
  const api = importCurl(text.replaceAll('PEER', peer.url), { name: 'x' });
  const { documents, wanted } = takeDescription(api, { withTests: true });
  const secrets = Object.fromEntries(wanted.map(({ name }) => [name, `the-${name}`]));
  const sources = documents
    .filter(({ kind }) => kind !== 'map-test')
    .map(({ path, text: written }) => ({ file: path, text: written }));
  const { install } = await TestInstall.open(t, { documents: sources, secrets, worker: false });
  for (const { name } of api.calls) {
    const report = await install.administration.tryMap({ map: name, documents: [], record: {}, context, send: true });
    assert.equal(report.failure, undefined, JSON.stringify([report.failure, documents.map((one) => one.text)]));
  }
  return peer.arrived;
}

/** All documents of commands in one text. */
function documentsOf(text: string): string {
  return apiDocuments(importCurl(text, { name: 'x' }))
    .map((one) => one.text)
    .join('\n');
}

describe('importCurl', () => {
  it('makes maps that send what curl sends', async (t) => {
    const arrived = await arrivedOf(
      t,
      String.raw`
curl PEER/a?x=1\&y=a%20b -H 'X-One: 1' -A me -e https://from.example
curl -X PUT PEER/b --json '{"a": "b", "n": 1.50, "t": true, "z": null, "l": [1, {"c": 2}], "o": {"p": "{q}"}}'
curl PEER/c -d 'a=1&b=x+y' -d c=%26
curl -G PEER/d --data-urlencode 'q=a b&c' -d page=2
curl PEER/e -d 'plain text' -H 'Content-Type: text/plain'
curl PEER/f -H 'Content-Type: application/xml' -d '<a b="{c}">d</a>'
curl -I PEER/g
curl -XDELETE PEER/h/%7Bi%7D
curl PEER/j -d '[1,2]' -H 'content-type:application/json'
curl --url PEER/k --url-query 'a b=c'`,
    );
    const of = (path: string): Arrived =>
      arrived.find(({ url }) => url.startsWith(path)) ?? assert.fail(`nothing came to ${path}`);
    assert.deepEqual(
      [of('/a').url, of('/a').headers['x-one'], of('/a').headers['user-agent'], of('/a').headers['referer']],
      ['/a?x=1&y=a%20b', '1', 'me', 'https://from.example'],
    );
    assert.deepEqual(
      [of('/b').method, JSON.parse(of('/b').body)],
      ['PUT', { a: 'b', n: 1.5, t: true, z: null, l: [1, { c: 2 }], o: { p: '{q}' } }],
    );
    assert.deepEqual(
      [of('/b').headers['content-type'], of('/b').headers['accept']],
      ['application/json', 'application/json'],
    );
    assert.deepEqual(
      [of('/c').body, of('/c').headers['content-type']],
      ['a=1&b=x+y&c=%26', 'application/x-www-form-urlencoded'],
    );
    assert.deepEqual([of('/d').method, of('/d').url], ['GET', '/d?q=a%20b%26c&page=2']);
    assert.deepEqual([of('/e').body, of('/e').headers['content-type']], ['plain text', 'text/plain']);
    assert.deepEqual([of('/f').body, of('/f').headers['content-type']], ['<a b="{c}">d</a>', 'application/xml']);
    assert.equal(of('/g').method, 'HEAD');
    assert.deepEqual([of('/h').method, of('/h').url], ['DELETE', '/h/%7Bi%7D']);
    assert.equal(of('/j').body, '[1,2]');
    assert.equal(of('/k').url, '/k?a%20b=c');
  });

  it('takes values of variables from the context', async (t) => {
    const arrived = await arrivedOf(
      t,
      'curl "PEER/orders/$ORDER" -d "{\\"note\\": \\"for $WHO\\", \\"who\\": \\"$WHO\\"}" -H "X-Run: ${RUN}" -H "Content-Type: application/json"',
      {
        ORDER: '1/2',
        WHO: 'Anna "A"',
        RUN: 'r1',
      },
    );
    assert.deepEqual([arrived[0]?.url, arrived[0]?.headers['x-run']], ['/orders/1%2F2', 'r1']);
    assert.deepEqual(JSON.parse(arrived[0]?.body ?? ''), { note: 'for Anna "A"', who: 'Anna "A"' });
  });

  it('leaves every secret out, and asks for it under a name', () => {
    const commands: readonly (readonly [command: string, credential: string, wanted: readonly string[]])[] = [
      [`curl https://a.example -u anna:S3CR3T`, '<login user="anna" secret="x-password"/>', ['x-password']],
      [`curl https://a.example -u anna:S3CR3T --digest`, 'kind="digest"', ['x-password']],
      [`curl https://anna:S3CR3T@a.example`, 'kind="basic"', ['x-password']],
      [`curl https://a.example --oauth2-bearer S3CR3T`, '<key secret="x-token"/>', ['x-token']],
      [`curl https://a.example -H 'Authorization: Bearer S3CR3T'`, '<key secret="x-token"/>', ['x-token']],
      [`curl https://a.example -H 'Authorization: Basic ${btoa('anna:S3CR3T')}'`, '<login user="anna"', ['x-password']],
      [
        `curl https://a.example -H 'authorization: Token S3CR3T'`,
        '<send header="Authorization" prefix="Token"/>',
        ['x-key'],
      ],
      [`curl https://a.example -H 'X-Api-Key: S3CR3T'`, '<send header="X-Api-Key" prefix=""/>', ['x-x-api-key']],
      [`curl 'https://a.example/?api_key=S3CR3T&a=b'`, '<send query="api_key"/>', ['x-api-key']],
      [`curl https://a.example -b 'sid=S3CR3T'`, '', ['x-sid']],
      [`curl https://a.example -d 'user=anna&password=S3CR3T'`, '', ['x-password']],
      [`curl https://a.example --json '{"auth": {"client_secret": "S3CR3T"}}'`, '', ['x-client-secret']],
      [`curl https://a.example -H 'X-Thing: sk_live_S3CR3TS3CR3TS3CR3T'`, 'header="X-Thing"', ['x-x-thing']],
      [
        `curl https://a.example --aws-sigv4 aws:amz:eu-west-1:s3 -u AKIA1:S3CR3T`,
        '<aws access-key="AKIA1" secret="x-secret-key" region="eu-west-1" service="s3"/>',
        ['x-secret-key'],
      ],
      [`curl https://a.example --cert client.pem:S3CR3T --key k.pem`, 'kind="client-certificate"', ['x-certificate']],
      [`curl https://a.example -x http://me:S3CR3T@proxy.example:8080`, '', []],
    ];
    for (const [command, credential, wanted] of commands) {
      const api = importCurl(command, { name: 'x' });
      const texts = documentsOf(command);
      assert.ok(!JSON.stringify([api, texts]).includes('S3CR3T'), command);
      assert.ok(!JSON.stringify([api, texts]).includes(btoa('anna:S3CR3T')), command);
      assert.ok(texts.includes(credential), `${credential} in ${texts}`);
      assert.deepEqual(
        api.wanted.filter(({ kind }) => kind === 'secret').map(({ name }) => name),
        wanted,
        command,
      );
    }
  });

  it('puts how curl connects into the service', () => {
    const text = documentsOf(
      'curl -k -L -x proxy.example:3128 --tlsv1.2 --http2 -m 2.5 --connect-timeout 5 https://a.example',
    );
    assert.ok(text.includes('<timeout connect="5s" total="2500ms"/>'), text);
    assert.match(
      text,
      /<network proxy="http:\/\/proxy\.example:3128" min-tls="1\.2" verify="false" redirects="any" http2="true"\/>/u,
    );
  });

  it('tells of what it cannot take over, and not of how curl shows things', () => {
    const { notes } = importCurl(
      'curl -sSfvo out.txt --max-redirs 3 --cookie-jar j --resolve a:1:2 --frobnicate https://a.example -d @file',
      { name: 'x' },
    );
    assert.deepEqual(
      notes.map(({ says }) => says.split(' ')[0]),
      ['--cookie-jar', '--resolve', '--frobnicate', 'a'],
    );
  });

  it('puts calls to one place with one login into one service', () => {
    const api = importCurl(
      'curl -u a:b https://a.example/1; curl -u a:b https://a.example/2; curl https://a.example/3',
      {},
    );
    assert.deepEqual(
      api.calls.map(({ name, service }) => [name, service]),
      [
        ['a-get', 'a'],
        ['a-get-2', 'a'],
        ['a-get-3', 'a-2'],
      ],
    );
  });

  it('refuses what is no command of curl', () => {
    for (const text of ['', 'wget https://a.example', 'curl', 'curl -X POST', '# curl https://a.example']) {
      assert.throws(() => importCurl(text, {}), { code: 'IMPORT_CURL_INVALID' }, text);
    }
  });
});
