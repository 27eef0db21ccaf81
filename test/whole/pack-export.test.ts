import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Administration, SourceFile } from '../../src/runtime/administration.ts';
import { readArchive } from '../../src/runtime/pack/pack-archive.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { packArchive, packFiles } from './pack-documents.ts';

const HOW = { overwrite: false, withValues: false, dryRun: false, by: 'anna' };

async function open(t: TestContext, documents: readonly SourceFile[] = []): Promise<Administration> {
  return (await TestInstall.open(t, { documents, worker: false })).install.administration;
}

/** The small pack under other names, with a picture of its own under the same name. */
function second(): string {
  const files = Object.entries(packFiles()).map(
    ([path, text]) => [path, text.replaceAll('"parcel', '"letter')] as const,
  );
  return packArchive({
    ...Object.fromEntries(files.map(([path, text]) => [path, text.replaceAll('"letter.svg', '"parcel.svg')])),
    'parcel.svg': '<svg xmlns="http://www.w3.org/2000/svg"><rect width="2"/></svg>',
  });
}

const shape = (base64: string): string | undefined =>
  /<(circle|rect)/u.exec(Buffer.from(base64, 'base64').toString())?.[1];

async function pictureIn(archive: string): Promise<string | undefined> {
  const file = (await readArchive(Buffer.from(archive, 'base64'))).find(({ path }) => path === 'parcel.svg');
  return file && shape(Buffer.from(file.bytes).toString('base64'));
}

describe('pictures of two packs that have one name', () => {
  it('are each shown, and packed, with their own', async (t) => {
    const administration = await open(t);
    await administration.importPack({ archive: packArchive(), ...HOW });
    const report = await administration.importPack({ archive: second(), ...HOW });
    assert.equal(report.stored, true);
    for (const [pack, own] of [
      ['parcel', 'circle'],
      ['letter', 'rect'],
    ] as const) {
      const { logo } = await administration.libraryDocument({ kind: 'service', name: pack });
      assert.deepEqual(logo, { name: 'parcel.svg', isThere: true, pack });
      assert.equal(shape((await administration.picture({ name: 'parcel.svg', pack })).base64), own);
      assert.equal(await pictureIn((await administration.exportPack({ pack, withValues: false })).archive), own);
      assert.equal(
        await pictureIn((await administration.exportPack({ service: pack, withValues: false })).archive),
        own,
      );
    }
    await assert.rejects(administration.picture({ name: 'parcel.svg', pack: 'x' }), { code: 'PICTURE_UNKNOWN' });
  });
});

describe('a pack that is exported', () => {
  it('may be called otherwise, and refuses names and versions that no import would take', async (t) => {
    const administration = await open(t);
    await administration.importPack({ archive: packArchive(), ...HOW });
    const given = { pack: 'parcel', withValues: false };
    const made = await administration.exportPack({ ...given, name: 'ours', version: '2.0.0-beta.1' });
    assert.equal(made.file, 'ours-2.0.0-beta.1.zip');
    assert.equal(await pictureIn(made.archive), 'circle');
    const elsewhere = await open(t);
    const report = await elsewhere.importPack({ archive: made.archive, ...HOW });
    assert.deepEqual([report.stored, report.pack.name, report.pack.version], [true, 'ours', '2.0.0-beta.1']);
    for (const name of ['../../x', 'a b', '', 'a'.repeat(101)]) {
      await assert.rejects(administration.exportPack({ ...given, name }), { code: 'DOCUMENT_NAME_INVALID' }, name);
    }
    for (const version of ['1/../..', '', 'one', '1.2.3.4']) {
      await assert.rejects(administration.exportPack({ ...given, version }), { code: 'PACK_VERSION_INVALID' }, version);
    }
  });

  it('takes along the modules that its modules refer to', async (t) => {
    const field = (module: string): string =>
      `<field name="of" type="reference" references="${module}"/><field name="label" type="text"/>`;
    const administration = await open(t, [
      nativeDocument('service', 'name="s" url="https://s.example.com"', ''),
      nativeDocument('map', 'name="m" service="s" module="Orders"', '<call method="GET"/>'),
      nativeDocument('module', 'name="Orders" title="label" prefix="41"', field('Customers')),
      nativeDocument('module', 'name="Customers" title="label" prefix="42"', field('Regions Customers')),
      nativeDocument('module', 'name="Regions" title="label" prefix="43"', '<field name="label" type="text"/>'),
      nativeDocument('module', 'name="Unrelated" title="label" prefix="44"', '<field name="label" type="text"/>'),
    ]);
    const { contents } = await administration.exportPack({ service: 's', withValues: false });
    assert.deepEqual(
      contents.map(({ kind, name }) => `${kind} ${name}`),
      ['module Customers', 'module Orders', 'module Regions', 'service s', 'map m'],
    );
    const customers = await administration.libraryDocument({ kind: 'module', name: 'Customers' });
    assert.deepEqual(customers.usedBy, [{ kind: 'module', name: 'Orders' }]);
  });
});
