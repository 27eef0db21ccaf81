import type { SourceText } from '../../core/diagnostic.ts';
import { trimSource } from '../../xml/source-text.ts';
import { readLegacyHead } from '../corebos/document-head.ts';
import { openLegacy } from '../corebos/legacy-element.ts';
import type { Place } from '../place.ts';
import type { ConditionExpression } from './rule.ts';

const MAP = { children: ['expression', 'function', 'template'] } as const;
const TEXT = { children: [], text: true } as const;
const FUNCTION = { children: ['name', 'parameters'] } as const;
const PARAMETERS = { children: ['parameter'], many: ['parameter'] } as const;

/** A condition expression; undefined when it says nothing (COREBOS_RULE_EMPTY). Of several forms the original's first counts. */
export function readConditionExpression(place: Place): ConditionExpression | undefined {
  const open = openLegacy(place, MAP);
  const expression = textOf(open.child('expression'));
  const call = open.child('function');
  const source = expression ?? (call === undefined ? undefined : readFunction(call));
  const template = open.child('template');
  const head = readLegacyHead(place);
  const found = source ?? (template === undefined ? undefined : readTemplate(template));
  if (found === undefined) place.error('COREBOS_RULE_EMPTY', 'the rule has nothing to evaluate', HINT);
  return head === undefined || found === undefined
    ? undefined
    : { kind: 'rule', dialect: 'corebos', form: 'condition-expression', ...head, module: undefined, source: found };
}

const HINT = 'write <expression>, <template> or <function>';

type Source = Exclude<ConditionExpression['source'], { readonly kind: 'value' }>;

function textOf(place: Place | undefined): Source | undefined {
  const text = place === undefined ? undefined : trimSource(readText(place));
  return text === undefined || text.value === '' ? undefined : { kind: 'expression', text };
}

/** A template keeps the blanks around it. */
function readTemplate(place: Place): Source | undefined {
  const text = readText(place);
  return text.value.trim() === '' ? undefined : { kind: 'template', text };
}

function readFunction(place: Place): Source | undefined {
  const open = openLegacy(place, FUNCTION);
  const name = open.filled('name');
  const list = open.child('parameters');
  const parameters = list === undefined ? [] : openLegacy(list, PARAMETERS).children.map((one) => readText(one).value);
  return name === undefined ? undefined : { kind: 'function', name, parameters };
}

function readText(place: Place): SourceText {
  openLegacy(place, TEXT);
  return place.element.text();
}
