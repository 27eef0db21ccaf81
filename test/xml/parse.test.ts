import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { XmlElement } from '../../src/xml/element.ts';
import { escapeAttribute, escapeText } from '../../src/xml/escape.ts';
import { parseXml, parseXmlInPieces } from '../../src/xml/parse.ts';

function root(text: string): XmlElement {
  const result = parseXml(text);
  assert.equal(result.problem, undefined);
  assert.ok(result.root);
  return result.root;
}

/** `CODE line:column`, or `ok`. */
function outcome(text: string): string {
  const { problem } = parseXml(text);
  return problem === undefined ? 'ok' : `${problem.code} ${problem.range.start.line}:${problem.range.start.column}`;
}

test('elements carry name, prefix, namespace, attributes, children and ranges', () => {
  const text =
    '<?xml version="1.0"?>\r\n<!-- c -->\n<p:a xmlns:p="urn:x" xmlns="urn:y" q=\'"1"\'>\r\n <b p:r="2"/>\n</p:a>\n';
  const a = root(text);
  assert.deepEqual([a.name, a.prefix, a.namespace], ['a', 'p', 'urn:x']);
  assert.deepEqual([...a.attributes.keys()], ['q']);
  assert.equal(a.attributes.get('q')?.value, '"1"');
  assert.deepEqual(a.nameRange.start, { line: 3, column: 2, offset: text.indexOf('p:a') });
  assert.equal(text.slice(a.range.start.offset, a.range.end.offset), text.slice(text.indexOf('<p:a'), -1));
  const [b] = a.children;
  assert.ok(b);
  assert.deepEqual([b.name, b.namespace, b.attributes.get('p:r')?.namespace], ['b', 'urn:y', 'urn:x']);
  assert.equal(text.slice(b.range.start.offset, b.range.end.offset), '<b p:r="2"/>');
  assert.deepEqual(b.attributes.get('p:r')?.source.range.start, { line: 4, column: 10, offset: text.indexOf('2"/>') });
});

test('text resolves references, CDATA and line ends, and knows where each character came from', () => {
  const text = '<a>x&amp;\r\n<![CDATA[<&\r]]>&#x1F529;y<b>inner</b>z</a>';
  const source = root(text).text();
  assert.equal(source.value, 'x&\n<&\n\u{1F529}yz');
  const offsetOf = (part: string): number => source.positionAt(source.value.indexOf(part)).offset;
  assert.equal(offsetOf('x'), text.indexOf('x&amp;'));
  assert.equal(offsetOf('&'), text.indexOf('&amp;'));
  assert.equal(offsetOf('\n'), text.indexOf('\r\n'));
  assert.equal(offsetOf('<'), text.indexOf('<&'));
  assert.equal(offsetOf('\u{1F529}'), text.indexOf('&#x'));
  assert.equal(offsetOf('y'), text.indexOf('y<b'));
  assert.equal(offsetOf('z'), text.indexOf('z</a'));
  assert.equal(source.positionAt(99).offset, text.indexOf('</a>'));
  assert.deepEqual(source.positionAt(source.value.indexOf('<')), { line: 2, column: 10, offset: text.indexOf('<&') });
});

test('attribute values are normalized, nothing is guessed', () => {
  const a = root('<a n="007" m="1e3" t="x\r\n\ty&#10;z" c="&lt;&#65;&quot;"/>');
  assert.deepEqual(
    [...a.attributes.values()].map(({ value }) => value),
    ['007', '1e3', 'x  y\nz', '<A"'],
  );
});

test('processing instructions are kept, in order, even with quotation marks of all kinds', () => {
  const result = parseXml('<?one a="1"?><a><?two it\'s?></a><?three?>');
  assert.ok(result.root);
  assert.deepEqual(
    result.instructions.map(({ target, data }) => [target, data]),
    [
      ['one', 'a="1"'],
      ['two', "it's"],
      ['three', ''],
    ],
  );
});

