import type { TestContext } from 'node:test';
import { type Arrived, type Reply, StrictPeer } from './strict-peer.ts';

/** The logins that the peer takes. */
export const LOGINS = {
  'rest-bearer': ['authorization', 'Bearer t0ken-of-rest'],
  'rest-api-key': ['x-api-key', 'k3y-of-rest'],
  'rest-basic': ['authorization', `Basic ${Buffer.from('crm:p4ss-of-rest').toString('base64')}`],
} as const;

const MEMBERS = ['name', 'email', 'city'];
const PAGE = 2;

/** Customers behind a REST interface that refuses whatever is not exactly right. */
export class RestPeer {
  readonly customers = new Map<string, Record<string, unknown>>();
  readonly files = new Map<string, { readonly name: string; readonly bytes: Buffer }>();
  readonly #login: (typeof LOGINS)[keyof typeof LOGINS];

  private constructor(login: keyof typeof LOGINS) {
    this.#login = LOGINS[login];
  }

  static async open(t: TestContext, login: keyof typeof LOGINS = 'rest-bearer'): Promise<[RestPeer, StrictPeer]> {
    const rest = new RestPeer(login);
    return [rest, await StrictPeer.open(t, (request, peer) => rest.#answer(request, peer))];
  }

  #answer(request: Arrived, { url }: StrictPeer): Reply {
    const [name, value] = this.#login;
    if (request.headers[name] !== value) return refusal(401, 'WHO', 'nobody we know');
    const [resource, id, below, file] = request.path.split('/').slice(1).map(decodeURIComponent);
    if (resource !== 'customers') return refusal(404, 'RESOURCE', `no resource ${resource}`);
    if (below !== undefined) return this.#fileAnswer(request, file);
    return id === undefined ? this.#ofAll(request, url) : this.#ofOne(request, id);
  }

  #ofAll(request: Arrived, url: string): Reply {
    if (request.method === 'POST') {
      const values = membersOf(request, 'application/json');
      if (values === undefined) return refusal(422, 'MEMBERS', 'a customer has name, email and city');
      const id = `c${this.customers.size + 1}`;
      this.customers.set(id, { id, ...values });
      return { status: 201, headers: { location: `/customers/${id}` }, body: this.customers.get(id) };
    }
    if (request.method !== 'GET') return refusal(405, 'METHOD', request.method);
    return listOf(request, [...this.customers.values()], url);
  }

  #ofOne(request: Arrived, id: string): Reply {
    const found = this.customers.get(id);
    if (found === undefined) return refusal(404, 'GONE', `no customer ${id}`);
    if (request.method === 'GET') return { status: 200, body: found };
    if (request.method === 'DELETE') {
      this.customers.delete(id);
      return { status: 204 };
    }
    const isPatch = request.method === 'PATCH';
    const values = membersOf(request, isPatch ? 'application/merge-patch+json' : 'application/json');
    if (values === undefined) return refusal(422, 'MEMBERS', 'a customer has name, email and city');
    this.customers.set(id, isPatch ? { ...found, ...values } : { id, ...values });
    return { status: 200, body: this.customers.get(id) };
  }

  #fileAnswer(request: Arrived, id: string | undefined): Reply {
    if (request.method === 'POST' && id === undefined) {
      const part = /filename="([^"]+)"[^]*?\r\n\r\n([^]*?)\r\n--/u.exec(request.body.toString('latin1'));
      if (part === null) return refusal(422, 'FILE', 'no file');
      const key = `f${this.files.size + 1}`;
      this.files.set(key, { name: part[1] ?? '', bytes: Buffer.from(part[2] ?? '', 'latin1') });
      return { status: 201, body: { id: key } };
    }
    const file = this.files.get(id ?? '');
    if (file === undefined) return refusal(404, 'GONE', `no file ${id}`);
    const headers = { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${file.name}"` };
    return { status: 200, headers, body: file.bytes };
  }
}

function refusal(status: number, code: string, message: string): Reply {
  return { status, body: { code, message } };
}

/** Undefined for another type than this, and for members that no customer has. */
function membersOf({ headers, body }: Arrived, type: string): Record<string, unknown> | undefined {
  if (headers['content-type'] !== type) return undefined;
  const values = JSON.parse(body.toString()) as Record<string, unknown>;
  return Object.keys(values).every((name) => MEMBERS.includes(name)) ? values : undefined;
}

/** By numbered pages of a hundred when asked so, else by two with a Link header. */
function listOf({ query }: Arrived, all: readonly Record<string, unknown>[], url: string): Reply {
  const filters = [...query].filter(([name]) => MEMBERS.includes(name));
  const left = all.filter((one) => filters.every(([name, value]) => one[name] === value));
  const page = Number(query.get('page') ?? '1');
  const size = Number(query.get('per_page') ?? PAGE);
  const items = left.slice((page - 1) * size, page * size);
  if (query.has('per_page')) return { status: 200, body: { items } };
  const next = new URLSearchParams([...filters, ['page', String(page + 1)]]);
  const link = page * size < left.length ? { link: `<${url}/customers?${next}>; rel="next"` } : {};
  return { status: 200, headers: link, body: items };
}
