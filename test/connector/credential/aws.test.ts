import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import type { CallRequest } from '../../../src/core/call.ts';
import type { AwsCredential } from '../../../src/core/credential.ts';
import { applyAws } from '../../../src/connector/credential/aws.ts';
import { applyingWith, headersOf, sending } from './signed-calls.ts';

const SUITE: AwsCredential = {
  kind: 'aws-sigv4',
  accessKey: 'AKIDEXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
  region: 'us-east-1',
  service: 'service',
};
const STORAGE: AwsCredential = {
  ...SUITE,
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  service: 's3',
};

function signatureOf(sent: CallRequest): string | undefined {
  return /Signature=([0-9a-f]{64})$/u.exec(headersOf(sent, 'Authorization')[0] ?? '')?.[1];
}

// Cases of the test suite that Amazon publishes for Signature Version 4.
const VANILLA = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';
const cases: readonly (readonly [name: string, signature: string, path: string, more?: Partial<CallRequest>])[] = [
  ['get-vanilla', VANILLA, '/'],
  ['get-slash', VANILLA, '//'],
  ['get-relative', VANILLA, '/example/..'],
  ['get-slash-dot-slash', VANILLA, '/./'],
  [
    'get-vanilla-query-order-key-case',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    '/?Param2=value2&Param1=value1',
  ],
  [
    'get-vanilla-empty-query-key',
    'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
    '/?Param1=value1',
  ],
  [
    'get-header-key-duplicate',
    'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
    '/',
    {
      headers: [
        ['My-Header1', 'value2'],
        ['My-Header1', 'value2'],
        ['My-Header1', 'value1'],
      ],
    },
  ],
  [
    'get-header-value-trim',
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    '/',
    {
      headers: [
        ['My-Header1', ' value1'],
        ['My-Header2', ' "a   b   c"'],
      ],
    },
  ],
  ['post-vanilla', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b', '/', { method: 'POST' }],
  [
    'post-x-www-form-urlencoded',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    '/',
    { method: 'POST', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: 'Param1=value1' },
  ],
];

for (const [name, signature, path, more] of cases) {
  test(`the published case ${name}`, () => {
    const request = sending(`https://example.amazonaws.com${path}`, more);
    assert.equal(signatureOf(applyAws(request, SUITE, applyingWith('2015-08-30T12:36:00Z'))), signature);
  });
}

// The examples of Amazon's documentation of S3.
const objects: readonly (readonly [name: string, signature: string, path: string, more?: Partial<CallRequest>])[] = [
  [
    'part of an object',
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    '/test.txt',
    { headers: [['Range', 'bytes=0-9']] },
  ],
  [
    'an object whose name has a dollar',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    '/test$file.text',
    {
      method: 'PUT',
      headers: [
        ['Date', 'Fri, 24 May 2013 00:00:00 GMT'],
        ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
      ],
      body: 'Welcome to Amazon S3.',
    },
  ],
  ['a query without a value', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543', '/?lifecycle'],
  ['a list of objects', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7', '/?max-keys=2&prefix=J'],
];

for (const [name, signature, path, more] of objects) {
  test(`the published example of ${name}`, () => {
    const request = sending(`https://examplebucket.s3.amazonaws.com${path}`, more);
    assert.equal(signatureOf(applyAws(request, STORAGE, applyingWith('2013-05-24T00:00:00Z'))), signature);
  });
}

/** SHA-256, keyed or not, as the signer of another house wants it. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    const bytes = key === undefined || typeof key === 'string' ? key : bytesOf(key);
    this.#hash = bytes === undefined ? createHash('sha256') : createHmac('sha256', bytes);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** What the signer of another house says to what we send. */
async function elsewhere(sent: CallRequest, credential: AwsCredential, now: string): Promise<string> {
  const { accessKey, secretKey, sessionToken, region, service } = credential;
  const isStorage = service === 's3';
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    region,
    service,
    sha256: Sha256,
    applyChecksum: isStorage,
    uriEscapePath: !isStorage,
  });
  const url = new URL(sent.url);
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
  const ours = /^(?:authorization|x-amz-date|x-amz-security-token)$/iu;
  const headers = Object.fromEntries(sent.headers.filter(([name]) => !ours.test(name)));
  const signed = await signer.sign(
    {
      method: sent.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query,
      headers: { ...headers, host: url.host },
      body: sent.body,
    },
    { signingDate: new Date(now) },
  );
  return signed.headers['authorization'] ?? '';
}

const NOW = '2026-03-04T05:06:07Z';

for (const [what, url, more, credential] of [
  ['a blank and a plus in the query', 'https://api.example.com/a?q=x+y&r=a%20b%2Bc&q=1&z', {}, SUITE],
  ['letters beyond ASCII', 'https://api.example.com/ä/ü?ö=ß', {}, SUITE],
  ['signs that URLs let stand', "https://api.example.com/a!b'(c)*d~e/f;g=h?x=!'()*~", {}, SUITE],
  ['a port', 'https://api.example.com:8443/', {}, SUITE],
  ['empty segments', 'https://api.example.com//a///b/', {}, SUITE],
  [
    'a body and its type',
    'https://api.example.com/',
    {
      method: 'POST',
      body: '{"ü":1}',
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Amz-Target', 'DynamoDB_20120810.GetItem'],
      ],
    },
    SUITE,
  ],
  ['a session', 'https://api.example.com/', {}, { ...SUITE, sessionToken: 'a/session+token==' }],
  [
    'an object',
    'https://bucket.s3.amazonaws.com/a//b/%C3%BC.txt',
    { method: 'PUT', body: Buffer.from([0, 255]) },
    STORAGE,
  ],
  [
    'a header that proxies change',
    'https://api.example.com/',
    {
      headers: [
        ['User-Agent', 'x'],
        ['Accept', '*/*'],
      ],
    },
    SUITE,
  ],
] as const satisfies readonly (readonly [string, string, Partial<CallRequest>, AwsCredential])[]) {
  test(`another signer gives the same signature to ${what}`, async () => {
    const sent = applyAws(sending(url, more), credential, applyingWith(NOW));
    assert.deepEqual(headersOf(sent, 'Authorization'), [await elsewhere(sent, credential, NOW)]);
  });
}

