import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';

const MAPS = 5_000;
const RARE = 500;

function numbered(index: number): string {
  return String(index).padStart(4, '0');
}

/** Two services, 5,000 maps, each tenth of the second service, a workflow over one of those. */
function manyMaps(): SourceFile[] {
  const maps = Array.from({ length: MAPS }, (_, index) =>
    nativeDocument(
      'map',
      `name="m${numbered(index)}" label="Größe ${numbered(index)}" service="${index % 10 === 0 ? 'rare' : 'usual'}"`,
      `<call method="POST" path="/x/${index}"/><parameters><parameter name="a" jsonata="${index} + 1"/></parameters>`,
    ),
  );
  return [
    nativeDocument('service', 'name="usual" url="https://usual.example.com"', ''),
    nativeDocument('service', 'name="rare" url="https://rare.example.com"', ''),
    nativeDocument('workflow', 'name="w"', '<trigger on="manual"/><tasks><webservice id="a" map="m0010"/></tasks>'),
    ...maps,
  ];
}

it('5,000 maps are listed page by page, searched, removed with what breaks, and put back', async (t) => {
  const { administration } = (await TestInstall.open(t, { documents: manyMaps(), worker: false })).install;
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const page = await administration.library({ kind: 'map', after, limit: 500 });
    assert.equal(page.total, MAPS);
    for (const { name } of page.items) seen.add(name);
    after = page.next;
  } while (after !== undefined);
  assert.equal(seen.size, MAPS);
  const found = await administration.library({ search: 'GROSSE 4321 usual', limit: 50 });
  assert.deepEqual(
    found.items.map(({ name }) => name),
    ['m4321'],
  );
  assert.equal((await administration.libraryDocument({ kind: 'service', name: 'rare' })).usedBy.length, RARE);
  const removal = { documents: [{ kind: 'service', name: 'rare' }], dryRun: false, by: 'anna' };
  const refused = await administration.removeDocuments({ ...removal, force: false });
  assert.deepEqual([refused.broken.length, refused.stored], [RARE + 1, false]);
  const removed = await administration.removeDocuments({ ...removal, force: true });
  assert.equal(removed.removed.length, RARE + 2);
  assert.equal((await administration.library({ limit: 1 })).total, MAPS - RARE + 1);
  const undone = await administration.undeleteDocuments({ revision: removed.revision, by: 'anna' });
  assert.equal(undone.documents.length, RARE + 2);
  await assert.rejects(administration.exportPack({ service: 'usual', withValues: false }), { code: 'PACK_TOO_LARGE' });
});
