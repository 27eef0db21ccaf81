import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { readDocuments } from '../../src/document/read-documents.ts';

const BESIDE = `<documents xmlns="urn:mapwright:1"><service name="s" url="http://peer.example"/>
  <module name="Stock" prefix="61" title="code"><field name="code" type="string" length="9"/><field name="due" type="date"/></module>
  </documents>`;

function codes(response: string, call = '<call method="GET"/>', workflow = ''): string[] {
  const map = `<map name="m" service="s">${call}<response>${response}</response></map>`;
  const texts = [BESIDE, `<documents xmlns="urn:mapwright:1">${map}${workflow}</documents>`];
  const read = texts.map((text, index) => readDocuments({ file: `${index}.xml`, text }));
  const { diagnostics } = compileCatalog(
    read.flatMap(({ documents }) => documents),
    1,
  );
  return [...read.flatMap((one) => one.diagnostics), ...diagnostics].map(({ code }) => code);
}

const records = (sets: string, match = 'code', module = 'Stock') =>
  `<records module="${module}" match="${match}">${sets}</records>`;
const CODE = '<set field="code" path="c"/>';

describe('what is checked of lists and pages of answers', () => {
  const cases: readonly [title: string, found: string[], wanted: string[]][] = [
    ['nothing is wrong', codes(`<pages by="link"/>${records(CODE)}`), []],
    ['a module that is not there', codes(records(CODE, 'code', 'Stok')), ['MODULE_UNKNOWN']],
    ['a field that is not there', codes(records(`${CODE}<set field="cod" path="c"/>`)), ['FIELD_UNKNOWN']],
    ['a record looked for by what is not set', codes(records(CODE, 'due')), ['UPSERT_MATCH_NOT_SET']],
    ['a path that cannot be read', codes(records('<set field="code" path="a..b"/>')), ['PATH_SYNTAX']],
    [
      'a pattern without a year',
      codes(records(`${CODE}<set field="due" path="d" type="date" pattern="dd.MM."/>`)),
      ['VALUE_FORM_PATTERN'],
    ],
    ['an expression that cannot be found', codes('<output match="(?=a)" context="a"/>'), ['EXPRESSION_REGEX']],
    ['pages of a POST', codes('<pages by="link"/>', '<call method="POST"/>'), ['PAGES_NOT_SAFE']],
    ['pages of a POST that only asks', codes('<pages by="link"/>', '<call method="POST" safe="true"/>'), []],
    [
      'records of a task that is run again',
      codes(
        records(CODE),
        undefined,
        '<workflow name="w" module="Stock"><trigger on="create"/><tasks><webservice id="t" map="m" renew="true"/></tasks></workflow>',
      ),
      ['TASK_RENEW_WRITES'],
    ],
  ];
  for (const [title, found, wanted] of cases) it(title, () => assert.deepEqual(found, wanted));
});
