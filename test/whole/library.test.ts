import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Administration } from '../../src/runtime/administration.ts';
import { TestInstall } from './install-fixture.ts';
import { nativeDocument } from './documents.ts';
import { WAREHOUSE } from './library-documents.ts';
import { until } from './poll.ts';

const BY = { by: 'anna' };
const BY_HAND = nativeDocument(
  'workflow',
  'name="by-hand"',
  '<trigger on="manual"/><tasks><webservice id="send" map="order-send"/></tasks>',
);

async function open(t: Parameters<typeof TestInstall.open>[0]): Promise<Administration> {
  const test = await TestInstall.open(t, { documents: WAREHOUSE, worker: false });
  return test.install.administration;
}

async function names(administration: Administration, filter: object): Promise<string[]> {
  const { items } = await administration.library({ ...filter, limit: 100 });
  return items.map(({ kind, name }) => `${kind} ${name}`);
}

describe('documents in force', () => {
  it('are found by a word, whatever its case and accents, by kind and by service', async (t) => {
    const administration = await open(t);
    assert.deepEqual(await names(administration, { search: 'GROSSE' }), ['service warehouse']);
    assert.deepEqual(await names(administration, { search: 'order rest' }), ['map order-send']);
    assert.deepEqual(await names(administration, { search: 'nowhere' }), []);
    assert.deepEqual(await names(administration, { service: 'warehouse' }), ['map order-send', 'map stock-read']);
    assert.deepEqual(await names(administration, { kind: 'workflow' }), ['workflow nightly']);
  });

  it('are listed with the beginning of a long description, and searched in all of it', async (t) => {
    const administration = await open(t);
    const text = nativeDocument(
      'map',
      'name="long" service="warehouse"',
      `<description>${'螺'.repeat(5_000)} needle</description><call method="GET"/>`,
    );
    await administration.apply({ documents: [text], prune: false, dryRun: false, by: 'test' });
    const { items } = await administration.library({ search: 'needle', limit: 5 });
    assert.deepEqual(
      items.map(({ name, description }) => [name, description?.length]),
      [['long', 300]],
    );
    const whole = await administration.libraryDocument({ kind: 'map', name: 'long' });
    assert.equal(whole.description?.length, 5_007);
  });

  it('are listed page by page, each once', async (t) => {
    const administration = await open(t);
    const all: string[] = [];
    let after: string | undefined;
    do {
      const page = await administration.library({ after, limit: 2 });
      assert.equal(page.total, 5);
      all.push(...page.items.map(({ kind, name }) => `${kind} ${name}`));
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(all, await names(administration, {}));
    assert.equal(new Set(all).size, 5);
  });

  it('are told of with product, limits, error plan, what weakens them and who changed them', async (t) => {
    const administration = await open(t);
    await administration.setSecret({ name: 'warehouse-key', value: 'k', by: 'anna' });
    const service = await administration.libraryDocument({ kind: 'service', name: 'warehouse' });
    const facts = Object.fromEntries(service.facts.map(({ name, value }) => [name, value]));
    assert.equal(facts['Product'], 'WMS');
    assert.equal(facts['API version'], '2');
    assert.equal(facts['Limits'], '4 at once, 60 a minute');
    assert.equal(facts['TLS'], 'NOT VERIFIED');
    assert.equal(service.weaknesses.length, 1);
    assert.match(service.errorPlan ?? '', /^Up to 3 more tries, 1 min apart/u);
    assert.deepEqual(service.logo, { name: 'warehouse.svg', isThere: false, pack: undefined });
    assert.deepEqual(service.changed?.by, 'test');
    assert.deepEqual(service.settings, [{ name: 'warehouse_url', isSet: false }]);
    assert.deepEqual(service.uses, [{ kind: 'credential', name: 'warehouse-key' }]);
    assert.equal(service.usedBy.length, 2);
    const credential = await administration.libraryDocument({ kind: 'credential', name: 'warehouse-key' });
    assert.deepEqual(credential.secrets, [{ name: 'warehouse-key', isSet: true }]);
    // Of a file that holds several documents only the one that was asked for.
    assert.ok(!credential.text.includes('<service'));
    const [map] = (await administration.library({ search: 'stock-read', limit: 1 })).items;
    assert.equal(map?.weaknesses.length, 1, 'a map has the weaknesses of its service');
    await assert.rejects(administration.libraryDocument({ kind: 'map', name: 'x' }), { code: 'DOCUMENT_UNKNOWN' });
  });
});

describe('removing documents', () => {
  const service = [{ kind: 'service', name: 'warehouse' }];
  const how = { force: false, dryRun: false, ...BY };

  it('is refused with a list of what would break, and does all of it with force', async (t) => {
    const administration = await open(t);
    const refused = await administration.removeDocuments({ documents: service, ...how });
    assert.equal(refused.needsForce, true);
    assert.equal(refused.stored, false);
    assert.deepEqual(
      refused.broken.map(({ kind, name, code }) => `${kind} ${name} ${code}`),
      ['map order-send SERVICE_UNKNOWN', 'map stock-read SERVICE_UNKNOWN', 'workflow nightly MAP_UNKNOWN'],
    );
    assert.equal((await names(administration, {})).length, 5);
    const looked = await administration.removeDocuments({ documents: service, ...how, force: true, dryRun: true });
    assert.equal(looked.stored, false);
    assert.deepEqual(looked.schedules, ['nightly']);
    const removed = await administration.removeDocuments({ documents: service, ...how, force: true });
    assert.equal(removed.stored, true);
    assert.deepEqual(await names(administration, {}), ['credential warehouse-key']);
    const undone = await administration.undeleteDocuments({ revision: removed.revision, ...BY });
    assert.equal(undone.documents.length, 4);
    assert.equal((await names(administration, {})).length, 5);
    await assert.rejects(administration.undeleteDocuments({ revision: removed.revision, ...BY }), {
      code: 'DOCUMENT_NOTHING_REMOVED',
    });
  });

  it('tells of runs that have not ended, and takes nothing that is not there', async (t) => {
    const administration = await open(t);
    await administration.apply({
      documents: [BY_HAND],
      prune: false,
      dryRun: false,
      by: 'test',
    });
    await administration.start({ workflow: 'by-hand', waitMs: 0, by: 'admin' });
    const report = await administration.removeDocuments({ documents: [{ kind: 'workflow', name: 'by-hand' }], ...how });
    assert.deepEqual(report.unfinished, [{ workflow: 'by-hand', runs: 1 }]);
    assert.equal(report.needsForce, true);
    await assert.rejects(administration.removeDocuments({ documents: [{ kind: 'map', name: 'order-sent' }], ...how }), {
      code: 'DOCUMENT_UNKNOWN',
    });
  });

  it('lets runs end with the documents that they began with', async (t) => {
    const test = await TestInstall.open(t, { documents: [...WAREHOUSE, BY_HAND], worker: false });
    const { administration } = test.install;
    await administration.setSetting({ name: 'warehouse_url', value: 'http://127.0.0.1:9' });
    await administration.setSecret({ name: 'warehouse-key', value: 'k', by: 'anna' });
    const { runs } = await administration.start({ workflow: 'by-hand', waitMs: 0, by: 'admin' });
    const [accepted] = runs;
    const removed = await administration.removeDocuments({ documents: service, ...how, force: true });
    assert.deepEqual(removed.unfinished, [{ workflow: 'by-hand', runs: 1 }]);
    assert.deepEqual(await names(administration, { kind: 'workflow' }), []);
    await test.install.startWorker();
    const asked = await until('the call is made as the removed map says', async () => {
      const { steps } = await administration.run({ id: accepted?.id ?? 0 });
      return steps.find(({ failure }) => failure !== undefined);
    });
    assert.deepEqual([asked.task, asked.failure?.code], ['send', 'CALL_REFUSED']);
    await administration.cancel({ id: accepted?.id ?? 0, by: 'admin', reason: 'seen' });
    await assert.rejects(administration.start({ workflow: 'by-hand', waitMs: 0, by: 'admin' }), {
      code: 'WORKFLOW_UNKNOWN',
    });
  });

  it('goes one at a time: of two at once both are done or one is told', async (t) => {
    const administration = await open(t);
    const remove = (name: string) => administration.removeDocuments({ documents: [{ kind: 'map', name }], ...how });
    const outcomes = await Promise.allSettled([remove('order-send'), remove('order-send')]);
    const done = outcomes.filter(({ status }) => status === 'fulfilled');
    const codes = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    assert.equal(done.length, 1);
    assert.ok(['DOCUMENTS_CHANGED', 'DOCUMENT_UNKNOWN'].includes(codes[0]), codes[0]);
  });
});

describe('copying a document', () => {
  it('puts it under another name into force, and nothing else of its file', async (t) => {
    const administration = await open(t);
    await administration.copyDocument({ kind: 'service', name: 'warehouse', to: 'warehouse-test', ...BY });
    const copy = await administration.libraryDocument({ kind: 'service', name: 'warehouse-test' });
    assert.equal(copy.label, 'Lager Größe');
    assert.equal(copy.changed?.by, 'anna');
    assert.equal((await names(administration, {})).length, 6);
  });

  it('switches the copy of a workflow off', async (t) => {
    const administration = await open(t);
    await administration.copyDocument({ kind: 'workflow', name: 'nightly', to: 'nightly-2', ...BY });
    assert.deepEqual(
      (await administration.schedules()).map(({ name }) => name),
      ['nightly'],
    );
  });

  it('switches it off where the original says in so many words that it is active, wherever it says so', async (t) => {
    const administration = await open(t);
    const rest = '<trigger on="manual"/><tasks><end id="e"/></tasks></workflow>';
    const documents = [
      { file: 'a.xml', text: `<workflow xmlns="urn:mapwright:1" name="before" active="true">${rest}` },
      { file: 'b.xml', text: `<workflow active='true' xmlns="urn:mapwright:1" name='behind'>${rest}` },
    ];
    await administration.apply({ documents, prune: false, dryRun: false, by: 'test' });
    for (const name of ['before', 'behind']) {
      await administration.copyDocument({ kind: 'workflow', name, to: `${name}-2`, ...BY });
      const { facts } = await administration.libraryDocument({ kind: 'workflow', name: `${name}-2` });
      assert.ok(
        facts.some((fact) => fact.name === 'Active'),
        name,
      );
    }
  });

  it('refuses names that are taken, and such as are none', async (t) => {
    const administration = await open(t);
    const copy = (to: string) => administration.copyDocument({ kind: 'map', name: 'order-send', to, ...BY });
    await assert.rejects(copy('Stock-Read'), { code: 'DOCUMENT_EXISTS' });
    await assert.rejects(copy('../x'), { code: 'DOCUMENT_NAME_INVALID' });
    assert.equal((await names(administration, {})).length, 5);
  });
});
