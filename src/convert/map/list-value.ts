import type { LegacyPart, Parameter } from '../../document/map.ts';
import type { LegacyNode } from '../../expression/legacy/tree.ts';
import { readExpression } from '../expression/read-expression.ts';

/** Functions that give a text, whatever they are given. */
const TEXTUAL: ReadonlySet<string> = new Set(
  (
    'concat char uppercase lowercase uppercasefirst uppercasewords num2str jsonEncode implode number_format ' +
    'getCRMIDFromWSID getCurrentUserID get_date add_days sub_days add_months sub_months add_time sub_time format_date'
  ).split(' '),
);

/** Functions that give a number or a truth, or a text. */
const SCALAR: ReadonlySet<string> = new Set(
  (
    'substring stringposition stringlength regexreplace base64encode base64decode hash power log ceil floor modulo average ' +
    'AND OR NOT isNumeric isString regex getCurrentUserName getSetting getIDof getEntityType'
  ).split(' '),
);

/** True for an expression whose value is a text for certain. */
export function givesText(tree: LegacyNode): boolean {
  if (tree.kind === 'literal') return typeof tree.value === 'string';
  return tree.kind === 'related' || (tree.kind === 'call' && TEXTUAL.has(tree.name));
}

/** True for a field of a coreBOS map whose value may be a list: those go into a form in a way of their own. */
export function mayBeList({ source }: Parameter): boolean {
  return source.kind === 'parts' && source.parts.some(partMayBeList);
}

function partMayBeList({ source, text, postProcess }: LegacyPart): boolean {
  if (postProcess === 'json_decode' || source === 'rule') return true;
  const tree = source === 'expression' ? readExpression(text.value) : undefined;
  return tree !== undefined && nodeMayBeList(tree);
}

function nodeMayBeList(node: LegacyNode): boolean {
  if (node.kind === 'choice') return [...node.cases.map(({ then }) => then), node.otherwise].some(nodeMayBeList);
  if (node.kind !== 'call' || SCALAR.has(node.name) || TEXTUAL.has(node.name))
    return node.kind === 'unary' && nodeMayBeList(node.operand);
  // What the context holds is taken for a text.
  const [first] = node.arguments;
  return !(node.name === 'getFromContext' && first?.kind === 'literal');
}
