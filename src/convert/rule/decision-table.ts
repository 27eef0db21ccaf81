import { DOES_NOT_PASS } from '../../catalog/rule/hit-policy.ts';
import type { DecisionRow, DecisionTable } from '../../document/rule/rule.ts';
import { compareLoosely, type LegacyValue } from '../../expression/legacy/value.ts';
import { CannotConvert } from '../conversion.ts';
import type { NativeSource } from '../map/native-source.ts';
import type { NativeElement } from '../native-element.ts';
import { convertDecisionSearch } from './decision-search.ts';
import { EMPTY_ANSWER, isLegacy, rowParts } from './row-source.ts';
import type { RuleConversion } from './rule-conversion.ts';

const HITS = { F: 'first', U: 'unique', A: 'any', C: 'collect', R: 'collect' } as const;

/** What a decision table becomes, without its name. Throws CannotConvert. */
export function convertDecisionTable(
  conversion: RuleConversion,
  table: DecisionTable,
): Pick<NativeElement, 'attributes' | 'children'> {
  const sequences = table.rows.map(({ sequence }) => sequence);
  if (new Set(sequences).size < sequences.length) {
    throw new CannotConvert('two rules have the same sequence, and the later one takes the place of the earlier');
  }
  const { hitPolicy, aggregate } = table;
  const hit = hitPolicy === 'G' ? (aggregate ?? 'sum') : HITS[hitPolicy];
  const rows = inOrder(table).flatMap((row) => convertRow(conversion, table, row) ?? []);
  if (rows.length === 0) throw new CannotConvert('no rule of it ever gives a value');
  notePolicy(conversion, table);
  if (hitPolicy === 'F' && rows.slice(1).some(({ isSafe }) => !isSafe)) {
    const message =
      'rows behind the first that gives a value are not computed; coreBOS computes all, and fails when one does';
    conversion.note('changed', 'rule', message);
  }
  const otherwise: NativeElement = { name: 'otherwise', attributes: [['value', DOES_NOT_PASS]] };
  return { attributes: [['hit', hit]], children: [...rows.map(({ element }) => element), otherwise] };
}

/** By rule order: sequences that are whole numbers by their size. */
function inOrder({ hitPolicy, rows }: DecisionTable): readonly DecisionRow[] {
  if (hitPolicy !== 'R' || rows.length < 2) return rows;
  if (rows.some(({ test }) => test.kind === 'search')) {
    throw new CannotConvert('the order of its rules depends on how many records are found');
  }
  const key = ({ sequence }: DecisionRow): LegacyValue =>
    /^(?:0|-?[1-9]\d*)$/u.test(sequence) ? Number(sequence) : sequence;
  return rows.toSorted((a, b) => compareLoosely(key(a), key(b)) || 0);
}

interface ConvertedRow {
  readonly element: NativeElement;
  /** True when nothing in it can fail. */
  readonly isSafe: boolean;
}

function convertRow(conversion: RuleConversion, table: DecisionTable, row: DecisionRow): ConvertedRow | undefined {
  const { test, output } = row;
  const at = `row ${row.sequence === '' ? table.rows.indexOf(row) + 1 : row.sequence}`;
  if (output === undefined || (output === 'Row' && test.kind !== 'search')) {
    conversion.note('dropped', at, 'its output never gives a value');
    return undefined;
  }
  if (test.kind === 'search') {
    conversion.note('changed', at, EMPTY_ANSWER);
    const search = convertDecisionSearch(conversion, at, { search: test, output });
    return { element: { name: 'row', children: [search] }, isSafe: false };
  }
  if (output === 'crmObject') throw new CannotConvert(`${at} gives a whole record, whose id it computes`);
  if (test.kind === 'rule') {
    const name = test.name.value.trim();
    if (!conversion.known.rules.has(name)) throw new CannotConvert(`the rule ${name} is not among the documents`);
    conversion.note('changed', at, EMPTY_ANSWER);
    return { element: { name: 'row', attributes: [['rule', name]] }, isSafe: false };
  }
  const { when, source, isSafe } = rowParts({ conversion, at, text: test.text });
  if (isLegacy(source)) conversion.note('changed', at, EMPTY_ANSWER);
  return { element: elementOf(when, source), isSafe };
}

function elementOf(when: string | undefined, { attributes, child, text }: NativeSource): NativeElement {
  return {
    name: 'row',
    attributes: [...(when === undefined ? [] : [['when', when] as const]), ...attributes],
    ...(child === undefined ? {} : { children: [child] }),
    ...(text === undefined ? {} : { text }),
  };
}

function notePolicy(conversion: RuleConversion, { hitPolicy, aggregate }: DecisionTable): void {
  const note = (message: string): void => conversion.note('changed', 'rule', message);
  if (hitPolicy === 'A') {
    note('values agree when they are the same; to coreBOS 1 and 1.0 agree, and empty ones before the first filled');
  }
  if (hitPolicy !== 'G') return;
  if (aggregate === 'min' || aggregate === 'max') note('0 is a value like any other; coreBOS passes over it');
  if (aggregate !== 'count') note(`a result of 0 is given as it is; coreBOS gives ${DOES_NOT_PASS} instead`);
}
