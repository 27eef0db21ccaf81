import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { checkDocuments } from '../../src/runtime/check.ts';
import { runMapTests } from '../../src/runtime/map-tests.ts';
import { ORDERS, orderTest, placesOf, runAll, shippedMaps } from './map-test-fixture.ts';

const ANSWER = '<answer content-type="application/json">{"no":"R-1"}</answer>';

describe('the map tests that come with the documents', () => {
  for (const folder of ['product-sync', 'corebos-sync'] as const) {
    it(`pass in maps/${folder}`, async () => {
      const url = new URL(`../../maps/${folder}/tests/`, import.meta.url);
      const tests = readdirSync(url).map((file) => ({ file, text: readFileSync(new URL(file, url), 'utf8') }));
      const report = await runAll([...shippedMaps(folder), ...tests]);
      assert.deepEqual(
        report.diagnostics.filter(({ severity }) => severity === 'error'),
        [],
      );
      assert.deepEqual(placesOf(report), []);
      assert.ok(report.counts.passed >= 6);
    });
  }

  it('need no settings: what a request reads besides is made up', async () => {
    const text = `<map-test xmlns="urn:mapwright:1" map="product-create">
      <case name="quotes">
        <record productname="Bolt &quot;M8&quot;" serial_no="SN-1" unit_price="1.50"/>
        <context peer_session="s1" peer_user="19x5"/>
        <answer status="200" content-type="application/json">{"success":true,"result":{"id":"14x9"}}</answer>
        <sent method="POST" path="/webservice.php">
          <parameter name="element" path="productname" value="Bolt &quot;M8&quot;"/>
          <parameter name="element" path="unit_price" value="1.50"/>
        </sent>
        <written field="remote_id" value="14x9"/>
      </case>
    </map-test>`;
    const report = await runAll([...shippedMaps('product-sync'), { file: 't.xml', text }]);
    assert.deepEqual(placesOf(report), []);
    assert.deepEqual(report.counts, { passed: 1, failed: 0, skipped: 0 });
  });
});

describe('docs/testing-maps.md', () => {
  it('shows a test that passes on the documents of docs/documents.md', async () => {
    const blocksOf = (page: string): { file: string; text: string }[] => {
      const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
      const blocks = [...text.matchAll(/```xml(?: (\S+))?\n([\s\S]*?)```/gu)];
      return blocks.map(([, file, xml = ''], index) => ({ file: file ?? `${page}#${index + 1}`, text: xml }));
    };
    const report = await runAll([...blocksOf('documents.md'), ...blocksOf('testing-maps.md')]);
    assert.deepEqual(report.diagnostics, []);
    assert.deepEqual(placesOf(report), []);
    assert.equal(report.counts.passed, 4);
  });
});

