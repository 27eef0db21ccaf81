import type { TestContext } from 'node:test';
import { type Arrived, type Reply, StrictPeer } from './strict-peer.ts';

type Row = Record<string, unknown>;

/** What a resource is keyed by, what it must have, and what it has. */
const RESOURCES: Readonly<Record<string, { key: string; needs: readonly string[]; has: readonly string[] }>> = {
  clientes: {
    key: 'codcliente',
    needs: ['nombre'],
    has: ['razonsocial', 'cifnif', 'email', 'telefono1', 'observaciones'],
  },
  contactos: {
    key: 'idcontacto',
    needs: ['nombre'],
    has: ['codcliente', 'apellidos', 'email', 'telefono1', 'direccion', 'codpostal', 'ciudad', 'codpais'],
  },
  productos: { key: 'idproducto', needs: ['referencia', 'descripcion'], has: ['precio', 'codimpuesto'] },
  facturaclientes: {
    key: 'idfactura',
    needs: ['codcliente', 'fecha'],
    has: ['nombrecliente', 'cifnif', 'numero2', 'observaciones', 'codigo'],
  },
  lineafacturaclientes: {
    key: 'idlinea',
    needs: ['idfactura', 'descripcion', 'pvpunitario'],
    has: ['referencia', 'cantidad', 'dtopor', 'codimpuesto'],
  },
};

export const TOKEN = 'fs-token-4711';

/** An ERP with the REST API of FacturaScripts as it is documented: forms in, JSON out, filters, order and pages. */
export class FacturaScriptsPeer {
  readonly rows: Readonly<Record<string, Row[]>> = Object.fromEntries(Object.keys(RESOURCES).map((name) => [name, []]));

  static async open(t: TestContext): Promise<[FacturaScriptsPeer, StrictPeer]> {
    const erp = new FacturaScriptsPeer();
    return [erp, await StrictPeer.open(t, (request) => erp.#answer(request))];
  }

  of(resource: string): Row[] {
    return this.rows[resource] ?? [];
  }

  #answer(request: Arrived): Reply {
    if (request.headers['token'] !== TOKEN) return refusal(401, 'auth-token-invalid');
    const [, api, version, resource = '', key] = request.path.split('/').map(decodeURIComponent);
    const kind = RESOURCES[resource];
    if (api !== 'api' || version !== '3' || kind === undefined) return refusal(404, 'api-resource-not-found');
    const rows = this.of(resource);
    const { method } = request;
    if (key === undefined) {
      if (method === 'GET') return { status: 200, body: chosen(rows, request.query) };
      return method === 'POST' ? this.#create(resource, request) : refusal(405, 'method-not-allowed');
    }
    const row = rows.find((one) => String(one[kind.key]) === key);
    if (row === undefined) return refusal(404, 'record-not-found');
    if (method === 'GET') return { status: 200, body: row };
    if (method === 'DELETE') {
      rows.splice(rows.indexOf(row), 1);
      return { status: 200, body: { ok: 'record-deleted-correctly', data: row } };
    }
    const form = formOf(request);
    if (method !== 'PUT' || form === undefined) return refusal(400, 'no-data-received-form');
    return { status: 200, body: { ok: 'record-updated-correctly', data: Object.assign(row, form) } };
  }

  #create(resource: string, request: Arrived): Reply {
    const { key = '', needs = [], has = [] } = RESOURCES[resource] ?? {};
    const form = formOf(request);
    if (form === undefined) return refusal(400, 'no-data-received-form');
    const unknown = Object.keys(form).find((name) => ![key, ...needs, ...has].includes(name));
    if (unknown !== undefined) return refusal(400, `unknown field ${unknown}`);
    const missing = needs.find((name) => (form[name] ?? '') === '');
    // As documented, a refusal may come with the status of a success.
    if (missing !== undefined) return refusal(200, `${missing} is missing`);
    const rows = this.of(resource);
    const given = form[key];
    if (given !== undefined && rows.some((row) => row[key] === given)) return refusal(400, 'duplicated-record');
    const codigo = resource === 'facturaclientes' ? { codigo: `FAC2026A${rows.length + 1}` } : {};
    const row = { [key]: rows.length + 1, ...codigo, ...form };
    rows.push(row);
    return { status: 200, body: { ok: 'record-updated-correctly', data: row } };
  }
}

function refusal(status: number, error: string): Reply {
  return { status, body: { error } };
}

/** Undefined for what is no form. */
function formOf({ headers, body }: Arrived): Row | undefined {
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return undefined;
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

function chosen(rows: readonly Row[], query: URLSearchParams): Row[] {
  const member = (name: string): (readonly [string, string])[] =>
    [...query].flatMap(([key, value]) => {
      const inside = new RegExp(`^${name}\\[(.+)\\]$`, 'u').exec(key)?.[1];
      return inside === undefined ? [] : [[inside, value] as const];
    });
  const found = rows.filter((row) => member('filter').every(([name, value]) => isWanted(row, name, value)));
  for (const [name, direction] of member('sort').toReversed()) {
    const sign = direction === 'DESC' ? -1 : 1;
    found.sort((a, b) => sign * (String(a[name]) < String(b[name]) ? -1 : 1));
  }
  const offset = Number(query.get('offset') ?? '0');
  return found.slice(offset, offset + Number(query.get('limit') ?? '50'));
}

function isWanted(row: Row, name: string, value: string): boolean {
  const like = /^(.+)_like$/u.exec(name)?.[1];
  if (like === undefined) return String(row[name] ?? '') === value;
  return String(row[like] ?? '')
    .toLowerCase()
    .includes(value.toLowerCase());
}
