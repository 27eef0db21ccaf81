import fc from 'fast-check';
import type { XmlElement } from '../../src/xml/element.ts';
import { escapeAttribute, escapeText } from '../../src/xml/escape.ts';
import { parseXml } from '../../src/xml/parse.ts';

interface Node {
  name: string;
  attributes: Map<string, string>;
  text: string;
  children: Node[];
}

const VALUES = [
  '',
  ' ',
  'true',
  'false',
  'yes',
  '1',
  '0',
  '10s',
  '5',
  'GET',
  'json',
  'a b',
  'x',
  'owner',
  '2xx',
  'empty',
];
const ATTRIBUTES = [
  'name',
  'value',
  'field',
  'type',
  'id',
  'when',
  'is',
  'to',
  'on',
  'nonsense',
  'url',
  'required',
  'failure',
  'null',
  'absent',
  'path',
  'code',
  'at',
];
const ELEMENTS = [
  'parameter',
  'timeout',
  'expect',
  'condition',
  'end',
  'when',
  'field',
  'nonsense',
  'description',
  'retry',
  'case',
  'answer',
  'written',
  'body',
  'header',
  'setting',
];

/** One change of a document: which element, what is done to it, and with what. */
interface Change {
  readonly at: number;
  readonly what: 'set' | 'drop' | 'rename' | 'remove' | 'repeat' | 'insert' | 'write' | 'swap';
  readonly attribute: string;
  readonly element: string;
  readonly value: string;
  readonly nth: number;
}

const CHANGE: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(200),
  what: fc.constantFrom('set', 'drop', 'rename', 'remove', 'repeat', 'insert', 'write', 'swap'),
  attribute: fc.constantFrom(...ATTRIBUTES),
  element: fc.constantFrom(...ELEMENTS),
  value: fc.constantFrom(...VALUES),
  nth: fc.nat(20),
});

/** One of the documents, as it is or with a few changes. */
export function mutated(documents: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...documents), fc.array(CHANGE, { maxLength: 3 })).map(([text, changes]) => {
    const { root, problem } = parseXml(text);
    if (root === undefined) throw new Error(problem.message);
    const node = nodeOf(root);
    for (const change of changes) apply(node, change);
    return write(node, root.namespace);
  });
}

function nodeOf(element: XmlElement): Node {
  return {
    name: element.name,
    attributes: new Map([...element.attributes.values()].map(({ name, value }) => [name, value])),
    text: element.children.length > 0 && element.text().value.trim() === '' ? '' : element.text().value,
    children: element.children.map(nodeOf),
  };
}

function apply(root: Node, change: Change): void {
  const nodes = allNodes(root);
  const node = nodes[change.at % nodes.length] ?? root;
  const names = [...node.attributes.keys()];
  const existing = names[change.nth % Math.max(1, names.length)];
  const index = change.nth % Math.max(1, node.children.length);
  const child = node.children[index];
  switch (change.what) {
    case 'set':
      node.attributes.set(change.nth % 2 === 0 ? (existing ?? change.attribute) : change.attribute, change.value);
      break;
    case 'drop':
      if (existing !== undefined) node.attributes.delete(existing);
      break;
    case 'rename':
      node.name = change.element;
      break;
    case 'remove':
      if (child !== undefined) node.children.splice(index, 1);
      break;
    case 'repeat':
      if (child !== undefined) node.children.push(structuredClone(child));
      break;
    case 'insert':
      node.children.splice(index, 0, { name: change.element, attributes: new Map(), text: '', children: [] });
      break;
    case 'write':
      node.text = change.value;
      break;
    case 'swap':
      node.children.reverse();
      break;
  }
}

function allNodes(node: Node): Node[] {
  return [node, ...node.children.flatMap(allNodes)];
}

function write(node: Node, namespace: string): string {
  const declaration = namespace === '' ? '' : ` xmlns="${namespace}"`;
  const attributes = [...node.attributes].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
  const children = node.children.map((child) => write(child, '')).join('');
  return `<${node.name}${declaration}${attributes}>${escapeText(node.text)}${children}</${node.name}>`;
}
