import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FacturaScriptsPeer, TOKEN } from './facturascripts-peer.ts';
import { assertAllRan, namesIn, PackInstall } from './pack-install.ts';
import type { StrictPeer } from './strict-peer.ts';

interface World {
  readonly pack: PackInstall;
  readonly erp: FacturaScriptsPeer;
  readonly peer: StrictPeer;
}

async function open(t: TestContext, token = TOKEN): Promise<World> {
  const [erp, peer] = await FacturaScriptsPeer.open(t);
  const settings = { facturascripts_url: peer.url };
  return {
    erp,
    peer,
    pack: await PackInstall.open(t, 'facturascripts', { settings, secrets: { facturascripts_token: token } }),
  };
}

const CUSTOMER = { name: 'Söhne & "Co"', tax_number: 'B 1&2', email: 'a@example.com' };
const SAVED = {
  nombre: 'Söhne & "Co"',
  razonsocial: 'Söhne & "Co"',
  cifnif: 'B 1&2',
  email: 'a@example.com',
  telefono1: '',
  observaciones: '',
};

describe('the pack facturascripts', () => {
  it('makes a customer, finds it by its tax number, and changes it', async (t) => {
    const { pack, erp, peer } = await open(t);
    const context = { fs_customer: CUSTOMER };
    assert.equal((await pack.done('fs-customer-find', context))['fs_customer_code'], '');
    const made = await pack.done('fs-customer-create', context);
    assert.deepEqual(made, { fs_customer_code: '1', fs_error: '' });
    assert.deepEqual(erp.of('clientes'), [{ codcliente: 1, ...SAVED }]);
    assert.equal((await pack.done('fs-customer-find', context))['fs_customer_code'], '1');
    const changed = { ...CUSTOMER, company: 'Söhne SL', phone: '+34 1' };
    await pack.done('fs-customer-update', { fs_customer: changed, fs_customer_code: '1' });
    assert.deepEqual(erp.of('clientes'), [{ codcliente: 1, ...SAVED, razonsocial: 'Söhne SL', telefono1: '+34 1' }]);
    assert.equal(peer.lines()[0], 'GET /api/3/clientes?filter%5Bcifnif%5D=B+1%262&limit=1');
  });

  it('makes contacts, products, invoices and their lines', async (t) => {
    const { pack, erp } = await open(t);
    const customer = { fs_customer: CUSTOMER, fs_customer_code: '1' };
    const contact = await pack.done('fs-contact-create', {
      ...customer,
      fs_contact: { first_name: 'Ana', city: 'Málaga' },
    });
    assert.equal(contact['fs_contact_id'], '1');
    assert.equal('codpais' in (erp.of('contactos')[0] ?? {}), false);
    assert.equal(erp.of('contactos')[0]?.['ciudad'], 'Málaga');
    const product = await pack.done('fs-product-create', { fs_product: { code: 'A-1', name: 'Bolt', price: 1.5 } });
    assert.equal(product['fs_product_id'], '1');
    assert.deepEqual(erp.of('productos'), [{ idproducto: 1, referencia: 'A-1', descripcion: 'Bolt', precio: '1.5' }]);
    const invoice = await pack.done('fs-invoice-create', {
      ...customer,
      fs_invoice: { date: '2026-03-14', reference: 'SO-17' },
    });
    assert.deepEqual([invoice['fs_invoice_id'], invoice['fs_invoice_number']], ['1', 'FAC2026A1']);
    assert.equal(erp.of('facturaclientes')[0]?.['fecha'], '2026-03-14');
    const line = { text: 'Bolts', quantity: 3, price: 1.5, tax: 'IVA21' };
    assert.equal((await pack.done('fs-invoice-line-create', { fs_invoice_id: '1', fs_line: line }))['fs_line_id'], '1');
    assert.deepEqual(erp.of('lineafacturaclientes'), [
      {
        idlinea: 1,
        idfactura: '1',
        descripcion: 'Bolts',
        cantidad: '3',
        pvpunitario: '1.5',
        dtopor: '0',
        codimpuesto: 'IVA21',
      },
    ]);
  });

  it('works on any resource by its name and key', async (t) => {
    const { pack, erp } = await open(t);
    const products = { fs_resource: 'productos' };
    const values = { referencia: 'A & B', descripcion: 'Tornillo', precio: 2 };
    const made = await pack.done('fs-create', { ...products, fs_values: values });
    assert.deepEqual(made['fs_item'], { idproducto: 1, ...values, precio: '2' });
    const one = { ...products, fs_key: '1' };
    await pack.done('fs-update', { ...one, fs_values: { precio: 3 } });
    assert.deepEqual((await pack.done('fs-get', one))['fs_item'], { idproducto: 1, ...values, precio: '3' });
    assert.equal((await pack.done('fs-delete', one))['fs_status'], 200);
    assert.equal((await pack.done('fs-delete', one))['fs_status'], 404);
    assert.deepEqual([(await pack.done('fs-get', one))['fs_item'], erp.of('productos')], ['', []]);
  });

  it('lists by fifty until the last page, filtered and in order', async (t) => {
    const { pack, erp, peer } = await open(t);
    for (let n = 1; n <= 120; n++)
      erp
        .of('clientes')
        .push({ codcliente: n, nombre: `c${String(n).padStart(3, '0')}`, ciudad: n % 2 === 0 ? 'Madrid' : 'Vigo' });
    const all = await pack.done('fs-list', { fs_resource: 'clientes' });
    assert.equal((all['fs_found'] as unknown[]).length, 120);
    assert.deepEqual(
      peer.lines(),
      [0, 50, 100].map((offset) => `GET /api/3/clientes?limit=50&offset=${offset}`),
    );
    const some = {
      fs_resource: 'clientes',
      fs_filter: { ciudad: 'Madrid', nombre_like: 'C11' },
      fs_sort: { nombre: 'DESC' },
    };
    const { fs_found: found } = await pack.done('fs-list', some);
    assert.deepEqual(
      (found as { nombre: string }[]).map(({ nombre }) => nombre),
      ['c118', 'c116', 'c114', 'c112', 'c110'],
    );
  });

  it('tells what is refused in the words of FacturaScripts, and asks a person', async (t) => {
    const { pack, erp } = await open(t);
    erp.of('productos').push({ idproducto: 1 });
    const key = { fs_resource: 'productos', fs_key: '9' };
    for (const [map, context, code, part] of [
      [
        'fs-create',
        { fs_resource: 'productos', fs_values: { referencia: 'x' } },
        'CALL_EXPECTATION',
        'descripcion is missing',
      ],
      ['fs-create', { fs_resource: 'productos', fs_values: { colour: 'x' } }, 'CALL_STATUS', 'unknown field colour'],
      ['fs-update', { ...key, fs_values: { precio: 1 } }, 'CALL_STATUS', 'record-not-found'],
      ['fs-list', { fs_resource: 'things' }, 'CALL_STATUS', 'api-resource-not-found'],
      ['fs-customer-update', { fs_customer: CUSTOMER, fs_customer_code: '9' }, 'CALL_STATUS', 'record-not-found'],
      ['fs-product-create', { fs_product: { code: 'A', name: '' } }, 'PARAMETER_EMPTY', 'descripcion'],
    ] as const) {
      const { run, left } = await pack.fails(map, context, code, part);
      assert.equal(run.wait?.for, 'person', map);
      if (code !== 'PARAMETER_EMPTY') assert.equal(left['fs_error'], part);
    }
  });

  it('with a wrong key says so, and shows neither', async (t) => {
    const { pack } = await open(t, 'wrong-fs-token');
    const { run } = await pack.fails('fs-list', { fs_resource: 'clientes' }, 'CALL_STATUS', 'auth-token-invalid');
    assert.ok(!JSON.stringify(await pack.test.details(run.id)).includes('wrong-fs-token'));
  });

  it('tries again when it is overloaded', async (t) => {
    const { pack, peer } = await open(t);
    for (const status of [429, 503]) {
      peer.next.push({ status, body: { error: 'later' } });
      assert.equal((await pack.call('fs-list', { fs_resource: 'clientes' })).run.wait?.for, 'time');
    }
  });

  it('never makes a second one because nobody knows of the first', async (t) => {
    const { pack, peer } = await open(t);
    const context = {
      fs_customer: CUSTOMER,
      fs_customer_code: '1',
      fs_contact: { first_name: 'Ana' },
      fs_product: { code: 'A', name: 'Bolt' },
      fs_invoice: {},
      fs_invoice_id: '1',
      fs_line: { text: 'Bolts', price: 1 },
      fs_resource: 'productos',
      fs_values: { referencia: 'x' },
    };
    const makers = namesIn('facturascripts', 'map').filter((name) => name.endsWith('-create'));
    assert.equal(makers.length, 6);
    for (const map of makers) {
      for (const status of [502, 504]) {
        peer.next.push({ status, body: '<html>' });
        const { run } = await pack.fails(map, context, 'CALL_STATUS', String(status));
        assert.equal(run.wait?.for, 'person', `${map} ${status}`);
      }
      // Or the breaker holds the next ones back.
      await pack.done('fs-list', { fs_resource: 'productos' });
    }
    assert.equal(peer.lines().filter((line) => line.startsWith('POST')).length, 12);
    // What only reads, and what says the same twice, is tried again.
    peer.next.push({ status: 504, body: '<html>' });
    assert.equal((await pack.call('fs-customer-find', context)).run.wait?.for, 'time');
  });

  it('leaves of a customer what is not given as it is', async (t) => {
    const { pack, erp } = await open(t);
    const kept = { ...SAVED, razonsocial: 'Söhne SL', telefono1: '+34 1', observaciones: 'pays late' };
    erp.of('clientes').push({ codcliente: 1, ...kept });
    const context = { name: 'Söhne', tax_number: SAVED.cifnif, email: '', text: 'Consulting', price: 100 };
    assert.equal((await pack.start('fs-example', context)).run.status, 'completed');
    assert.deepEqual(erp.of('clientes'), [{ codcliente: 1, ...kept, nombre: 'Söhne' }]);
  });

  it('runs its example, which makes the customer once', async (t) => {
    const { pack, erp } = await open(t);
    const context = { name: 'ACME', tax_number: 'B123', email: 'acme@example.com', text: 'Consulting', price: 100 };
    for (const _ of [1, 2]) assert.equal((await pack.start('fs-example', context)).run.status, 'completed');
    const counts = ['clientes', 'facturaclientes', 'lineafacturaclientes'].map((name) => erp.of(name).length);
    assert.deepEqual(counts, [1, 2, 2]);
  });

  it('has no map and no workflow that these tests leave out', () => assertAllRan('facturascripts'));
});
