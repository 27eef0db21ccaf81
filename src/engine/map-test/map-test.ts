import type { Range } from '../../core/diagnostic.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type MapTestCase, type MapTestDocument, expectsSomething } from '../../catalog/compiled-map-test.ts';
import type { PlainTrial } from '../try-map.ts';
import { compareOutcome } from './compare-outcome.ts';
import { compareSent } from './compare-sent.ts';
import type { Correction, Difference, NewElement } from './difference.ts';
import { observedResult } from './observed-result.ts';
import { type MapTestTools, runCase } from './run-case.ts';

/** What came of one case. */
export interface CaseResult {
  readonly file: string;
  readonly map: string;
  readonly name: string;
  /** Where the case's name stands. */
  readonly range: Range;
  /** The whole `<case>`. */
  readonly caseRange: Range;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped. */
  readonly reason: string | undefined;
  /** All that a person has to know; empty unless it failed. */
  readonly differences: readonly Difference[];
  /** What would make the document say what happened; undefined where only a person can settle a difference. */
  readonly corrections: readonly (Correction | undefined)[];
  /** What to write into a case that expects nothing yet; undefined for others. */
  readonly observed: readonly NewElement[] | undefined;
}

/** Runs the cases of one document, in their order, and compares all they demand. Never rejects for what a case holds. */
export async function runMapTest(
  tools: MapTestTools,
  params: {
    readonly catalog: Catalog;
    readonly test: MapTestDocument;
    readonly isWanted: (one: MapTestCase) => boolean;
  },
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of params.test.cases.filter(params.isWanted)) results.push(await runOne(tools, params, one));
  return results;
}

async function runOne(
  tools: MapTestTools,
  { catalog, test }: { readonly catalog: Catalog; readonly test: MapTestDocument },
  one: MapTestCase,
): Promise<CaseResult> {
  const about = { file: test.file, map: test.map.value, name: one.name.value, range: one.name.range };
  const told = { ...about, caseRange: one.range, reason: one.skip, observed: undefined, corrections: [] };
  if (one.skip !== undefined) return { ...told, status: 'skipped', differences: [] };
  const map = catalog.maps.get(test.map.value);
  if (map === undefined) {
    return { ...told, status: 'failed', differences: [mapMissing(test, one)], corrections: [undefined] };
  }
  const trial = await runCase(tools, { catalog, map, one });
  if (!expectsSomething(one.expected)) {
    return { ...told, status: 'failed', differences: [nothingExpected(one)], observed: observedResult(trial) };
  }
  const all = compareCase(one, trial);
  const differences = trial.failure !== undefined && one.expected.failed === undefined ? causes(all, trial) : all;
  return {
    ...told,
    status: all.length === 0 ? 'passed' : 'failed',
    differences,
    corrections: all.map(({ correction }) => correction),
  };
}

function compareCase(one: MapTestCase, trial: PlainTrial): Difference[] {
  const { expected } = one;
  const { prepared, redactor } = trial;
  const outcome = compareOutcome({ expected, trial, name: one.name });
  if (expected.sent === undefined) return outcome;
  if (prepared === undefined) return [...outcome, nothingSent(one)];
  return [...compareSent({ expected: expected.sent, prepared, redactor }), ...outcome];
}

/** A failure that nobody expected is the cause of all that is missing after it, and told without that. */
function causes(all: readonly Difference[], { prepared }: PlainTrial): readonly Difference[] {
  const isCause = ({ kind }: Difference): boolean =>
    kind === 'outcome' || (prepared !== undefined && kind !== 'written' && kind !== 'warning');
  return all.filter(isCause);
}

function nothingSent(one: MapTestCase): Difference {
  const range = one.expected.sent?.range ?? one.range;
  return {
    kind: 'sent',
    subject: 'request',
    expected: 'a request',
    actual: undefined,
    range,
    hint: 'the map failed before there was one: remove <sent>',
    correction: { kind: 'removal', range },
  };
}

function mapMissing(test: MapTestDocument, one: MapTestCase): Difference {
  return {
    kind: 'outcome',
    subject: 'map',
    expected: `the map ${test.map.value}`,
    actual: undefined,
    range: one.name.range,
    hint: 'the map has errors, or was not given: name its file or folder too',
    correction: undefined,
  };
}

function nothingExpected(one: MapTestCase): Difference {
  return {
    kind: 'outcome',
    subject: 'case',
    expected: 'at least one expectation',
    actual: 'none',
    range: one.name.range,
    hint: 'a case that expects nothing shows nothing: --update writes down what happens',
    correction: undefined,
  };
}