test('names of JavaScript properties are names like any other', () => {
  const a = root('<constructor __proto__="1"><__proto__/><toString/></constructor>');
  assert.deepEqual(
    [a.name, a.attributes.get('__proto__')?.value, ...a.children.map(({ name }) => name)],
    ['constructor', '1', '__proto__', 'toString'],
  );
});

const REFUSED: readonly (readonly [text: string, outcome: string])[] = [
  ['', 'XML_EMPTY 1:1'],
  [' \n<!-- a -->', 'XML_EMPTY 1:1'],
  ['hello', 'XML_NOT_WELL_FORMED 1:1'],
  ['<a>', 'XML_NOT_WELL_FORMED 1:2'],
  ['<a>\n <b>\n</a>', 'XML_NOT_WELL_FORMED 3:1'],
  ['</a>', 'XML_NOT_WELL_FORMED 1:1'],
  ['<a></a b>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a/>text', 'XML_NOT_WELL_FORMED 1:5'],
  ['<a/><b/>', 'XML_NOT_WELL_FORMED 1:5'],
  ['<a/><![CDATA[x]]>', 'XML_NOT_WELL_FORMED 1:5'],
  ['<a b="1" b="2"/>', 'XML_ATTRIBUTE_DUPLICATE 1:10'],
  ['<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>', 'XML_ATTRIBUTE_DUPLICATE 1:36'],
  ['<a b="<"/>', 'XML_NOT_WELL_FORMED 1:7'],
  ['<a b=1/>', 'XML_NOT_WELL_FORMED 1:6'],
  ['<a b/>', 'XML_NOT_WELL_FORMED 1:5'],
  ['<a b="1"c="2"/>', 'XML_NOT_WELL_FORMED 1:9'],
  ['<a b="1', 'XML_NOT_WELL_FORMED 1:6'],
  ['<a b="1"/ >', 'XML_NOT_WELL_FORMED 1:10'],
  ['<a ', 'XML_NOT_WELL_FORMED 1:1'],
  ['<1a/>', 'XML_NOT_WELL_FORMED 1:2'],
  ['<a>& b</a>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a>&amp</a>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a b="&x;"/>', 'XML_ENTITY_UNDEFINED 1:7'],
  ['<a>&#0;</a>', 'XML_CHARACTER 1:4'],
  ['<a>&#xD800;</a>', 'XML_CHARACTER 1:4'],
  ['<a>&#x110000;</a>', 'XML_CHARACTER 1:4'],
  ['<a>\u0000</a>', 'XML_CHARACTER 1:4'],
  ['<a>\uD800</a>', 'XML_CHARACTER 1:4'],
  ['<a>]]></a>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a><![CDATA[</a>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a><!-- -- --></a>', 'XML_NOT_WELL_FORMED 1:9'],
  ['<a><!-- </a>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a><?x </a>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a><?XML x?></a>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a><?x<y?></a>', 'XML_NOT_WELL_FORMED 1:7'],
  [' <?xml version="1.0"?><a/>', 'XML_NOT_WELL_FORMED 1:2'],
  ['<?xml version="1.0" encoding=UTF-8?><a/>', 'XML_NOT_WELL_FORMED 1:1'],
  ['<?xml?><a/>', 'XML_NOT_WELL_FORMED 1:1'],
  ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'XML_DOCTYPE 1:1'],
  ['<a><!ELEMENT b></a>', 'XML_NOT_WELL_FORMED 1:5'],
  ['<p:a/>', 'XML_PREFIX_UNDECLARED 1:2'],
  ['<a p:b="1"/>', 'XML_PREFIX_UNDECLARED 1:4'],
  ['<a:b:c xmlns:a="u"/>', 'XML_NOT_WELL_FORMED 1:2'],
  ['<p:1 xmlns:p="u"/>', 'XML_NOT_WELL_FORMED 1:2'],
  ['<a xmlns:p=""/>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a xmlns:xml="u"/>', 'XML_NOT_WELL_FORMED 1:4'],
  ['<a xmlns:xmlns="u"/>', 'XML_NOT_WELL_FORMED 1:4'],
];

