import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tryTexts } from './map-trial.ts';

const SERVICE = '<service xmlns="urn:mapwright:1" name="s" url="http://peer.example"/>';

async function read(body: string | Buffer, response: string, attributes = '', status = 200) {
  const map = `<map xmlns="urn:mapwright:1" name="m" service="s"><call method="GET"/>
    <response ${attributes}>${response}</response></map>`;
  // What is given is bytes: one character for each.
  const answer = { status, body: body as string };
  const { trial } = await tryTexts({ documents: [map, SERVICE], map: 'm', answer });
  return trial.failure?.code ?? Object.fromEntries(trial.outputs.map(({ name, value }) => [name, value]));
}

describe('formats of answers to native maps', () => {
  it('finds values in a text by regular expressions', async () => {
    const outputs = `<output match="Order ([0-9]+)" context="no" type="integer"/><output match="[A-Z]+$" context="end"/>
      <output match="none" context="gone" default="-"/>`;
    assert.deepEqual(await read('Order 17 is\nOK', outputs, 'format="text"'), { no: 17, end: 'OK', gone: '-' });
    assert.equal(await read('x', '<output match="y" context="no"/>', 'format="text"'), 'OUTPUT_MISSING');
    assert.deepEqual(await read('{"a":"id=7;"}', '<output path="a" match="id=(.)" context="id"/>'), { id: '7' });
  });

  it('reads dates and times as they are written over there', async () => {
    const body =
      '{"d":"24.12.2026","t":"1.7.2026 9:05","w":"2026-01-02T03:04:05","o":"2026-01-02T03:04:05+02:00","p":"3 Mar 2026 12:30 am"}';
    const outputs = `<output path="d" context="d" type="date" pattern="dd.MM.yyyy"/>
      <output path="t" context="t" type="datetime" pattern="d.M.yyyy H:mm" zone="Europe/Berlin"/>
      <output path="w" context="w" type="datetime" zone="America/New_York"/>
      <output path="o" context="o" type="datetime" zone="America/New_York"/>
      <output path="p" context="p" type="datetime" pattern="d MMM yyyy hh:mm a"/>`;
    assert.deepEqual(await read(body, outputs), {
      d: '2026-12-24',
      t: '2026-07-01T07:05:00Z',
      w: '2026-01-02T08:04:05Z',
      o: '2026-01-02T01:04:05Z',
      p: '2026-03-03T00:30:00Z',
    });
    for (const text of ['31.02.2026', '2026-02-01', '1.2.2026', '01.02.2026x']) {
      const output = '<output path="d" context="d" type="date" pattern="dd.MM.yyyy"/>';
      assert.equal(await read(JSON.stringify({ d: text }), output), 'PARAMETER_TYPE', text);
    }
  });

  it('gives lists where they are asked for, however many elements there are', async () => {
    const outputs = '<output path="order.0.line" context="lines"/><output path="order.0.@attributes.no" context="no"/>';
    const attributes = 'format="xml" lists="order line"';
    assert.deepEqual(await read('<r><order no="1"><line>a</line></order></r>', outputs, attributes), {
      lines: ['a'],
      no: '1',
    });
    const two = '<r xmlns:x="urn:x"><order no="1"><line>a</line><line>b</line></order></r>';
    assert.deepEqual(await read(two, outputs, attributes), { lines: ['a', 'b'], no: '1' });
  });

  it('reads attributes of XML, the text beside them, and names whatever their prefixes', async () => {
    const body = `<o:r xmlns:o="urn:o" xmlns:x="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" no="7">
      <o:total currency="EUR" x:currency="-" x:rate="1.1">3.50</o:total><plain>a</plain><x:plain>b</x:plain>
      <line sku="A">1</line><line sku="B"/><due xsi:nil="true"/><seen at="now" xsi:type="x:t" xsi:nil="1"/><link x:href="/2"><to/></link></o:r>`;
    const paths = ['@no', 'total', 'total.@currency', 'total.@rate', 'plain.1', 'line.0', 'line.1', 'line.1.@sku']
      .concat(['due', 'seen.@at', 'link.@href', 'total._', 'seen.@type', 'gone.@no'])
      .map((path, index) => `<output path="${path}" context="k${index}" default="none"/>`);
    const lines = '<output jsonata="$join(response.body.line.(`@sku` &amp; _), \',\')" context="lines"/>';
    assert.deepEqual(await read(body, [...paths, lines].join(''), 'format="xml" attributes="true"'), {
      k0: '7',
      k1: '3.50',
      k2: 'EUR',
      k3: '1.1',
      k4: 'b',
      k5: '1',
      k6: '',
      k7: 'B',
      k8: 'none',
      k9: 'now',
      k10: '/2',
      k11: '3.50',
      k12: 'none',
      k13: 'none',
      lines: 'A1,B',
    });
    // What maps without the attribute read stays as it was.
    assert.deepEqual(await read(body, paths.slice(1, 3).join(''), 'format="xml"'), { k1: '3.50', k2: 'none' });
  });

  it('reads rows of CSV with and without a header', async () => {
    const outputs = '<output path="1.b" context="x"/><output path="0.a" context="y"/>';
    assert.deepEqual(await read('a,b\n1,"2,""3"""\n4,5\n', outputs, 'format="csv"'), { x: '5', y: '1' });
    const bare = '<output path="0.1" context="x"/>';
    assert.deepEqual(await read('\ufeffa|b', bare, 'format="csv" header="false" separator="|"'), { x: 'b' });
    assert.equal(await read('a,b\n"1,2\n', outputs, 'format="csv"'), 'CALL_UNREADABLE');
    assert.equal(await read('a,b\n"1"x,2\n', outputs, 'format="csv"'), 'CALL_UNREADABLE');
    assert.deepEqual(await read('', '<output jsonata="$count(response.body)" context="n"/>', 'format="csv"'), { n: 0 });
  });

  it('reads the character set that the map names', async () => {
    const bytes = Buffer.from('{"a":"Gr\u00fc\u00dfe"}', 'latin1');
    assert.deepEqual(await read(bytes, '<output path="a" context="a"/>', 'encoding="windows-1252"'), { a: 'Grüße' });
  });

  it('gives the default for a status like 404 that the map expects', async () => {
    const response = '<expect status="200 404"/><output path="id" context="id" default="none"/>';
    assert.deepEqual(await read('not here', response, '', 404), { id: 'none' });
    assert.equal(await read('not here', response, '', 500), 'CALL_STATUS');
  });

  it('shows what lists would become, and asks for the first page alone', async () => {
    const modules =
      '<module xmlns="urn:mapwright:1" name="Stock" prefix="61" title="code"><field name="code" type="string" length="9"/></module>';
    const map = `<map xmlns="urn:mapwright:1" name="m" service="s"><call method="GET"/><response>
      <pages by="page" parameter="p" items="items"/>
      <records path="items" module="Stock" match="code"><set field="code" path="code"/></records></response></map>`;
    const body = '{"items":[{"code":"A"},{}]}';
    const { sent, trial } = await tryTexts({ documents: [map, SERVICE, modules], map: 'm', answer: { body } });
    assert.equal(new URL(sent?.url ?? '').search, '?p=1');
    assert.deepEqual(trial.outputs, [
      { kind: 'record', name: '2 items, 1 refused', from: 'items -> Stock', value: [{ code: 'A' }] },
    ]);
    assert.equal(trial.warnings.length, 2);
  });
});
