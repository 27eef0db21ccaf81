import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Block, blocksOf, codeIn, pageText, tablesOf } from './page.ts';
import {
  errorsOf,
  type Example,
  type ExampleAnswer,
  type ExampleData,
  outcomeLines,
  tryExample,
  type Tried,
} from './page-trial.ts';
import { elementsWithin, globalElements } from './schema-names.ts';

/**
 * How the page is read:
 * - `xml base`: a document that stands beside all examples; `json base`: their data.
 * - `xml`, `xml corebos`: an example, checked with no errors; `xml error CODE`: with exactly this error.
 * - `http request`: what the example before it sends; every header shown must be sent.
 * - `http answer`: what it is answered; `text`: what comes of that, or of building the request.
 * - tables "parameter | sends", "field | sends", "output | status | answer | writes": the element is put into a map.
 */
const PAGE = 'maps.md';

const BLOCKS = blocksOf(PAGE);
const isBase = ({ words }: Block): boolean => words[0] === 'base';
const BASE = BLOCKS.filter((block) => block.language === 'xml' && isBase(block)).map(({ text }) => text);
const DATA = JSON.parse(
  BLOCKS.find((block) => block.language === 'json' && isBase(block))?.text ?? '{}',
) as ExampleData;

const example = (text: string, file = 'example.xml'): Example => ({ base: BASE, text, file });

function headerLines(lines: readonly string[]): (readonly [string, string])[] {
  return lines.map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
}

/** First line, headers, an empty line, the body. */
function messageIn(text: string): { readonly first: string; readonly headers: string[]; readonly body: string } {
  const [head = '', ...body] = text.split('\n\n');
  const [first = '', ...headers] = head.split('\n');
  return { first, headers, body: body.join('\n\n') };
}

function compareRequest(block: Block, { sent, trial }: Tried): void {
  assert.ok(sent !== undefined, `${block.at}: nothing is sent: ${trial.failure?.message}`);
  const { first, headers, body } = messageIn(block.text);
  const written = String(sent.body ?? '').replace(/\n$/u, '');
  assert.deepEqual({ first: `${sent.method} ${sent.url}`, body: written }, { first, body }, block.at);
  for (const [name, value] of headerLines(headers))
    assert.equal(sent.headers.find((header) => header[0] === name)?.[1], value, `${block.at}: ${name}`);
}

function answerIn(block: Block): ExampleAnswer {
  const { first, headers, body } = messageIn(block.text);
  return { status: Number(first), headers: headerLines(headers), body };
}

describe('docs/maps.md: documents', () => {
  let current: Example | undefined;
  let answer: ExampleAnswer | undefined;
  for (const block of BLOCKS) {
    const [use, code] = block.words;
    // Commands, followed by trying.test.ts.
    if (use === 'base' || block.language === 'console') continue;
    if (block.language === 'xml') {
      const shown = example(block.text, use === 'corebos' ? 'Example.xml' : 'example.xml');
      [current, answer] = [shown, undefined];
      it(`${block.at} is checked`, () => assert.deepEqual(errorsOf(shown), use === 'error' ? [code] : []));
      continue;
    }
    const [tried, answered] = [current, block.language === 'http' && use === 'answer' ? answerIn(block) : answer];
    answer = answered;
    if (answered !== undefined && block.language === 'http') continue;
    it(`${block.at} is what happens`, async () => {
      assert.ok(tried !== undefined, `${block.at}: there is no example before it`);
      const outcome = await tryExample(tried, DATA, answered);
      if (block.language === 'http') compareRequest(block, outcome);
      else if (block.language === 'text') assert.deepEqual(outcomeLines(outcome), block.text.split('\n'));
      else assert.fail(`${block.at}: nobody knows what to do with "${block.language}"`);
    });
  }

  it('shows each sort of block', () => {
    const shown = new Set(
      BLOCKS.filter(({ language }) => language !== 'console').map(({ language, words }) =>
        [language, words[0] ?? ''].join(' ').trim(),
      ),
    );
    const sorts = ['xml base', 'json base', 'xml', 'xml corebos', 'xml error', 'http request', 'http answer', 'text'];
    assert.deepEqual([...shown].toSorted(), sorts.toSorted());
  });
});

const NATIVE = (inside: string): string =>
  `<map xmlns="urn:mapwright:1" name="m" module="Orders" service="shop"><call method="POST"/>${inside}</map>`;
