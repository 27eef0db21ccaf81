import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModuleDefinition } from '../../src/core/module.ts';
import { commitRecords, field, products, query, write } from './sample-records.ts';
import { sampleRun } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** What every record store does, but for its queries. */
export function recordStoreContract(name: string, factory: InstallFactory): void {
  describe(`records: ${name}`, () => {
    describe('values', () => recordValues(factory));
    describe('versions', () => versions(factory));
    describe('history and refusals', () => historyAndRefusals(factory));
    describe('modules', () => modules(factory));
    describe('numbers', () => numbers(factory));
    describe('dedup keys', () => dedupKeys(factory));
  });
}

const values = {
  productname: 'Bolt "M8" C:\\new & S\u00f6hne \u87ba\u6813 \u{1f529}',
  quantity: 123456789012345,
  unit_price: 1234567890.12345,
  active: true,
  account: '11x74',
  version: "it's 2",
};

function recordValues(factory: InstallFactory): void {
  it('gives back every value as it was given', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    const { records } = await commitRecords(store, 1000, write({ id: '14x1', values }), write({ id: '14x2' }));
    const image = {
      id: '14x1',
      module: 'Products',
      version: 1,
      values,
      createdAt: 1000,
      modifiedAt: 1000,
      createdBy: '19x1',
      modifiedBy: '19x1',
    };
    assert.deepEqual(records[0], image);
    assert.deepEqual(await store.records.read(products, '14x1'), image);
    assert.deepEqual(new Set(Object.values(records[1]?.values ?? {})), new Set([null]));
    assert.deepEqual(await store.records.read(products, '14x2'), records[1]);
  });

  it('finds no record under a foreign prefix or another text', async (context) => {
    const store = await freshStore(context, factory);
    assert.equal(await store.records.read(products, '14x1'), undefined);
    await store.records.prepareModules([products]);
    await commitRecords(store, 1, write({ id: '14x1' }));
    for (const id of ['14x2', '15x1', '1', '', '14x1 '])
      assert.equal(await store.records.read(products, id), undefined);
  });
}

function versions(factory: InstallFactory): void {
  it('changes a record at the version decided on only', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 1, write({ id: '14x1', values }));
    const change = write({ id: '14x1', basedOn: 1, values: { productname: 'Nut' } });
    const { records } = await commitRecords(store, 2, change);
    assert.deepEqual([records[0]?.version, records[0]?.createdAt, records[0]?.modifiedAt], [2, 1, 2]);
    const stale = { at: 3, records: [change], runs: [sampleRun()], dedup: undefined };
    assert.deepEqual(await store.records.commit(stale), { kind: 'conflict', id: '14x1' });
    assert.deepEqual(await store.records.read(products, '14x1'), records[0]);
    assert.deepEqual(await store.journal.runs({ limit: 9 }), []);
  });

  it('lets one of two changes of the same version win', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 1, write({ id: '14x1' }));
    const unit = { at: 2, records: [write({ id: '14x1', basedOn: 1 })], runs: [], dedup: undefined };
    const results = await Promise.all([store.records.commit(unit), store.records.commit(unit)]);
    assert.deepEqual(results.map((result) => result.kind).toSorted(), ['committed', 'conflict']);
  });

  it('creates no record that is there, and changes none that is not', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 1, write({ id: '14x1' }));
    for (const record of [write({ id: '14x1' }), write({ id: '14x2', basedOn: 3 })]) {
      const result = await store.records.commit({ at: 2, records: [record], runs: [], dedup: undefined });
      assert.deepEqual(result, { kind: 'conflict', id: record.id });
    }
  });
}

