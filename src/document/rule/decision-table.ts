import type { Located, SourceText } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { quoted } from '../../xml/problem.ts';
import { readLegacyHead } from '../corebos/document-head.ts';
import { openLegacy, type LegacyElement } from '../corebos/legacy-element.ts';
import type { Place } from '../place.ts';
import { readDecisionSearch } from './decision-search.ts';
import {
  AGGREGATES,
  type Aggregate,
  type DecisionRow,
  type DecisionTable,
  type DecisionTest,
  HIT_POLICIES,
  type HitPolicy,
  RULE_OUTPUTS,
} from './rule.ts';

const ROOT = { children: ['decision', 'hitPolicy', 'aggregate', 'rules'] } as const;
const DECISION = { children: ['hitPolicy', 'aggregate', 'rules'] } as const;
const RULES = { children: ['rule'], many: ['rule'] } as const;
const RULE = { children: ['sequence', 'expression', 'mapid', 'decisionTable', 'output'] } as const;

/** A decision table; undefined when its hit policy is not known or it has no rule. */
export function readDecisionTable(place: Place): DecisionTable | undefined {
  const outer = openLegacy(place, place.name === 'decision' ? DECISION : ROOT);
  const inner = place.name === 'decision' ? undefined : outer.child('decision');
  const open = inner === undefined ? outer : openLegacy(inner, DECISION);
  const head = readLegacyHead(place);
  const hitPolicy = readPolicy(open);
  const aggregate = hitPolicy === 'G' ? readAggregate(open) : undefined;
  const rows = readRows(open);
  if (head === undefined || hitPolicy === undefined || rows.length === 0) return undefined;
  if (hitPolicy === 'G' && aggregate === undefined) return undefined;
  return {
    kind: 'rule',
    dialect: 'corebos',
    form: 'decision-table',
    ...head,
    module: undefined,
    hitPolicy,
    aggregate,
    rows,
  };
}

function readPolicy(open: LegacyElement): HitPolicy | undefined {
  const what = 'U unique, F first, C collect, A any, R rule order, G aggregate';
  return readWord(open, { name: 'hitPolicy', words: HIT_POLICIES, hint: what });
}

function readAggregate(open: LegacyElement): Aggregate | undefined {
  return readWord(open, { name: 'aggregate', words: AGGREGATES, hint: `one of ${AGGREGATES.join(', ')}` });
}

function readWord<const T extends string>(
  open: LegacyElement,
  params: { readonly name: string; readonly words: readonly T[]; readonly hint: string },
): T | undefined {
  const { name, words, hint } = params;
  const written = open.filled(name);
  const word = words.find((one) => one === written?.value);
  if (word !== undefined) return word;
  if (written === undefined) open.at.error('COREBOS_SETTING_MISSING', `the decision has no ${name}`, hint);
  else open.at.errorAt(written, 'COREBOS_VALUE_UNKNOWN', `${quoted(written.value)} is no ${name}`, hint);
  return undefined;
}

function readRows(open: LegacyElement): DecisionRow[] {
  const list = open.child('rules');
  const places = list === undefined ? [] : openLegacy(list, RULES).children;
  const rows = places.flatMap((place) => readRow(place) ?? []);
  if (places.length === 0) {
    open.at.error('COREBOS_SETTING_MISSING', 'the decision has no rule', 'write <rules><rule>...</rule></rules>');
  }
  return rows;
}

function readRow(place: Place): DecisionRow | undefined {
  const open = openLegacy(place, RULE);
  const test = readTest(open);
  const written = open.filled('output');
  const output = RULE_OUTPUTS.find((one) => one === written?.value);
  if (output === undefined) warnOfOutput(open, written);
  if (test !== undefined) return { sequence: open.filled('sequence')?.value ?? '', output, test };
  // What is wrong in a table has been told there.
  if (open.child('decisionTable') !== undefined) return undefined;
  place.error(
    'COREBOS_RULE_EMPTY',
    'the rule has nothing to evaluate',
    'write <expression>, <mapid> or <decisionTable>',
  );
  return undefined;
}

function warnOfOutput(open: LegacyElement, written: Located<string> | undefined): void {
  const range = (written ?? { range: open.at.element.nameRange }).range;
  const hint = didYouMean(written?.value ?? '', RULE_OUTPUTS) ?? `one of ${RULE_OUTPUTS.join(', ')}`;
  const message = written === undefined ? 'the rule has no output' : `${quoted(written.value)} is no output`;
  open.at.warningAt({ range }, 'COREBOS_RULE_OUTPUT', `${message}: it never gives a value`, hint);
}

function readTest(open: LegacyElement): DecisionTest | undefined {
  const expression: SourceText | undefined = open.filled('expression');
  if (expression !== undefined) return { kind: 'expression', text: expression };
  const name = open.filled('mapid');
  if (name !== undefined) return { kind: 'rule', name };
  const search = open.child('decisionTable');
  return search === undefined ? undefined : readDecisionSearch(search);
}