describe('a case', () => {
  const failing: readonly (readonly [about: string, inside: string, place: string])[] = [
    ['the method', `${ANSWER}<sent method="PUT"/>`, 'sent method'],
    ['the path', `${ANSWER}<sent path="/api/orders/2"/>`, 'sent path'],
    ['the path with its query', `${ANSWER}<sent path="/api/orders/1?a=1"/>`, 'sent path'],
    ['the address', `${ANSWER}<sent url="https://x.example/"/>`, 'sent url'],
    ['a parameter', `${ANSWER}<sent><parameter name="status" value="x"/></sent>`, 'parameter parameter status'],
    [
      'a place in a parameter',
      `${ANSWER}<sent><parameter name="changed" path="0" value="x"/></sent>`,
      'parameter parameter changed, at 0',
    ],
    [
      'a parameter that is sent',
      `${ANSWER}<sent><parameter name="no" absent="true"/></sent>`,
      'parameter parameter no',
    ],
    [
      'a parameter that is not null',
      `${ANSWER}<sent><parameter name="no" null="true"/></sent>`,
      'parameter parameter no',
    ],
    ['a header', `${ANSWER}<sent><header name="content-type" value="x"/></sent>`, 'header header content-type'],
    ['a header that is missing', `${ANSWER}<sent><header name="X-None"/></sent>`, 'header header X-None'],
    ['the body as JSON', `${ANSWER}<sent><body>{"no": "1"}</body></sent>`, 'body body'],
    ['the body as text', `${ANSWER}<sent><body>text</body></sent>`, 'body body'],
    ['a written value', `${ANSWER}<written field="remote_no" value="R-2"/>`, 'written field remote_no'],
    ['a value that is not written', `${ANSWER}<written context="token"/>`, 'written context token'],
    ['a value that is not null', `${ANSWER}<written field="remote_no" null="true"/>`, 'written field remote_no'],
    ['a value that must not be written', `${ANSWER}<not-written field="remote_no"/>`, 'written field remote_no'],
    ['anything written', `${ANSWER}<not-written/>`, 'written anything written'],
    ['a failure that does not come', `${ANSWER}<failed code="CALL_STATUS"/>`, 'outcome outcome'],
    ['another failure', '<answer status="500"/><failed code="CALL_TIMEOUT"/>', 'outcome outcome'],
    ['another message', '<answer status="500"/><failed code="CALL_STATUS" message="404"/>', 'outcome outcome'],
    ['an unexpected failure', '<answer status="500"/><sent method="POST"/>', 'outcome outcome'],
    ['a warning that is not given', `${ANSWER}<warning>JSON</warning>`, 'warning warning'],
    ['an empty case', ANSWER, 'outcome case'],
  ];
  for (const [about, inside, place] of failing) {
    it(`fails for ${about}`, async () => {
      const report = await runAll([...ORDERS, orderTest(`<case name="c"><record no="1"/>${inside}</case>`)]);
      assert.deepEqual(report.diagnostics, []);
      const places = placesOf(report).map((line) => line.replace(/^\d+:\d+ /u, ''));
      assert.deepEqual(places, [place]);
      assert.deepEqual(report.counts, { passed: 0, failed: 1, skipped: 0 });
    });
  }

  it('tells all its differences, each at its place', async () => {
    const report = await runAll([
      ...ORDERS,
      orderTest(`<case name="c">
  <record no="1" status="New"/>${ANSWER}
  <sent method="GET">
    <parameter name="status" value="Old"/>
  </sent>
  <written field="remote_no" value="R-2"/>
</case>`),
    ]);
    assert.deepEqual(placesOf(report), [
      '4:17 sent method',
      '5:37 parameter parameter status',
      '7:37 written field remote_no',
    ]);
  });

  it('tells a failure that nobody expected without what follows from it', async () => {
    const cases = `<case name="c"><answer status="500"/><sent method="POST"/><written field="remote_no"/></case>
      <case name="d"><record no="1"/><answer failure="reset"/><written field="remote_no"/></case>`;
    const report = await runAll([...ORDERS, orderTest(cases)]);
    const actual = report.cases.flatMap(({ differences }) => differences.map((one) => one.actual?.split(' ')[0]));
    assert.deepEqual(actual, ['PARAMETER_EMPTY', 'CALL_RESET']);
  });

  it('sees the record as its module does: typed, whole, with what lies behind references', async () => {
    const report = await runAll([
      ...ORDERS,
      orderTest(`<case name="c">
  <record no="007" total="1.50" paid="1" customer_id="61x1" customer_id.name="Söhne" status="Shipped"/>
  <previous status="New"/>
  <context><value name="lines" type="json">[{"sku":"A"}]</value></context>
  <sent path="/api/orders/007">
    <parameter name="before" value="New"/>
    <parameter name="changed" value='["status"]'/>
    <parameter name="customer" value="Söhne"/>
    <body>{"status":"Shipped","before":"New","changed":["status"],"total":1.5,"customer":"Söhne","lines":[{"sku":"A"}],
      "at":"2026-01-01 12:00 Z","dice":0,"key":"mw-test-0-order-send","digest":""}</body>
  </sent>
</case>`),
    ]);
    const [difference, ...others] = report.cases.flatMap(({ differences }) => differences);
    assert.deepEqual(others, []);
    const sent = JSON.parse(difference?.actual?.replace(/"(digest)": "[^"]*"/u, '"digest": ""') ?? '');
    const expected = JSON.parse(difference?.expected ?? '');
    assert.deepEqual({ ...sent, dice: 0 }, { ...expected, dice: 0 });
  });

  it('runs at the time, in the zone and with the random values that are always the same', async () => {
    const test = orderTest(`<now at="2026-07-01T10:00:00Z" zone="Europe/Berlin"/>
      <case name="c"><record no="1"/><sent><parameter name="at" value="2026-07-01 12:00 +02:00"/>
        <parameter name="dice" value=""/></sent></case>`);
    const first = await runAll([...ORDERS, test]);
    assert.deepEqual(await runAll([...ORDERS, test]), first);
    assert.deepEqual(
      first.cases[0]?.differences.map(({ subject }) => subject),
      ['parameter dice'],
    );
  });

  it('fails for what a record would refuse and for a request that would not be sent', async () => {
    const report = await runAll([
      ...ORDERS,
      orderTest(`<case name="too long"><record no="1"/><answer>{"no":"123456"}</answer><failed code="RECORD_INVALID"/></case>
      <case name="no header"><record no="1"/><secret name="shop_token" value="a&#10;b"/>${ANSWER}<failed code="CALL_INVALID"/></case>`),
    ]);
    assert.deepEqual(placesOf(report), []);
  });

  it('takes the settings and secrets of its document, and its own before those', async () => {
    const report = await runAll([
      ...ORDERS,
      orderTest(`<setting name="shop_url" value="https://a.example"/>
      <case name="outer"><record no="1"/><sent url="https://a.example/api/orders/1"/></case>
      <case name="own"><setting name="shop_url" value="https://b.example"/><record no="1"/>
        <sent url="https://b.example/api/orders/1"><header name="authorization"/></sent></case>`),
    ]);
    assert.deepEqual(placesOf(report), []);
  });

  it('is skipped with its reason', async () => {
    const report = await runAll([...ORDERS, orderTest('<case name="c"><skip reason="later"/></case>')]);
    assert.deepEqual(report.counts, { passed: 0, failed: 0, skipped: 1 });
    assert.equal(report.cases[0]?.reason, 'later');
  });

  it('never shows a secret, nor what is computed from one', async () => {
    const report = await runAll([
      ...ORDERS,
      orderTest(`<secret name="shop_token" value="hunter2hunter2"/>
      <case name="c"><record no="1"/><answer>{"no":"R-1","token":"remote-token"}</answer>
        <sent><header name="Authorization" value="x"/><parameter name="digest" value="x"/><body>x</body></sent>
        <written context="token" value="x"/></case>
      <case name="new"><record no="1"/><answer>{"no":"R-1","token":"remote-token"}</answer></case>`),
    ]);
    const digest = '2eb80383e8247580e4397273309c24e0003329427012d5048dcb203e4b280823';
    const told = JSON.stringify(report.cases.map(({ differences }) => differences.map((one) => one.actual)));
    assert.equal(report.cases[0]?.differences.length, 4);
    for (const hidden of ['hunter2hunter2', 'remote-token', digest]) assert.ok(!told.includes(hidden), hidden);
    const written = JSON.stringify(report.cases.map(({ observed, corrections }) => [observed, corrections]));
    for (const hidden of ['hunter2hunter2', 'remote-token', digest]) assert.ok(!written.includes(hidden), hidden);
  });
});

describe('a coreBOS map', () => {
  const map = (fields: string): { file: string; text: string } => ({
    file: 'Legacy.xml',
    text: `<map><originmodule><originname>Orders</originname></originmodule>
      <wsconfig><wsurl>getSetting('shop_url')/x</wsurl><wshttpmethod>POST</wshttpmethod><inputtype>JSON</inputtype>
      <outputtype>JSON</outputtype></wsconfig>
      <fields>${fields}</fields>
      <Response><field><fieldname>id</fieldname><destination><field>remote_no</field></destination></field></Response></map>`,
  });
  const field = (name: string, text: string): string =>
    `<field><fieldname>${name}</fieldname><Orgfields><Orgfield><OrgfieldName>${text}</OrgfieldName>
      <OrgfieldID>expression</OrgfieldID></Orgfield></Orgfields></field>`;

  it('is tested by the name of its file, references by the name behind them', async () => {
    const text = `<map-test xmlns="urn:mapwright:1" map="Legacy"><case name="c">
      <record no="1" customer_id="61x1" customer_id.name="Söhne"/>
      <answer content-type="application/json">{"id":"R-1"}</answer>
      <sent method="POST"><parameter name="customer" value="Söhne"/><parameter name="no" value="1"/></sent>
      <written field="remote_no" value="&quot;R-1&quot;"/></case></map-test>`;
    const legacy = map(field('customer', 'customer_id') + field('no', 'no'));
    const report = await runAll([...ORDERS, legacy, { file: 't.xml', text }]);
    assert.deepEqual(
      report.diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.deepEqual(placesOf(report), []);
    assert.equal(report.counts.passed, 1);
  });
});

describe('the documents of map tests', () => {
  const wrong: readonly (readonly [about: string, text: string, code: string, hint: RegExp])[] = [
    [
      'an unknown map',
      '<map-test xmlns="urn:mapwright:1" map="order-sent"><case name="a"/></map-test>',
      'MAP_UNKNOWN',
      /order-send/u,
    ],
    ['a field', orderTest('<case name="a"><record stauts="x"/></case>').text, 'FIELD_UNKNOWN', /status/u],
    ['a field before', orderTest('<case name="a"><previous x="x"/></case>').text, 'FIELD_UNKNOWN', /no, status/u],
    ['a field behind', orderTest('<case name="a"><record customer_id.nam="x"/></case>').text, 'FIELD_UNKNOWN', /name/u],
    ['a value', orderTest('<case name="a"><record total="much"/></case>').text, 'MAP_TEST_VALUE', /hold/u],
    [
      'a parameter',
      orderTest('<case name="a"><sent><parameter name="statsu"/></sent></case>').text,
      'MAP_TEST_PARAMETER_UNKNOWN',
      /status/u,
    ],
    [
      'a path',
      orderTest('<case name="a"><sent><parameter name="lines" path="a..b"/></sent></case>').text,
      'PATH_SYNTAX',
      /dots/u,
    ],
    [
      'an output',
      orderTest('<case name="a"><answer/><written field="remote_id"/></case>').text,
      'MAP_TEST_OUTPUT_UNKNOWN',
      /remote_no/u,
    ],
  ];
  for (const [about, text, code, hint] of wrong) {
    it(`are refused for ${about} that is not there, and not run`, async () => {
      const { cases, diagnostics } = await runAll([...ORDERS, { file: 't.xml', text }]);
      assert.deepEqual(
        diagnostics.map((one) => one.code),
        [code],
      );
      assert.deepEqual(checkDocuments([...ORDERS, { file: 't.xml', text }]).diagnostics, diagnostics);
      assert.match(diagnostics[0]?.hint ?? '', hint);
      assert.ok((diagnostics[0]?.range.start.line ?? 0) > 0);
      assert.deepEqual(cases, []);
    });
  }

  it('are refused for a context value of another type', async () => {
    const test = orderTest('<case name="a"><context><value name="lines" type="json">{</value></context></case>');
    const { diagnostics } = await runAll([...ORDERS, test]);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['MAP_TEST_VALUE'],
    );
  });

  it('find maps in the documents in force, and those given before them', async () => {
    const [documents] = ORDERS;
    assert.ok(documents !== undefined);
    const inForce = [
      ['module', 'Orders'],
      ['module', 'Customers'],
      ['service', 'shop'],
      ['map', 'order-send'],
    ].map(([kind = '', name = '']) => ({ kind, name, ...documents }));
    const test = orderTest(`<case name="c"><record no="1"/><sent method="PUT"/></case>`);
    const isWanted = (): boolean => true;
    assert.equal((await runMapTests({ sources: [test], inForce, isWanted })).counts.failed, 1);
    const changed = { file: 'new.xml', text: documents.text.replace('method="POST"', 'method="PUT"') };
    assert.equal((await runMapTests({ sources: [test, changed], inForce, isWanted })).counts.passed, 1);
  });

  it('tell which map has errors', async () => {
    const [documents] = ORDERS;
    const broken = { file: 'documents.xml', text: documents?.text.replace('field="no"', 'field="nr"') ?? '' };
    const report = await runAll([broken, orderTest('<case name="c"><record no="1"/><sent method="POST"/></case>')]);
    assert.deepEqual(
      report.diagnostics.map(({ code }) => code),
      ['FIELD_UNKNOWN'],
    );
    assert.deepEqual(
      placesOf(report).map((line) => line.replace(/^\d+:\d+ /u, '')),
      ['outcome map'],
    );
  });
});