function historyAndRefusals(factory: InstallFactory): void {
  it('deletes a record and keeps its history', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 1, write({ id: '14x1', values: { productname: 'Bolt' } }));
    const actor = { user: '19x2', run: 7, task: 'login' };
    await commitRecords(store, 2, {
      ...write({ id: '14x1', basedOn: 1, values: { productname: 'Nut', active: true } }),
      actor,
    });
    const { records } = await commitRecords(store, 3, {
      ...write({ id: '14x1', basedOn: 2, kind: 'delete' }),
      changed: [],
    });
    assert.deepEqual(records, [undefined]);
    assert.equal(await store.records.read(products, '14x1'), undefined);
    const base = { id: '14x1', run: undefined, task: undefined };
    assert.deepEqual(await store.records.history('14x1'), [
      {
        ...base,
        version: 1,
        kind: 'create',
        at: 1,
        by: '19x1',
        changes: { productname: { before: null, after: 'Bolt' } },
      },
      {
        ...base,
        version: 2,
        kind: 'update',
        at: 2,
        by: '19x2',
        run: 7,
        task: 'login',
        changes: { productname: { before: 'Bolt', after: 'Nut' }, active: { before: null, after: true } },
      },
      { ...base, version: 3, kind: 'delete', at: 3, by: '19x1', changes: {} },
    ]);
  });

  it('refuses what no table can hold', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    const good = write({ id: '14x1' });
    const wrong = [
      { ...good, module: 'Nothing' },
      { ...good, id: '15x1' },
      { ...good, id: 'x' },
      { ...good, values: { nothing: 1 } },
      { ...good, kind: 'update' as const },
      { ...good, values: { quantity: 'many' } },
    ];
    for (const record of wrong) {
      const unit = { at: 1, records: [record], runs: [], dedup: undefined };
      await assert.rejects(store.records.commit(unit), { code: 'STORE_UNIT_INVALID' });
    }
  });
}

function modules(factory: InstallFactory): void {
  it('adds fields, and keeps the values of those that left', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 1, write({ id: '14x1', values }));
    const smaller: ModuleDefinition = {
      ...products,
      fields: [field('productname', 'string'), field('colour', 'string')],
    };
    await store.records.prepareModules([smaller]);
    assert.deepEqual((await store.records.read(smaller, '14x1'))?.values, {
      productname: values.productname,
      colour: null,
    });
    const change = {
      ...write({ id: '14x1', basedOn: 1 }),
      values: { productname: 'Nut', colour: 'red' },
      changed: ['colour'],
    };
    await commitRecords(store, 2, change);
    await store.records.prepareModules([products]);
    assert.deepEqual((await store.records.read(products, '14x1'))?.values, { ...values, productname: 'Nut' });
  });

  it('refuses a field that changed its storage, and changes nothing then', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    const changed: ModuleDefinition = { ...products, fields: [field('colour', 'string'), field('quantity', 'string')] };
    await assert.rejects(store.records.prepareModules([changed]), { code: 'STORE_FIELD_TYPE_CHANGED' });
    await commitRecords(store, 1, write({ id: '14x1', values }));
    assert.deepEqual((await store.records.read(products, '14x1'))?.values, values);
  });

  it('tells beforehand what would be added and what would be refused, and adds nothing', async (context) => {
    const store = await freshStore(context, factory);
    const nothing = { module: 'Products', isNew: false, columns: [], indexes: [], refusal: undefined };
    const preview = async (module: ModuleDefinition) => (await store.records.previewModules([module]))[0];
    assert.deepEqual(await preview(products), { ...nothing, isNew: true });
    assert.deepEqual(await preview(products), { ...nothing, isNew: true });
    await store.records.prepareModules([products]);
    assert.deepEqual(await preview(products), nothing);
    const grown = { ...products, fields: [...products.fields, field('colour', 'string'), field('boss', 'owner')] };
    const growth = { ...nothing, columns: ['colour', 'boss'], indexes: ['boss'] };
    assert.deepEqual([await preview(grown), await preview(grown)], [growth, growth]);
    assert.deepEqual(await preview({ ...products, title: 'version' }), { ...nothing, indexes: ['version'] });
    const changed = { ...products, fields: [field('quantity', 'string')], title: 'quantity' };
    assert.equal((await preview(changed))?.refusal?.code, 'STORE_FIELD_TYPE_CHANGED');
    assert.equal((await preview({ ...products, name: 'products' }))?.refusal?.code, 'STORE_NAME_CLASH');
    await store.records.prepareModules([grown]);
    assert.deepEqual(await preview(grown), nothing);
  });

  it('takes any name that a document can give', async (context) => {
    const store = await freshStore(context, factory);
    const odd: ModuleDefinition = {
      ...products,
      name: 'Order.Lines-2_x',
      title: 'select',
      fields: ['select', 'number', 'a.b-c', 'Version', 'x"y'].map((name) => field(name, 'string')),
    };
    await store.records.prepareModules([odd, products]);
    assert.deepEqual((await store.records.previewModules([odd]))[0]?.indexes, []);
    await store.records.prepareModules([odd]);
    const given = Object.fromEntries(odd.fields.map(({ name }) => [name, `value of ${name}`]));
    await commitRecords(store, 1, { ...write({ id: '14x1' }), module: odd.name, values: given });
    const where = { kind: 'compare', field: 'x"y', operator: '=', value: 'value of x"y' } as const;
    const [found] = await store.records.query(odd, query({ module: odd.name, where }));
    assert.deepEqual(found?.values, given);
  });

  it('refuses names that differ by letter case alone', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    const clash = { code: 'STORE_NAME_CLASH' };
    await assert.rejects(store.records.prepareModules([{ ...products, name: 'products' }]), clash);
    const fields = [...products.fields, field('ProductName', 'string')];
    await assert.rejects(store.records.prepareModules([{ ...products, fields }]), clash);
  });
}

