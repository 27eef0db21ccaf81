import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { type ExportedFile, exportFiles } from '../../src/runtime/document-export.ts';
import { BookingPeer } from './booking-peer.ts';
import { mapwright } from './command-here.ts';
import { temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';

const WHOLE = await readFile(new URL('../fixtures/soap/booking.wsdl', import.meta.url), 'utf8');
const SCHEMA = /<xsd:schema.*<\/xsd:schema>/su.exec(WHOLE)?.[0] ?? assert.fail('the WSDL has no schema');

/** The WSDL in three files, the way servers publish them: one imports, one includes. */
const DESCRIPTION: readonly SourceFile[] = [
  {
    file: 'soap/wsdl/booking.wsdl',
    text: WHOLE.replace(
      SCHEMA,
      '<xsd:schema><xsd:import namespace="urn:booking" schemaLocation="../types/messages.xsd"/></xsd:schema>',
    ),
  },
  {
    file: 'soap/types/messages.xsd',
    text: SCHEMA.replace(
      '<xsd:schema',
      '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:b="urn:booking"',
    )
      .replace(/<xsd:complexType name="Amount">.*?<\/xsd:complexType>/su, '')
      .replace(/(<xsd:schema[^>]*>)/u, '$1<xsd:include schemaLocation="http://elsewhere.example/schemas/amount.xsd"/>'),
  },
  {
    file: 'soap/types/amount.xsd',
    text: `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:booking">${
      /<xsd:complexType name="Amount">.*?<\/xsd:complexType>/su.exec(SCHEMA)?.[0] ?? ''
    }</xsd:schema>`,
  },
];

const CALL = '<call protocol="soap" operation="Book" wsdl="wsdl/booking.wsdl"/>';
const PARAMETERS = `<parameters>
<parameter name="Session" in="soap-header"><parameter name="key" value="s1"/></parameter>
<parameter name="number" field="number"/>
<parameter name="total"><parameter name="currency" value="EUR"/><parameter name="_" value="3.50"/></parameter>
<parameter name="line" each="[{'sku': 'A'}, {'sku': 'B'}]" type="array"><parameter name="sku" jsonata="item.sku"/><parameter name="quantity" value="1"/></parameter>
</parameters>`;

interface Given {
  readonly url: string;
  readonly call?: string;
  readonly service?: string;
}

function documents({ url, call = CALL, service = '' }: Given): SourceFile[] {
  const all = [
    nativeDocument(
      'module',
      'name="Orders" label="Orders" prefix="15" title="number"',
      '<field name="number" label="Number" type="string" length="200"/><field name="booking" label="Booking" type="string" length="200"/>',
    ),
    nativeDocument('service', `name="erp" url="${url}/booking" ${service}`, ''),
    nativeDocument(
      'map',
      'name="book" module="Orders" service="erp"',
      `${call}${PARAMETERS}<response><output path="booking" field="booking"/></response>`,
    ),
    nativeDocument(
      'workflow',
      'name="book-orders" label="Book" module="Orders"',
      '<trigger on="create"/><tasks><webservice id="book" map="book"><on-error><abort to="inbox"/></on-error></webservice></tasks>',
    ),
  ];
  return all.map(({ file, text }) => ({ file: `soap/${file}`, text }));
}

async function bookedOnce(install: TestInstall, number: string, run: number): Promise<unknown> {
  const { id } = await install.create({ number }, 'Orders');
  const { status } = await install.ended(run);
  assert.equal(status, 'completed', JSON.stringify(stepOf(await install.steps(run), 'book').failure));
  return (await install.values(id))['booking'];
}

function codes(report: { readonly diagnostics: readonly { readonly severity: string; readonly code: string }[] }) {
  return report.diagnostics.flatMap(({ severity, code }) => (severity === 'info' ? [] : [code]));
}

async function exported({ install }: TestInstall): Promise<readonly ExportedFile[]> {
  return exportFiles((await install.administration.revision({})).documents);
}

async function written(t: TestContext, files: readonly SourceFile[]): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const { file, text } of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

describe('a WSDL that lies beside the documents', () => {
  for (const [who, given] of [
    ['a map', {}],
    ['a service', { call: '<call protocol="soap" operation="book"/>', service: 'wsdl="wsdl/booking.wsdl"' }],
  ] as const) {
    it(`is named by ${who}, stored with the revision, and asked of nobody`, async (t) => {
      const peer = await BookingPeer.open(t, '1.1');
      const install = await TestInstall.open(t, { documents: [...documents({ ...peer, ...given }), ...DESCRIPTION] });
      assert.equal(await bookedOnce(install, 'SO-1', 1), 'B-1');
      assert.deepEqual(peer.booked[0]?.values, {
        number: 'SO-1',
        total: { attributes: { currency: 'EUR' }, $value: 3.5 },
        line: [
          { sku: 'A', quantity: 1 },
          { sku: 'B', quantity: 1 },
        ],
      });
      await install.close();
      await install.reopen({ worker: true });
      assert.equal(await bookedOnce(install, 'SO-2', 2), 'B-2');
      assert.equal(peer.wsdlReads, 0);
    });
  }

  it('comes out of an export where the documents look for it', async (t) => {
    const peer = await BookingPeer.open(t, '1.1');
    const first = await TestInstall.open(t, { documents: [...documents(peer), ...DESCRIPTION] });
    const files = await exported(first);
    const folder = await written(
      t,
      files.map(({ path, text }) => ({ file: path, text })),
    );
    assert.equal(await readFile(join(folder, 'types/amount.xsd'), 'utf8'), DESCRIPTION[2]?.text);
    const second = await TestInstall.open(t, {
      documents: files.map(({ path, text }) => ({ file: path, text })),
    });
    assert.equal(await bookedOnce(second, 'SO-1', 1), 'B-1');
    assert.equal(peer.wsdlReads, 0);
  });

  it('is read from the folder of the map that is named on the command line, and goes when nobody needs it', async (t) => {
    const folder = await written(t, [...documents({ url: 'http://127.0.0.1:9' }), ...DESCRIPTION]);
    const inside = (...words: string[]) => mapwright(words, { cwd: folder });
    const applied = await inside('apply', '--json', 'soap/Orders.xml', 'soap/erp.xml', 'soap/book.xml');
    assert.equal(applied.exitCode, 0, applied.errors + applied.output);
    const changes = JSON.parse(applied.output).changes as { kind: string; name: string; change: string }[];
    assert.deepEqual(
      changes.filter(({ kind }) => kind === 'wsdl').map(({ name, change }) => `${change} ${name}`),
      DESCRIPTION.map(({ file }) => `added ${file}`).toSorted(),
    );
    await writeFile(
      join(folder, 'soap/book.xml'),
      documents({ url: 'x', call: CALL.replace(/ wsdl="[^"]*"/u, '') })[2]?.text ?? '',
    );
    const again = await inside('apply', '--json', 'soap/book.xml');
    const removed = (JSON.parse(again.output).changes as { name: string; change: string }[]).filter(
      ({ change }) => change === 'removed',
    );
    assert.deepEqual(removed.map(({ name }) => name).toSorted(), DESCRIPTION.map(({ file }) => file).toSorted());
  });

  it('travels with a pack, and out of one', async (t) => {
    const peer = await BookingPeer.open(t, '1.1');
    const install = await TestInstall.open(t, { documents: [...documents(peer), ...DESCRIPTION] });
    const { administration } = install.install;
    const { archive } = await administration.exportPack({ service: 'erp', withValues: false });
    const other = await TestInstall.open(t, { documents: documents(peer).filter(({ file }) => /Orders/u.test(file)) });
    const report = await other.install.administration.importPack({
      archive,
      overwrite: false,
      withValues: false,
      dryRun: false,
      by: 'test',
    });
    assert.deepEqual(
      codes(report).filter((code) => code.startsWith('WSDL_') || code.startsWith('PACK_')),
      [],
    );
    await other.apply(documents(peer).filter(({ file }) => /book-orders/u.test(file)));
    assert.equal(await bookedOnce(other, 'SO-1', 1), 'B-1');
    assert.equal(peer.wsdlReads, 0);
    await other.install.administration.removePack({ name: 'erp', force: true, dryRun: false, by: 'test' });
    const left = await exported(other);
    assert.deepEqual(
      left.flatMap(({ documents: held }) => held.filter((one) => one.startsWith('wsdl '))),
      [],
    );
  });

  it('is looked at when documents are checked', async (t) => {
    const install = await TestInstall.open(t, { documents: [] });
    const check = async (sources: readonly SourceFile[]) =>
      codes(await install.install.administration.check({ documents: sources }));
    const all = documents({ url: 'https://soap.example.com' });
    const misspelt = documents({ url: 'https://soap.example.com', call: CALL.replace('Book"', 'Bok"') });
    assert.deepEqual(await check([...all, ...DESCRIPTION]), []);
    assert.deepEqual(await check(all), ['WSDL_FILE_MISSING']);
    assert.deepEqual(await check([...all, ...DESCRIPTION.slice(0, 2)]), ['WSDL_FILE_MISSING']);
    assert.deepEqual(await check([...misspelt, ...DESCRIPTION]), ['SOAP_OPERATION_UNKNOWN']);
    assert.deepEqual(await check(DESCRIPTION.slice(2)), ['WSDL_UNUSED']);
    const cut = DESCRIPTION.map(({ file, text }) => ({ file, text: text.slice(0, -20) }));
    assert.deepEqual(new Set(await check([...all, ...cut])), new Set(['XML_NOT_WELL_FORMED', 'WSDL_FILE_MISSING']));
    const nowhere = documents({ url: 'https://soap.example.com', call: CALL.replace('wsdl/', '../../etc/') });
    assert.deepEqual(await check([...nowhere, ...DESCRIPTION]), [
      'WSDL_FILE_MISSING',
      'WSDL_UNUSED',
      'WSDL_UNUSED',
      'WSDL_UNUSED',
    ]);
  });

  it('is found by the tests of a map, which bring none along', async (t) => {
    const test = `<map-test xmlns="urn:mapwright:1" map="book"><case name="books"><record number="SO-1"/>
<sent method="POST" path="/booking"/></case></map-test>`;
    const all = [...documents({ url: 'https://soap.example.com' }), ...DESCRIPTION];
    const folder = await written(t, [...all, { file: 'soap/book.test.xml', text: test }]);
    const ended = await mapwright(['test', 'soap'], { cwd: folder });
    assert.equal(ended.exitCode, 0, ended.output + ended.errors);
    const tried = await mapwright(['try', 'book', '--no-send', '--param', 'number=SO-1', '--documents', 'soap'], {
      cwd: folder,
    });
    assert.match(tried.output + tried.errors, /urn:booking/u);
  });
});