const COREBOS = (fields: string): string =>
  `<map><wsconfig><wsurl>https://shop.example/</wsurl><wshttpmethod>POST</wshttpmethod><wstype>REST</wstype>` +
  `<inputtype>JSON</inputtype><outputtype>JSON</outputtype></wsconfig><fields>${fields}</fields></map>`;

/** `refused: CODE` when the document has errors, `fails: CODE` when the call does, else what `show` makes of it. */
async function outcomeOf(text: string, answer: ExampleAnswer | undefined, show: (tried: Tried) => string) {
  const errors = errorsOf(example(text));
  if (errors.length > 0) return `refused: ${errors.map((code) => `\`${code}\``).join(', ')}`;
  const tried = await tryExample(example(text), DATA, answer);
  const { failure } = tried.trial;
  return failure === undefined ? show(tried) : `fails: \`${failure.code}\``;
}

const SENDING = [
  { header: ['parameter', 'sends'], least: 40, wrap: (one: string) => NATIVE(`<parameters>${one}</parameters>`) },
  { header: ['field', 'sends'], least: 4, wrap: COREBOS },
];

describe('docs/maps.md: tables', () => {
  for (const { header, least, wrap } of SENDING) {
    const rows = tablesOf(PAGE, header).flatMap((table) => table.rows);
    assert.ok(rows.length >= least);
    for (const { cells, at } of rows) {
      const [element = '', sends = ''] = cells;
      it(`${at} ${element}`, async () => {
        const shown = await outcomeOf(wrap(codeIn(element, at)), undefined, ({ sent }) => `\`${String(sent?.body)}\``);
        assert.equal(shown, sends);
      });
    }
  }

  const outputs = tablesOf(PAGE, ['output', 'status', 'answer', 'writes']).flatMap((table) => table.rows);
  assert.ok(outputs.length >= 20);
  for (const { cells, at } of outputs) {
    const [element = '', status = '', body = '', writes = ''] = cells;
    it(`${at} ${element}`, async () => {
      const answer = { status: Number(status), headers: [], body: codeIn(body, at) };
      const shown = await outcomeOf(NATIVE(`<response>${codeIn(element, at)}</response>`), answer, (tried) => {
        const lines = outcomeLines(tried);
        return lines.length === 0 ? 'nothing' : `\`${lines.join('; ')}\``;
      });
      assert.equal(shown, writes);
    });
  }
});

/** What a section of the page has in the first columns of its tables, as code. */
function describedUnder(element: string): Set<string> {
  const sections = pageText(PAGE).split(/^(?=#{2,3} )/mu);
  const headed = sections.flatMap((section, index) =>
    section.split('\n')[0]?.includes(`\`<${element}>\``) === true ? [index] : [],
  );
  // What follows under smaller headings without an element of their own belongs to it.
  const own = headed.flatMap((start) => {
    const rest = sections.slice(start + 1).findIndex((next) => /^#{2,3} .*`<|^## /u.test(next));
    return sections.slice(start, rest < 0 ? undefined : start + 1 + rest);
  });
  const cells = own.flatMap((section) => [...section.matchAll(/^\| ([^|]+) \|/gmu)].map(([, cell = '']) => cell));
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([\w-]+)`/gu)].map(([, name = '']) => name)));
}

describe('docs/maps.md: completeness', () => {
  const elements = elementsWithin('mapwright-1.xsd', ['map', 'service']);

  it('looks at all of the schema', () => {
    for (const name of [
      'map',
      'service',
      'call',
      'parameter',
      'header',
      'output',
      'expect',
      'retry',
      'limit',
      'jsonata',
    ])
      assert.ok(elements.has(name), name);
    assert.ok(elements.get('parameter')?.attributes.has('encode'));
    assert.ok(elements.get('map')?.attributes.has('name'));
  });

  for (const [name, { attributes }] of elements) {
    it(`describes <${name}>`, () => {
      assert.ok(pageText(PAGE).includes(`\`<${name}>\``), `<${name}> is not spoken of`);
      const described = describedUnder(name);
      assert.deepEqual(
        [...attributes].filter((one) => !described.has(one)),
        [],
      );
    });
  }

  it('describes every element that the schema of coreBOS maps names', () => {
    const [, section = ''] = pageText(PAGE).split('## coreBOS maps\n');
    for (const name of globalElements('corebos-map.xsd'))
      assert.match(section, new RegExp(`\`<?${name}>?\``, 'u'), name);
  });
});
