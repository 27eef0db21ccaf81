import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Administration } from '../../src/runtime/administration.ts';
import { readArchive } from '../../src/runtime/pack/pack-archive.ts';
import { TestInstall } from './install-fixture.ts';
import { packArchive, packDocument, packFiles } from './pack-documents.ts';

const HOW = { overwrite: false, withValues: false, dryRun: false, by: 'anna' };

async function open(t: TestContext): Promise<Administration> {
  const test = await TestInstall.open(t, { documents: [], worker: false });
  return test.install.administration;
}

async function names(administration: Administration): Promise<string[]> {
  const { items } = await administration.library({ limit: 100 });
  return items.map(({ kind, name }) => `${kind} ${name}`);
}

const ALL = ['map parcel-send', 'pack parcel', 'service parcel'];
const OWN_MAP = {
  file: 'mine.xml',
  text: '<map xmlns="urn:mapwright:1" name="parcel-send" service="parcel"><call method="PUT" path="/mine"/></map>',
};

function applyOwn(administration: Administration): Promise<unknown> {
  return administration.apply({ documents: [OWN_MAP], prune: false, dryRun: false, by: 'bert' });
}

describe('importing a pack', () => {
  it('shows first, then puts all into force, and tells what is to be set', async (t) => {
    const administration = await open(t);
    const preview = await administration.importPack({ archive: packArchive(), ...HOW, dryRun: true });
    assert.equal(preview.stored, false);
    assert.deepEqual(await names(administration), []);
    const report = await administration.importPack({ archive: packArchive(), ...HOW });
    assert.equal(report.stored, true);
    assert.deepEqual(report.changes, preview.changes);
    assert.deepEqual(await names(administration), ALL);
    assert.deepEqual(
      report.needs.map(({ kind, name, value, isSet }) => [kind, name, value, isSet]),
      [
        ['setting', 'parcel_url', 'https://parcel.example.com', false],
        ['secret', 'parcel-key', undefined, false],
      ],
    );
    const [pack] = await administration.packs();
    assert.equal(pack?.version, '1.0.0');
    assert.equal(pack?.imported?.by, 'anna');
    const again = await administration.importPack({ archive: packArchive(), ...HOW });
    assert.equal(again.stored, false, 'nothing differs');
  });

  it('gives settings the offered values by choice, and none that has one', async (t) => {
    const administration = await open(t);
    await administration.importPack({ archive: packArchive(), ...HOW, withValues: true });
    assert.equal((await administration.settings())['parcel_url'], 'https://parcel.example.com');
    await administration.setSetting({ name: 'parcel_url', value: 'http://own' });
    const other = packArchive(packDocument((text) => text.replace('1.0.0', '1.1.0')));
    await administration.importPack({ archive: other, ...HOW, withValues: true });
    assert.equal((await administration.settings())['parcel_url'], 'http://own');
  });

  it('replaces what was changed here only when told to', async (t) => {
    const administration = await open(t);
    await administration.importPack({ archive: packArchive(), ...HOW });
    await applyOwn(administration);
    const newer = packArchive({
      ...packDocument((text) => text.replace('1.0.0', '1.1.0')),
      'maps/send.xml': packFiles()['maps/send.xml']?.replace('/parcels', '/v2/parcels'),
    });
    const refused = await administration.importPack({ archive: newer, ...HOW });
    assert.deepEqual([refused.needsOverwrite, refused.stored], [true, false]);
    assert.deepEqual(refused.changedHere, [{ kind: 'map', name: 'parcel-send', pack: undefined }]);
    assert.equal((await administration.packs())[0]?.version, '1.0.0');
    const { contents } = await administration.pack({ name: 'parcel' });
    assert.deepEqual(
      contents.map(({ name, state }) => `${name} ${state}`),
      ['parcel as-imported', 'parcel-send changed'],
    );
    const done = await administration.importPack({ archive: newer, ...HOW, overwrite: true });
    assert.equal(done.stored, true);
    assert.equal(done.before, '1.0.0');
    const map = await administration.libraryDocument({ kind: 'map', name: 'parcel-send' });
    assert.ok(map.text.includes('/v2/parcels'));
  });

  it('changes what it brought itself, and takes away what it no longer brings', async (t) => {
    const administration = await open(t);
    await administration.importPack({ archive: packArchive(), ...HOW });
    const smaller = packArchive({
      ...packDocument((text) =>
        text.replace('1.0.0', '2.0.0').replace('  <document kind="map" name="parcel-send"/>\n', ''),
      ),
      'maps/send.xml': undefined,
      'tests/send.test.xml': undefined,
      'parcel.xml': packFiles()['parcel.xml']?.replace('name="Key"', 'name="X-Key"'),
    });
    const report = await administration.importPack({ archive: smaller, ...HOW });
    assert.deepEqual(report.changedHere, []);
    assert.deepEqual(report.changes.map(({ name, change }) => `${name} ${change}`).toSorted(), [
      'parcel changed',
      'parcel changed',
      'parcel-send removed',
    ]);
    assert.deepEqual(await names(administration), ['pack parcel', 'service parcel']);
  });

  const wrong: readonly (readonly [string, Readonly<Record<string, string | undefined>>, string])[] = [
    [
      'a document that is not listed',
      packDocument((text) => text.replace(/ {2}<document kind="map".*\n/u, '')),
      'PACK_DOCUMENT_UNLISTED',
    ],
    ['a line without document', { 'maps/send.xml': undefined }, 'PACK_DOCUMENT_MISSING'],
    [
      'a document with errors',
      { 'maps/send.xml': '<map xmlns="urn:mapwright:1" name="parcel-send"/>' },
      'DOCUMENT_ELEMENT_MISSING',
    ],
    ['a picture that runs', { 'parcel.svg': '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>' }, 'PACK_PICTURE'],
    [
      'a setting of the install',
      packDocument((text) => text.replace('name="parcel_url"', 'name="egress.allow"')),
      'PACK_SETTING_RESERVED',
    ],
  ];
  for (const [what, files, code] of wrong) {
    it(`changes nothing when there is ${what}`, async (t) => {
      const administration = await open(t);
      const report = await administration.importPack({ archive: packArchive(files), ...HOW, overwrite: true });
      assert.equal(report.stored, false);
      assert.ok(
        report.diagnostics.some((one) => one.severity === 'error' && one.code === code),
        JSON.stringify(report.diagnostics),
      );
      assert.deepEqual(await names(administration), []);
    });
  }

  it('refuses what is no pack', async (t) => {
    const administration = await open(t);
    const archive = packArchive({ 'pack.xml': undefined });
    await assert.rejects(administration.importPack({ archive, ...HOW }), { code: 'PACK_MISSING' });
    await assert.rejects(administration.importPack({ archive: 'AAAA', ...HOW }), { code: 'PACK_ARCHIVE' });
    await assert.rejects(administration.importPack({ shipped: 'parcels', ...HOW }), { code: 'PACK_UNKNOWN' });
    await assert.rejects(administration.importPack(HOW), { code: 'PACK_MISSING' });
  });

  for (const [moment, expected] of [
    ['before', []],
    ['after', ALL],
  ] as const) {
    it(`leaves all or nothing when it is killed right ${moment} storing`, async (t) => {
      const test = await TestInstall.open(t, { documents: [], worker: false });
      await test.close();
      const program = fileURLToPath(new URL('import-pack-and-die.ts', import.meta.url));
      const child = spawn(process.execPath, [program, test.folder, packArchive(), moment], { stdio: 'inherit' });
      const [, signal] = await once(child, 'exit');
      assert.equal(signal, 'SIGKILL');
      await test.reopen({ worker: false });
      const { administration } = test.install;
      assert.deepEqual(await names(administration), expected);
      assert.equal((await administration.settings())['parcel_url'], undefined);
      const again = await administration.importPack({ archive: packArchive(), ...HOW, withValues: true });
      assert.equal(again.stored, expected.length === 0);
      assert.equal((await administration.settings())['parcel_url'], 'https://parcel.example.com', 'it goes on there');
    });
  }
});