function numbers(factory: InstallFactory): void {
  it('counts from 1, through restarts', async (context) => {
    const install = await factory();
    context.after(() => install.remove());
    const first = await install.open();
    assert.deepEqual([await first.records.allocateNumber(), await first.records.allocateNumber()], [1, 2]);
    await first.close();
    const second = await install.open();
    assert.equal(await second.records.allocateNumber(), 3);
    await second.close();
  });

  it('gives none twice, however many ask at once', async (context) => {
    const store = await freshStore(context, factory);
    const given = await Promise.all(Array.from({ length: 500 }, () => store.records.allocateNumber()));
    assert.equal(new Set(given).size, 500);
    assert.deepEqual(given.toSorted((a, b) => a - b).at(-1), 500);
  });

  it('keeps clear of numbers that came from elsewhere', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 1, write({ id: '14x900' }));
    assert.equal(await store.records.allocateNumber(), 901);
  });
}

function dedupKeys(factory: InstallFactory): void {
  const dedup = { scope: 'request', key: 'k', bodyHash: 'h', answer: { id: '14x1' }, expiresAt: 100 };

  it('commits a fact once, and gives its answer again', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    const unit = { at: 10, records: [write({ id: '14x1' })], runs: [], dedup };
    const results = await Promise.all([store.records.commit(unit), store.records.commit(unit)]);
    assert.deepEqual(results[1], { kind: 'duplicate', sameBody: true, answer: { id: '14x1' } });
    const other = { ...unit, dedup: { ...dedup, bodyHash: 'other' } };
    assert.deepEqual(await store.records.commit(other), { kind: 'duplicate', sameBody: false, answer: { id: '14x1' } });
    const scope = { ...unit, records: [], dedup: { ...dedup, scope: 'fired' } };
    assert.equal((await store.records.commit(scope)).kind, 'committed');
  });

  it('forgets a key when its time is over', async (context) => {
    const store = await freshStore(context, factory);
    const unit = { at: 10, records: [], runs: [], dedup };
    await store.records.commit(unit);
    const { scope, key } = dedup;
    assert.deepEqual(await store.records.findDedup({ scope, key, now: 99 }), { bodyHash: 'h', answer: { id: '14x1' } });
    assert.equal(await store.records.findDedup({ scope, key, now: 100 }), undefined);
    assert.equal((await store.records.commit({ ...unit, at: 100 })).kind, 'committed');
  });

  it('does not keep the key of a unit that was refused', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    const refused = { at: 10, records: [write({ id: '14x1', basedOn: 4 })], runs: [], dedup };
    assert.equal((await store.records.commit(refused)).kind, 'conflict');
    assert.equal(await store.records.findDedup({ scope: 'request', key: 'k', now: 10 }), undefined);
  });
}
