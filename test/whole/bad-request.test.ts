import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { PeerInstall } from './peer-install.ts';

/** An answer of the protocol. */
interface Answer {
  readonly success: boolean;
  readonly result: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A client with a session, which sends what it likes. */
class Client {
  readonly peer: PeerInstall;
  session = '';

  private constructor(peer: PeerInstall) {
    this.peer = peer;
  }

  static async open(t: TestContext): Promise<Client> {
    const client = new Client(await PeerInstall.open(t));
    const { result } = await client.login(client.peer.key);
    client.session = (result as { readonly sessionName: string }).sessionName;
    return client;
  }

  async login(key: string): Promise<Answer> {
    const { result } = await this.read(await this.raw({ method: 'GET' }, '?operation=getchallenge&username=admin'));
    const { token } = result as { readonly token: string };
    const accessKey = createHash('md5')
      .update(token + key)
      .digest('hex');
    return this.send('login', { username: 'admin', accessKey });
  }

  /** Posts a form; the answer must be one of the protocol. */
  async send(operation: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    const body = new URLSearchParams({ operation, sessionName: this.session, ...parameters });
    return this.read(await this.raw({ method: 'POST', body }));
  }

  raw(request: RequestInit, query = ''): Promise<Response> {
    return fetch(`${this.peer.url}/webservice.php${query}`, request);
  }

  async read(response: Response): Promise<Answer> {
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.doesNotMatch(text, /node:internal|\/src\/|\bat .+:\d+:\d+/u);
    return JSON.parse(text) as Answer;
  }