for (const [text, expected] of REFUSED) {
  test(`${JSON.stringify(text)} is ${expected}`, () => assert.equal(outcome(text), expected));
}

for (const text of [
  '\u{FEFF}<a/>',
  "<?xml version='1.0' standalone='yes' ?><a/>",
  '<é ü="1"/>',
  '<a xml:lang="de" ></a >',
  '<p:\u{FF07} xmlns:p="u"/>',
]) {
  test(`${JSON.stringify(text)} is well-formed`, () => assert.equal(outcome(text), 'ok'));
}

test('size and depth are limited', () => {
  assert.equal(outcome('x'.repeat(50_000_000)), 'XML_TOO_LARGE 1:1');
  assert.equal(outcome(`<a>${'ü'.repeat(1024 * 1024)}</a>`), 'XML_TOO_LARGE 1:1');
  assert.equal(outcome('<a>'.repeat(100_000)), 'XML_TOO_DEEP 1:193');
  assert.equal(parseXml('<a><b/></a>', { maxDepth: 1 }).problem?.code, 'XML_TOO_DEEP');
  assert.equal(parseXml('<a><b/></a>', { maxDepth: 2, maxBytes: 11 }).problem, undefined);
  assert.equal(parseXml('<a><b/></a>', { maxBytes: 10 }).problem?.code, 'XML_TOO_LARGE');
  const element = (count: number) => `<a ${Array.from({ length: count }, (_, index) => `b${index}=""`).join(' ')}/>`;
  assert.equal(outcome(element(1_000)), 'ok');
  assert.equal(outcome(element(1_001)), 'XML_TOO_LARGE 1:1');
});

test('a text of many tags or of a few long ones is read in pieces', () => {
  for (const [text, least] of [
    ['<a>' + '<b/>'.repeat(10_000) + '</a>', 50],
    ['<a>' + `<b c="${'x'.repeat(20_000)}"/>`.repeat(20) + '</a>', 20],
  ] as const) {
    const pieces = [...parseXmlInPieces(text)].length;
    assert.ok(pieces >= least, `${pieces} pieces`);
  }
});

const PIECES = [
  '<',
  '>',
  '/',
  '<a>',
  '</a>',
  '<a ',
  'b="',
  '"',
  "'",
  '&amp;',
  '&',
  ';',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '--',
  '<?x ',
  '?>',
  '<!DOCTYPE',
  '=',
  'xmlns:p="u"',
  'p:',
  '\r\n',
  '\r',
  ' ',
  'é',
  '&#x41;',
  '\uD800',
  '\u0000',
];
const pieces = fc.constantFrom(...PIECES);
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.array(pieces, { maxLength: 20 }).map((parts) => `<a>${parts.join('')}</a>`),
);

test('any string gives a tree or a problem inside the text, always the same', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const { root: tree, problem } = parseXml(text);
      assert.equal(tree === undefined, problem !== undefined);
      assert.ok(problem === undefined || problem.range.start.offset <= text.length);
      assert.equal(parseXml(text).problem?.code, problem?.code);
    }),
    { numRuns: 3000 },
  );
});

test('what is escaped reads back as it was', () => {
  const allowed = fc
    .string({ unit: 'grapheme' })
    .filter((text) => !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text));
  fc.assert(
    fc.property(fc.oneof(allowed, fc.constantFrom('\r\n\t', ']]>', '<&>"\'')), (text) => {
      assert.equal(root(`<a>${escapeText(text)}</a>`).text().value, text);
      assert.equal(root(`<a b="${escapeAttribute(text)}"/>`).attributes.get('b')?.value, text);
      assert.equal(root(`<a b='${escapeAttribute(text)}'/>`).attributes.get('b')?.value, text);
    }),
  );
  assert.equal(escapeText('a\u0000b'), 'a\u{FFFD}b');
});
