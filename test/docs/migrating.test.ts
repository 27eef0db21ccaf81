import assert from 'node:assert/strict';
import { cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { compileLegacy } from '../../src/expression/legacy/legacy.ts';
import { pageEnvironment } from './legacy-page-world.ts';
import { renderLegacyTemplate } from './legacy-templates.ts';
import { temporaryFolder } from '../whole/command-line.ts';
import { openOldSystem } from './old-system.ts';
import { blocksOf, codeIn, type TableRow, tablesOf } from './page.ts';
import { errorsOf, type ExampleData, tryExample } from './page-trial.ts';
import { commandPath, freePort, Reader } from './reader.ts';
import { environmentOf, outcomeOf, type Promised, promisedIn, shown } from './table-cells.ts';

/**
 * The page is followed from top to bottom as getting-started.md is, with an install in the place of the coreBOS that is left,
 * another in that of the system that its maps call, and the export that somebody has downloaded. Tables whose last column is
 * "here" say what is given, and what coreBOS gives stands beside it.
 */
const PAGE = 'migrating-from-corebos.md';
const SERVER_PORT = '8080';

describe('docs/migrating-from-corebos.md', () => {
  it('works as it is written, from the empty folder to the way back', async (t) => {
    const home = await realpath(await temporaryFolder(t));
    const { crm, headOffice } = await openOldSystem(t);
    await mkdir(join(home, 'Downloads'));
    await cp(new URL('../fixtures/migration/workflows.json', import.meta.url), join(home, 'Downloads/workflows.json'));
    await writeFile(join(home, 'Downloads/admin.key'), `${crm.key}\n`);
    await writeFile(join(home, 'Downloads/head-office.key'), `${headOffice.key}\n`);
    const server = await freePort();
    // The page names hosts as people have them; here they are ports of this machine.
    const hosts = { 'crm.example.com': crm.url, 'head-office.example.com': headOffice.url };
    const here: (readonly [page: string, real: string])[] = [
      ['ACCESS-KEY', headOffice.key],
      ...Object.entries(hosts).map(([host, url]) => [`https://${host}`, url] as const),
      ...Object.entries(hosts).map(([host, url]) => [`${host}:443`, new URL(url).host] as const),
    ];
    const typed = (line: string): string =>
      line.startsWith('npx mapwright serve')
        ? `${line} --port ${server}`
        : here.reduce((text, [page, real]) => text.replaceAll(page, real), line);
    const written = { [server]: SERVER_PORT, ...Object.fromEntries(here.map(([page, real]) => [real, page])) };
    const reader = new Reader(t, { home, folder: 'crm', path: await commandPath(t), typed, written });
    const blocks = blocksOf(PAGE);
    assert.ok(blocks.length > 20);
    for (const block of blocks) await reader.follow(block);
  });
});

function rowsOf(header: readonly string[], least: number): TableRow[] {
  const rows = tablesOf(PAGE, header).flatMap((table) => table.rows);
  assert.ok(rows.length >= least);
  return rows;
}

const ORDERS = `<module xmlns="urn:mapwright:1" name="Orders" prefix="60" title="name"><field name="name" type="string"/>
  <field name="zero" type="string"/><field name="city" type="string"/></module>`;
const DATA: ExampleData = {
  record: { id: '60x1', name: 'Bolt', zero: '0', city: 'Madison' },
  related: {},
  context: { token: 'T1', a: { b: 'deep' } },
  setting: { shop: 'https://shop.example', part: 'v2' },
  secret: {},
};

function mapWith(inside: string, url = 'https://shop.example/', header = ''): string {
  return `<map><originmodule><originname>Orders</originname></originmodule><wsconfig><wsurl>${url}</wsurl>
    <wshttpmethod>POST</wshttpmethod><wsheader>${header}</wsheader><wstype>REST</wstype><inputtype>JSON</inputtype>
    <outputtype>JSON</outputtype></wsconfig>${inside}</map>`;
}

describe('docs/migrating-from-corebos.md: headers and addresses', () => {
  for (const { cells, at } of rowsOf(['header', 'in coreBOS', 'is sent'], 3)) {
    const [header = '', before = '', sends = ''] = cells;
    it(`${at} ${header}`, async () => {
      const [name = '', value = ''] = codeIn(header, at).split(': ');
      const pair = `<header><keyname>${name}</keyname><keyvalue>${value}</keyvalue></header>`;
      const { sent } = await tryExample(
        { base: [ORDERS], text: mapWith('', undefined, pair), file: 'Example.xml' },
        DATA,
      );
      const own = sent?.headers.find((one) => one[0] === name);
      assert.equal(own?.join(': '), codeIn(sends, at));
      assert.notEqual(before, sends);
    });
  }

  for (const { cells, at } of rowsOf(['address', 'in coreBOS', 'is called'], 4)) {
    const [address = '', before = '', called = ''] = cells;
    it(`${at} ${address}`, async () => {
      const example = { base: [ORDERS], text: mapWith('', codeIn(address, at)), file: 'Example.xml' };
      const refused = errorsOf(example).map((code) => `refused: \`${code}\``);
      const told = refused[0] ?? `\`${(await tryExample(example, DATA)).sent?.url}\``;
      assert.equal(told, called);
      assert.notEqual(before, called);
    });
  }
});

describe('docs/migrating-from-corebos.md: fields', () => {
  for (const { cells, at } of rowsOf(['field', 'in coreBOS', 'here'], 8)) {
    const [field = '', before = '', here = ''] = cells;
    it(`${at} ${field}`, async () => {
      const example = { base: [ORDERS], text: mapWith(`<fields>${codeIn(field, at)}</fields>`), file: 'Example.xml' };
      assert.deepEqual(errorsOf(example), []);
      const { sent } = await tryExample(example, DATA);
      assert.equal(String(sent?.body), codeIn(here, at));
      assert.notEqual(before, here);
    });
  }
});

describe('docs/migrating-from-corebos.md: answers', () => {
  for (const { cells, at } of rowsOf(['answer', 'path', 'in coreBOS', 'here'], 8)) {
    const [body = '', path = '', before = '', here = ''] = cells;
    it(`${at} ${body}`, async () => {
      const output = `<field><fieldname>${codeIn(path, at)}</fieldname><destination><context>c</context></destination></field>`;
      const example = { base: [ORDERS], text: mapWith(`<Response>${output}</Response>`), file: 'Example.xml' };
      const { trial } = await tryExample(example, DATA, { status: 200, headers: [], body: codeIn(body, at) });
      assert.deepEqual(
        trial.outputs.map(({ name, value }) => `${name} ${shown(value)}`),
        [`c ${codeIn(here, at)}`],
      );
      assert.notEqual(before, here);
    });
  }
});

async function compute(text: string, given: string, at: string): Promise<Promised> {
  const compiled = compileLegacy(text);
  if (!compiled.ok) return { kind: 'does not compile', code: compiled.problem.code };
  const { values, related } = environmentOf(given, at);
  return outcomeOf(async () => shown(await compiled.value.evaluate(pageEnvironment(values, related))));
}

describe('docs/migrating-from-corebos.md: expressions and templates', () => {
  for (const [kind, header, least] of [
    [compute, 'legacy expression', 8],
    [renderLegacyTemplate, 'legacy template', 3],
  ] as const) {
    for (const { cells, at } of rowsOf([header, 'with', 'in coreBOS', 'here'], least)) {
      const [text = '', given = '', before = '', here = ''] = cells;
      it(`${at} ${text}`, async () => {
        assert.deepEqual(await kind(codeIn(text, at), given, at), promisedIn(here, at));
        assert.notEqual(before, here);
      });
    }
  }
});
