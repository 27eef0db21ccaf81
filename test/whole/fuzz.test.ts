import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEGACY_FUNCTION_NAMES } from '../../src/expression/legacy/functions/registry.ts';
import { digestOf, openStockedInstall } from '../../tools/fuzz/areas/stocked-install.ts';
import { AREA_NAMES, type AreaName, loadArea } from '../../tools/fuzz/areas.ts';
import { runFuzz } from '../../tools/fuzz/fuzz-run.ts';
import { givenTo } from '../../tools/fuzz/generate/legacy-calls.ts';
import { renderFailure } from '../../tools/fuzz/report.ts';
import { temporaryFolder } from './command-line.ts';

const SEED = 20_260_301;
/** Enough to see that each area works; `npm run fuzz` looks for what is new. */
const ROUNDS: Readonly<Record<AreaName, number>> = {
  documents: 1000,
  expressions: 1000,
  'legacy-expressions': 1000,
  templates: 1500,
  conditions: 1000,
  'legacy-templates': 1000,
  'business-maps': 750,
  queries: 1000,
  requests: 500,
  answers: 750,
  soap: 750,
  php: 1000,
  'workflow-exports': 150,
};
/** An area of which less is accepted tries the door only. */
const LEAST_ACCEPTED = 0.1;

for (const name of AREA_NAMES) {
  test(`generated ${name}: every promise is kept`, async (t) => {
    const source = await loadArea(name);
    const failures: string[] = [];
    const [verdict] = await runFuzz({
      sources: [source],
      seed: SEED,
      from: 0,
      to: ROUNDS[name],
      save: await temporaryFolder(t),
      onFailure: (failure, savedAs) => failures.push(renderFailure(failure, savedAs)),
    });
    assert.equal(failures.join('\n'), '');
    assert.equal(verdict?.complete, true);
    const { accepted, refused, rounds } = verdict;
    assert.deepEqual([accepted + refused, rounds], [ROUNDS[name], ROUNDS[name]]);
    assert.ok(accepted > ROUNDS[name] * LEAST_ACCEPTED && refused > 0, `${accepted} accepted, ${refused} refused`);
  });
}

test('every function of the legacy language is generated with what it takes', () => {
  assert.deepEqual(
    LEGACY_FUNCTION_NAMES.filter((name) => givenTo(name) === undefined),
    [],
  );
});

test('the audit notices a row that was changed, in the tables it looks at', async (t) => {
  const { install, folder, close } = await openStockedInstall();
  t.after(close);
  const isLedger = (table: string): boolean => table === 'm_Ledger';
  const [all, ledger] = [digestOf(folder), digestOf(folder, isLedger)];
  assert.equal(digestOf(folder), all);
  await install.crm.create({ actor: { user: '19x1' }, module: 'Products', element: { productname: 'Bolt' } });
  assert.notEqual(digestOf(folder), all);
  assert.equal(digestOf(folder, isLedger), ledger);
  await install.crm.create({ actor: { user: '19x1' }, module: 'Ledger', element: { entry: 'Entry' } });
  assert.notEqual(digestOf(folder, isLedger), ledger);
});