test('the names of objects are signed as S3 reads them, whichever signs the address leaves as they are', () => {
  const [plain, encoded] = ["/a(b)'c!*.txt", '/a%28b%29%27c%21%2A.txt'].map((path) =>
    signatureOf(applyAws(sending(`https://b.s3.amazonaws.com${path}`), STORAGE, applyingWith(NOW))),
  );
  assert.equal(plain, encoded);
});

test('a request that says how its body is signed is signed so', () => {
  const sent = applyAws(
    sending('https://b.s3.amazonaws.com/a', {
      method: 'PUT',
      body: 'x',
      headers: [['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD']],
    }),
    STORAGE,
    applyingWith(NOW),
  );
  assert.deepEqual(headersOf(sent, 'x-amz-content-sha256'), ['UNSIGNED-PAYLOAD']);
  const other = applyAws(
    sending('https://b.s3.amazonaws.com/a', { method: 'PUT', body: 'x' }),
    STORAGE,
    applyingWith(NOW),
  );
  assert.notEqual(signatureOf(sent), signatureOf(other));
});

test('a request that is signed again carries the new signature alone', () => {
  const first = applyAws(sending('https://api.example.com/'), SUITE, applyingWith(NOW));
  const second = applyAws(first, SUITE, applyingWith('2026-03-04T06:00:00Z'));
  assert.deepEqual(headersOf(second, 'X-Amz-Date'), ['20260304T060000Z']);
  assert.equal(headersOf(second, 'Authorization').length, 1);
});

test('what nodes on the way write into a trace is not signed', () => {
  const url = 'https://api.example.com/';
  const traced = sending(url, { headers: [['traceparent', '00-1-2-01']] });
  const [one, other] = [traced, sending(url)].map((request) =>
    signatureOf(applyAws(request, SUITE, applyingWith(NOW))),
  );
  assert.equal(one, other);
});
