import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Administration } from '../../src/runtime/administration.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';
import { temporaryFolder } from './command-line.ts';
import { packArchive, packDocument, packFiles } from './pack-documents.ts';

const HOW = { overwrite: false, withValues: false, dryRun: false, by: 'anna' };
const MAP = { kind: 'map', name: 'parcel-send' };

/** The pack in another version, with another map. */
function version(number: string, path = '/parcels'): string {
  return packArchive({
    ...packDocument((text) => text.replace('1.0.0', number)),
    'maps/send.xml': packFiles()['maps/send.xml']?.replace('/parcels', path),
  });
}

async function changeMap(administration: Administration, path: string): Promise<void> {
  const { text, file } = await administration.libraryDocument(MAP);
  const documents = [{ file, text: text.replace(/path="[^"]*"/u, `path="${path}"`) }];
  await administration.apply({ documents, prune: false, dryRun: false, by: 'bert' });
}

async function states(administration: Administration): Promise<string[]> {
  return (await administration.pack({ name: 'parcel' })).contents.map(({ name, state }) => `${name} ${state}`);
}

async function refusesToReplace(administration: Administration, archive: string): Promise<void> {
  const report = await administration.importPack({ archive, ...HOW });
  assert.deepEqual([report.needsOverwrite, report.stored], [true, false]);
  assert.deepEqual(report.changedHere, [{ ...MAP, pack: undefined }]);
}

/** What holds of packs and documents on whatever database. */
const STORIES: Readonly<Record<string, (administration: Administration) => Promise<void>>> = {
  async 'keeps what was changed here through a removal that was undone'(administration) {
    await administration.importPack({ archive: packArchive(), ...HOW });
    await changeMap(administration, '/mine');
    const { revision } = await administration.removePack({ name: 'parcel', force: false, dryRun: false, by: 'anna' });
    await administration.undeleteDocuments({ revision, by: 'anna' });
    assert.deepEqual(await states(administration), ['parcel as-imported', 'parcel-send changed']);
    await refusesToReplace(administration, version('1.1.0', '/v2'));
  },
  async 'keeps what was changed here together with the pack document'(administration) {
    await administration.importPack({ archive: packArchive(), ...HOW });
    const pack = await administration.libraryDocument({ kind: 'pack', name: 'parcel' });
    const map = await administration.libraryDocument(MAP);
    const documents = [
      { file: pack.file, text: pack.text.replace('Parcels', 'Our parcels') },
      { file: map.file, text: map.text.replace('/parcels', '/mine') },
    ];
    await administration.apply({ documents, prune: false, dryRun: false, by: 'bert' });
    await refusesToReplace(administration, version('1.1.0', '/v2'));
  },
  async 'takes a pack whose author changes it again and again without another version'(administration) {
    for (const path of ['/a', '/b', '/c', '/a']) {
      const report = await administration.importPack({ archive: version('1.0.0', path), ...HOW });
      assert.deepEqual([report.needsOverwrite, report.stored], [false, true], path);
      assert.deepEqual(await states(administration), ['parcel as-imported', 'parcel-send as-imported']);
    }
    const again = await administration.importPack({ archive: version('1.0.0', '/a'), ...HOW });
    assert.equal(again.stored, false);
  },
  async 'tells of a version that is older'(administration) {
    await administration.importPack({ archive: version('1.10.0'), ...HOW });
    const back = await administration.importPack({ archive: version('1.9.0', '/old'), ...HOW });
    assert.deepEqual([back.isOlder, back.before, back.stored], [true, '1.10.0', true]);
    const forth = await administration.importPack({ archive: version('1.10.0'), ...HOW });
    assert.deepEqual([forth.isOlder, forth.stored], [false, true]);
  },
  async 'replaces what another pack brings by choice only, and says whose it is'(administration) {
    await administration.importPack({ archive: packArchive(), ...HOW });
    const archive = packArchive({
      ...packDocument((text) => text.replace('name="parcel" label', 'name="other" label')),
      'maps/send.xml': packFiles()['maps/send.xml']?.replace('/parcels', '/other'),
    });
    const refused = await administration.importPack({ archive, ...HOW });
    assert.deepEqual([refused.changedHere, refused.stored], [[{ ...MAP, pack: 'parcel' }], false]);
    const done = await administration.importPack({ archive, ...HOW, overwrite: true });
    assert.equal(done.stored, true);
    assert.deepEqual(await states(administration), ['parcel as-imported', 'parcel-send changed']);
    const removed = await administration.removePack({ name: 'other', force: false, dryRun: false, by: 'anna' });
    assert.deepEqual(removed.removed, [{ kind: 'pack', name: 'other' }], 'the rest is still brought by the first');
  },
  async 'is imported once when two import it at once'(administration) {
    const one = () => administration.importPack({ archive: packArchive(), ...HOW });
    const outcomes = await Promise.allSettled([one(), one()]);
    const stored = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.stored);
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    assert.equal(stored.length, 1);
    assert.ok(
      codes.every((code) => code === 'DOCUMENTS_CHANGED'),
      String(codes),
    );
    assert.equal((await administration.status()).revision, 1);
  },
  async 'is not imported over what was not looked at'(administration) {
    const preview = await administration.importPack({ archive: packArchive(), ...HOW, dryRun: true });
    await administration.importPack({ archive: version('0.1.0'), ...HOW });
    await assert.rejects(administration.importPack({ archive: packArchive(), ...HOW, basedOn: preview.revision }), {
      code: 'DOCUMENTS_CHANGED',
    });
  },
  async 'gives settings their values later too, when the documents are there'(administration) {
    await administration.importPack({ archive: packArchive(), ...HOW });
    const report = await administration.importPack({ archive: packArchive(), ...HOW, withValues: true });
    assert.deepEqual(report.values, [{ name: 'parcel_url', value: 'https://parcel.example.com' }]);
    assert.equal(report.stored, false);
    assert.equal((await administration.settings())['parcel_url'], 'https://parcel.example.com');
    const again = await administration.importPack({ archive: packArchive(), ...HOW, withValues: true });
    assert.deepEqual(again.values, []);
  },
  async 'comes back after more changes, and what was made anew meanwhile stays'(administration) {
    await administration.importPack({ archive: packArchive(), ...HOW });
    const { revision } = await administration.removePack({ name: 'parcel', force: false, dryRun: false, by: 'anna' });
    const service = '<service xmlns="urn:mapwright:1" name="parcel" url="https://new.example.com"/>';
    const documents = [{ file: 'new.xml', text: service }];
    await administration.apply({ documents, prune: false, dryRun: false, by: 'bert' });
    const undone = await administration.undeleteDocuments({ revision, by: 'anna' });
    assert.deepEqual(undone.documents, [MAP, { kind: 'pack', name: 'parcel' }]);
    const now = await administration.libraryDocument({ kind: 'service', name: 'parcel' });
    assert.equal(now.text, service);
    assert.deepEqual(await states(administration), ['parcel changed', 'parcel-send as-imported']);
  },
};

async function openOn(t: TestContext, database: string | undefined): Promise<Administration> {
  const folder = await temporaryFolder(t);
  const install = await openInstall({ folder, env: {}, ...(database === undefined ? {} : { database }) });
  t.after(async () => {
    await install.close();
    if (database !== undefined) await dropDatabase(database);
  });
  return install.administration;
}

for (const [where, database] of [
  ['SQLite', async () => undefined],
  ['PostgreSQL', emptyDatabase],
] as const) {
  describe(`a pack on ${where}`, () => {
    for (const [what, story] of Object.entries(STORIES)) {
      it(what, async (t) => story(await openOn(t, await database())));
    }
  });
}