  async count(): Promise<number> {
    return (await this.peer.products()).length;
  }
}

const BOLT = { elementType: 'Products', element: '{"productname":"Bolt"}' };

describe('a request that cannot be carried out', () => {
  it('is answered with a code, and makes nothing', async (t) => {
    const client = await Client.open(t);
    const { id } = (await client.send('create', BOLT)).result as { readonly id: string };
    const before = await client.peer.products();
    const requests: readonly (readonly [operation: string, Readonly<Record<string, string>>, code: string])[] = [
      ['retrieve', { id: '14x999' }, 'INVALID_ID_ATTRIBUTE'],
      ['retrieve', { id: '99x1' }, 'ACCESS_DENIED'],
      ['retrieve', {}, 'INVALID_ID_ATTRIBUTE'],
      ['revise', { element: '{"id":"14x999","productname":"x"}' }, 'ACCESS_DENIED'],
      ['delete', { id: '14x999' }, 'ACCESS_DENIED'],
      ['create', { ...BOLT, elementType: 'Nothing' }, 'ACCESS_DENIED'],
      ['create', { ...BOLT, elementType: '__proto__' }, 'ACCESS_DENIED'],
      ['describe', { elementType: 'constructor' }, 'ACCESS_DENIED'],
      ['create', { elementType: 'Products' }, 'MANDATORY_FIELDS_MISSING'],
      ['create', { elementType: 'Products', element: '{}' }, 'MANDATORY_FIELDS_MISSING'],
      ['create', { elementType: 'Products', element: '[]' }, 'MANDATORY_FIELDS_MISSING'],
      ['create', { ...BOLT, element: '{"productname":"x","assigned_user_id":"19x77"}' }, 'REFERENCE_INVALID'],
      ['create', { ...BOLT, element: '{"productname":"x","assigned_user_id":"anna"}' }, 'REFERENCE_INVALID'],
      ['create', { ...BOLT, element: '{"productname":{"a":1}}' }, 'RECORD_INVALID'],
      ['create', { ...BOLT, element: '{"productname":"x","unit_price":"much"}' }, 'RECORD_INVALID'],
      ['create', { ...BOLT, element: `{"productname":"${'x'.repeat(300)}"}` }, 'RECORD_INVALID'],
      ['create', { ...BOLT, cbwsOptions: '{"ClientRequestIdentifier":{}}' }, 'INVALID_PARAMETER'],
      ['revise', { element: `{"id":"${id}","productname":""}` }, 'MANDATORY_FIELDS_MISSING'],
      ['constructor', {}, 'UNKNOWN_OPERATION'],
      ['listtypes', { sessionName: 'guessed' }, 'AUTHENTICATION_REQUIRED'],
      ['listtypes', { sessionName: '__proto__' }, 'AUTHENTICATION_REQUIRED'],
    ];
    for (const [operation, parameters, code] of requests) {
      const answer = await client.send(operation, parameters);
      assert.deepEqual(
        [answer.success, answer.error?.code],
        [false, code],
        JSON.stringify([operation, parameters, answer]),
      );
    }
    assert.deepEqual(await client.peer.products(), before);
  });

  it('has an element that is no JSON: parameter, line and column are told', async (t) => {
    const client = await Client.open(t);
    const { error } = await client.send('create', { ...BOLT, element: '{"productname":\n "Bolt "M8""}' });
    assert.equal(error?.code, 'MANDATORY_FIELDS_MISSING');
    assert.match(error.message, /\belement\b.*line 2, column 9\b.*M8/u);
    assert.equal(await client.count(), 0);
  });

  it('has a query that is none, or tries to be another: the place is told and nothing is changed', async (t) => {
    const client = await Client.open(t);
    await client.send('create', BOLT);
    const tries = [
      "select * from Products where productname = 'x' union select * from users;",
      'select * from Products; drop table m_products; --',
      "select * from Products where productname = '' or 1=1;",
      'select * from Products order by (select access_key from users);',
      "select * from Products order by productname desc, 'x';",
      'select * from Products limit 1 offset 0; select 1;',
      'select access_key from users;',
      'select * from sqlite_schema;',
      'select "productname" from Products;',
      "select * from Products where productname like '%' escape '!';",
      'select * from Products limit -1;',
      `select * from Products where ${'('.repeat(5000)}productname = 'x'${')'.repeat(5000)};`,
    ];
    for (const query of tries) {
      const { success, error } = await client.send('query', { query });
      assert.equal(success, false, query);
      assert.match(error?.code ?? '', /^(QUERY_SYNTAX_ERROR|ACCESS_DENIED)$/u, query);
    }
    const quoted = await client.send('query', {
      query: "select * from Products where productname = ''' or ''1''=''1';",
    });
    assert.deepEqual([quoted.success, quoted.result], [true, []]);
    assert.equal(await client.count(), 1);
  });
});

describe('names that every JavaScript object has', () => {
  it('are members like others in an element, a context of options and a body', async (t) => {
    const client = await Client.open(t);
    const element = '{"productname":"Bolt","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';
    const answer = await client.send('create', { ...BOLT, element, cbwsOptions: '{"__proto__":{"a":1}}' });
    assert.equal(answer.success, true);
    const body = `{"__proto__":{"operation":"listtypes"},"sessionName":"${client.session}"}`;
    const json = await client.raw({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
    assert.equal((await client.read(json)).error?.code, 'UNKNOWN_OPERATION');
    assert.equal(Reflect.get({}, 'admin'), undefined);
    const [product] = await client.peer.products();
    assert.deepEqual(Object.keys(product?.values ?? {}).includes('admin'), false);
  });
});

describe('a body that is no request', () => {
  it('is refused with a status that says so', async (t) => {
    const client = await Client.open(t);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const json = { 'content-type': 'application/json' };
    const many = Array.from({ length: 1_001 }, (_, index) => `a${index}=1`).join('&');
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) });
    const refusals: readonly (readonly [what: string, request: RequestInit, status: number])[] = [
      ['a method of another kind', { method: 'PUT', body: 'x' }, 405],
      ['more than a body may be', { method: 'POST', headers: form, body: 'x'.repeat(17 * 1024 * 1024) }, 413],
      ['more than was announced', { method: 'POST', headers: form, body: endless, duplex: 'half' }, 413],
      ['too many parameters', { method: 'POST', headers: form, body: many }, 400],
      ['bytes that are no text', { method: 'POST', headers: form, body: new Uint8Array([0x61, 0x3d, 0xff]) }, 400],
      ['escapes that are no text', { method: 'POST', headers: form, body: 'a=%ff%fe' }, 400],
      ['JSON that is none', { method: 'POST', headers: json, body: '{"operation":' }, 400],
      ['JSON that is a list', { method: 'POST', headers: json, body: '[1]' }, 400],
      [
        'a multipart body without parts',
        { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: 'y' },
        400,
      ],
    ];
    for (const [what, request, status] of refusals) {
      const response = await client.raw(request);
      assert.equal(response.status, status, what);
      assert.match(await response.text(), /^REQUEST_[A-Z_]+: .+\n$/u, what);
    }
    assert.equal((await fetch(`${client.peer.url}/health`)).status, 200);
  });

  it('may be nested as deep as it likes: it is an answer like others', async (t) => {
    const client = await Client.open(t);
    const deep = '['.repeat(200_000);
    for (const element of [deep, `${deep}${']'.repeat(200_000)}`, `{"productname":${deep}${']'.repeat(200_000)}}`]) {
      assert.equal((await client.send('create', { ...BOLT, element })).success, false);
    }
    assert.equal(await client.count(), 0);
  });
});

describe('a wrong access key', () => {
  it('is refused ten times, also when all come at once; then logins have to wait, and an open session stays', async (t) => {
    const client = await Client.open(t);
    const guess = { operation: 'login', username: 'admin', accessKey: '0'.repeat(32) };
    await client.raw({ method: 'GET' }, '?operation=getchallenge&username=admin');
    const guesses = Array.from({ length: 30 }, () => client.raw({ method: 'POST', body: new URLSearchParams(guess) }));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    // Those that come at the same time are counted too.
    assert.equal(statuses.filter((status) => status === 200).length, 10);
    const late = await client.raw({ method: 'POST', body: new URLSearchParams(guess) });
    assert.equal(late.status, 429);
    assert.ok(Number(late.headers.get('retry-after')) > 0);
    assert.equal((await client.send('listtypes', {})).success, true);
  });
});