describe('packs that come with the program', () => {
  it('are all importable side by side', async (t) => {
    const administration = await open(t);
    const available = await administration.availablePacks();
    assert.ok(available.length >= 5);
    for (const { name } of available) {
      const report = await administration.importPack({ shipped: name, ...HOW });
      assert.deepEqual(
        [report.stored, report.diagnostics.filter(({ severity }) => severity === 'error')],
        [true, []],
        name,
      );
    }
    assert.equal((await administration.packs()).length, available.length);
    for (const { name } of available) {
      const removed = await administration.removePack({ name, force: false, dryRun: false, by: 'anna' });
      assert.deepEqual([removed.broken, removed.stored], [[], true], name);
    }
    assert.deepEqual(await names(administration), []);
  });
});

describe('exporting a pack', () => {
  const read = async (archive: string): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      (await readArchive(Buffer.from(archive, 'base64'))).map(({ path, bytes }) => [
        path,
        Buffer.from(bytes).toString(),
      ]),
    );

  it('gives one that imports elsewhere, the same bytes each time, without values and secrets', async (t) => {
    const administration = await open(t);
    await administration.importPack({ archive: packArchive(), ...HOW });
    await administration.setSetting({ name: 'parcel_url', value: 'https://canary.example.com' });
    await administration.setSecret({ name: 'parcel-key', value: 'canary-secret', by: 'anna' });
    const made = await administration.exportPack({ pack: 'parcel', withValues: false });
    assert.equal(made.file, 'parcel-1.0.0.zip');
    assert.equal((await administration.exportPack({ pack: 'parcel', withValues: false })).archive, made.archive);
    const files = await read(made.archive);
    assert.deepEqual(Object.keys(files).toSorted(), [
      'maps/parcel-send.xml',
      'pack.xml',
      'parcel.svg',
      'services/parcel.xml',
    ]);
    assert.ok(!JSON.stringify(files).includes('canary'));
    const elsewhere = await open(t);
    assert.equal((await elsewhere.importPack({ archive: made.archive, ...HOW })).stored, true);
    assert.deepEqual(await names(elsewhere), ALL);
    assert.equal((await elsewhere.picture({ name: 'parcel.svg' })).type, 'image/svg+xml');
    const valued = await read((await administration.exportPack({ pack: 'parcel', withValues: true })).archive);
    assert.ok(valued['pack.xml']?.includes('https://canary.example.com'));
    assert.ok(!JSON.stringify(valued).includes('canary-secret'));
  });

  it('takes a service with its maps and what those need', async (t) => {
    const administration = await open(t);
    const documents = [
      { file: 'a.xml', text: '<service xmlns="urn:mapwright:1" name="a" url="https://a.example.com" credential="c"/>' },
      {
        file: 'c.xml',
        text: '<credential xmlns="urn:mapwright:1" name="c" kind="api-key"><key secret="k"/></credential>',
      },
      {
        file: 'm.xml',
        text: '<map xmlns="urn:mapwright:1" name="m" service="a"><call method="POST"><look map="l" found="true"/></call></map>',
      },
      { file: 'l.xml', text: '<map xmlns="urn:mapwright:1" name="l" service="b"><call method="GET"/></map>' },
      { file: 'b.xml', text: '<service xmlns="urn:mapwright:1" name="b" url="https://b.example.com"/>' },
      { file: 'o.xml', text: '<service xmlns="urn:mapwright:1" name="other" url="https://o.example.com"/>' },
    ];
    const applied = await administration.apply({ documents, prune: false, dryRun: false, by: 'anna' });
    assert.deepEqual(
      applied.diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
    const made = await administration.exportPack({ service: 'a', name: 'ours', withValues: false });
    assert.deepEqual(
      made.contents.map(({ kind, name }) => `${kind} ${name}`),
      ['service a', 'service b', 'credential c', 'map l', 'map m'],
    );
    assert.deepEqual(
      made.needs.map(({ kind, name }) => `${kind} ${name}`),
      ['secret k'],
    );
    const elsewhere = await open(t);
    const report = await elsewhere.importPack({ archive: made.archive, ...HOW });
    assert.deepEqual([report.stored, report.pack.name], [true, 'ours']);
    await assert.rejects(administration.exportPack({ pack: 'x', withValues: false }), { code: 'PACK_UNKNOWN' });
    await assert.rejects(administration.exportPack({ service: 'x', withValues: false }), { code: 'DOCUMENT_UNKNOWN' });
    await assert.rejects(administration.exportPack({ withValues: false }), { code: 'PACK_NOTHING_NAMED' });
  });
});

describe('removing a pack', () => {
  it('tells what needs it, leaves what another pack brings, and can be undone', async (t) => {
    const administration = await open(t);
    await administration.importPack({ archive: packArchive(), ...HOW });
    const sharing = `<pack xmlns="urn:mapwright:1" name="sharing" version="1"><document kind="service" name="parcel"/></pack>`;
    await administration.apply({
      documents: [{ file: 'sharing.xml', text: sharing }],
      prune: false,
      dryRun: false,
      by: 'anna',
    });
    await applyOwn(administration);
    const how = { name: 'parcel', force: false, dryRun: false, by: 'anna' };
    const report = await administration.removePack(how);
    assert.deepEqual(report.changedHere, [{ kind: 'map', name: 'parcel-send' }]);
    assert.deepEqual(await names(administration), ['pack sharing', 'service parcel']);
    await administration.undeleteDocuments({ revision: report.revision, by: 'anna' });
    assert.equal((await names(administration)).length, 4);
    await assert.rejects(administration.removePack({ ...how, name: 'x' }), { code: 'PACK_UNKNOWN' });
  });
});
