import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderDiagnostic } from '../../src/core/diagnostic.ts';
import type { Json } from '../../src/core/json.ts';
import { escapeXmlText, noEscape } from '../../src/expression/escape.ts';
import { compileTemplate } from '../../src/expression/template.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { tryTexts } from '../engine/map-trial.ts';
import { codeIn, tablesOf } from './page.ts';
import { environmentOf, outcomeOf, type Promised, promisedIn, valuesIn } from './table-cells.ts';

const PAGE = 'templates.md';
const BASE = 'https://shop.example/api';

/** A place where a template can stand: the map that has it there, and where its text is found in the request. */
interface TemplatePlace {
  readonly call: string;
  readonly inside: (template: string) => string;
  readonly from: (sent: { readonly url: string; readonly body: string; header(name: string): string }) => string;
}

const parameter =
  (where: string) =>
  (template: string): string =>
    `<parameters><parameter name="q"${where} template="${template}"/></parameters>`;
const body = (template: string): string => `<body>${template}</body>`;
const wholeBody: TemplatePlace['from'] = (sent) => sent.body;

const PLACES: Readonly<Record<string, TemplatePlace>> = {
  path: { call: 'method="GET" path="/TEMPLATE"', inside: () => '', from: ({ url }) => url.slice(BASE.length + 1) },
  query: { call: 'method="GET"', inside: parameter(''), from: ({ url }) => url.slice(`${BASE}?q=`.length) },
  header: { call: 'method="GET"', inside: parameter(' in="header"'), from: ({ header }) => header('q') },
  cookie: { call: 'method="GET"', inside: parameter(' in="cookie"'), from: ({ header }) => header('Cookie').slice(2) },
  form: { call: 'method="POST" body="form"', inside: parameter(''), from: (sent) => sent.body.slice(2) },
  json: { call: 'method="POST"', inside: parameter(''), from: (sent) => sent.body.slice('{"q":'.length, -1) },
  'json body': { call: 'method="POST"', inside: body, from: wholeBody },
  'xml body': { call: 'method="POST" body="xml"', inside: body, from: wholeBody },
  'text body': { call: 'method="POST" body="text"', inside: body, from: wholeBody },
};

async function fill(template: string, cell: string, at: string): Promise<Promised> {
  const compiled = compileTemplate(template, { kind: 'text' });
  if (!compiled.ok) return { kind: 'does not compile', code: compiled.problem.code };
  return outcomeOf(() => compiled.value.evaluate(environmentOf(cell, at), noEscape));
}

async function sendFrom(place: TemplatePlace, template: string, record: Readonly<Record<string, Json>>) {
  const written = escapeXmlText(template);
  const map = `<map xmlns="urn:mapwright:1" name="m"><call url="${BASE}" ${place.call.replace('TEMPLATE', written)}/>${place.inside(written)}</map>`;
  const { sent, trial } = await tryTexts({ documents: [map], record: { ...record } });
  if (sent === undefined) return { kind: 'fails', code: trial.failure?.code ?? 'no failure' } as const;
  const header = (name: string): string => sent.headers.find(([one]) => one === name)?.[1] ?? '';
  const bodyText = sent.body === undefined ? '' : String(sent.body);
  return { kind: 'text', text: place.from({ url: sent.url, body: bodyText, header }) } as const;
}

describe('docs/templates.md', () => {
  for (const { rows } of tablesOf(PAGE, ['template', 'with', 'gives'])) {
    for (const { cells, at } of rows) {
      const [template = '', given = '', gives = ''] = cells;
      it(`${at} ${template}`, async () => {
        assert.deepEqual(await fill(codeIn(template, at), given, at), promisedIn(gives, at));
      });
    }
  }

  for (const { rows } of tablesOf(PAGE, ['place', 'template', 'with', 'gives'])) {
    for (const { cells, at } of rows) {
      const [name = '', template = '', given = '', gives = ''] = cells;
      it(`${at} ${name} ${template}`, async () => {
        const place = PLACES[name] ?? assert.fail(`${at}: no place is called ${name}`);
        const { record = {} } = valuesIn(given, at);
        assert.deepEqual(await sendFrom(place, codeIn(template, at), record), promisedIn(gives, at));
      });
    }
  }

  for (const { rows } of tablesOf(PAGE, ['where', 'template', 'gives'])) {
    for (const { cells, at } of rows) {
      const [, url = '', gives = ''] = cells;
      it(`${at} ${url}`, () => {
        const text = `<map xmlns="urn:mapwright:1" name="m"><call url="${escapeXmlText(codeIn(url, at))}" method="GET"/></map>`;
        const { diagnostics } = checkDocuments([{ file: 'm.xml', text }]);
        const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
        const promised = gives === 'is allowed' ? undefined : promisedIn(gives, at);
        const expected = promised === undefined || promised.kind === 'text' ? [] : [promised.code];
        assert.deepEqual(codes, expected, diagnostics.map((one) => renderDiagnostic(one)).join('\n'));
      });
    }
  }

  it('has rows that are run', () => {
    const count = (...header: string[]): number => tablesOf(PAGE, header).flatMap(({ rows }) => rows).length;
    assert.ok(count('template', 'with', 'gives') >= 40);
    assert.ok(count('place', 'template', 'with', 'gives') >= 12);
    assert.ok(count('where', 'template', 'gives') >= 3);
  });
});
