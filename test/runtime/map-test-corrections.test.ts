import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hasErrors } from '../../src/core/diagnostic.ts';
import { correctExpectations } from '../../src/runtime/map-test-corrections.ts';
import { mapTestSkeleton } from '../../src/runtime/map-test-skeleton.ts';
import { escapeAttribute } from '../../src/xml/escape.ts';
import { ORDERS, orderTest, placesOf, runAll, shippedMaps } from './map-test-fixture.ts';

/** The text after an update, and what its tests give then. */
async function updated(text: string): Promise<{ text: string; left: number; places: string[] }> {
  const before = await runAll([...ORDERS, { file: 't.xml', text }]);
  assert.deepEqual(before.diagnostics, []);
  const corrected = correctExpectations(text, before.cases);
  const after = await runAll([...ORDERS, { file: 't.xml', text: corrected.text }]);
  assert.ok(!hasErrors(after.diagnostics), corrected.text);
  return { ...corrected, places: placesOf(after) };
}

describe('an update', () => {
  it('changes the expectations that failed, and nothing else', async () => {
    const text = `<?xml version="1.0"?>
<!-- kept -->
<map-test xmlns='urn:mapwright:1'   map="order-send">
  <case
     name="c"  >  <!-- this, too -->
    <record no='1' status="Say &quot;hi&quot;"/><answer>{"no":"R-1"}</answer>
    <sent method="GET" path="/api/orders/1">
      <parameter   value='wrong' name="status"/>
      <parameter name="changed" path="0" value="x"/><!-- no more -->
      <header name="x-none" value="1"/>
      <body>old</body>
    </sent>
    <written field="remote_no" value="R-2"/>
    <written context="token"/>
    <not-written field="remote_no"/>
    <failed code="CALL_STATUS"/>
    <warning>nobody warns</warning>
  </case>
  <case name="right"><record no="1"/><sent   method = "POST"/></case>
</map-test>
`;
    const after = await updated(text);
    // The body holds what is computed from a secret: it is a person's to settle.
    assert.deepEqual(after.places, ['11:7 body body']);
    assert.equal(after.left, 1);
    assert.equal(
      after.text,
      text
        .replace('method="GET"', 'method="POST"')
        .replace("'wrong'", `'Say "hi"'`)
        .replace('path="0" value="x"/>', 'path="0" absent="true"/>')
        .replace('<header name="x-none" value="1"/>', '<header name="x-none" absent="true"/>')
        .replace('value="R-2"', 'value="R-1"')
        .replace('    <written context="token"/>\n', '')
        .replace('<not-written field="remote_no"/>', '<written field="remote_no" value="R-1"/>')
        .replace('    <failed code="CALL_STATUS"/>\n', '')
        .replace('    <warning>nobody warns</warning>\n', ''),
    );
  });

  const styles: readonly (readonly [about: string, text: string, pattern: RegExp])[] = [
    ['an empty case', '<map-test xmlns="urn:mapwright:1" map="order-send"><case name="c"/></map-test>', /\n<\/case>/u],
    [
      'a case on one line',
      '<map-test xmlns="urn:mapwright:1" map="order-send">\n <case name="c"><record no="1"/></case>\n</map-test>',
      /\n {3}<sent method="POST" path="\/api\/orders\/1">\n/u,
    ],
    [
      'line ends of Windows',
      '<map-test xmlns="urn:mapwright:1" map="order-send">\r\n\t<case name="c">\r\n\t\t<record no="1"/>\r\n\t</case>\r\n</map-test>',
      /^(?:[^\n\r]*\r\n)+<\/map-test>$/u,
    ],
    [
      'a prefix',
      '<m:map-test xmlns:m="urn:mapwright:1" map="order-send">\n<m:case name="c">\n<m:record no="1"/>\n</m:case>\n</m:map-test>',
      /\n<m:sent .*>\n {2}<m:parameter /u,
    ],
  ];
  for (const [about, text, pattern] of styles) {
    it(`writes in the manner of the file: ${about}`, async () => {
      const after = await updated(text);
      assert.deepEqual(after.places, []);
      assert.match(after.text, pattern);
      assert.equal((await updated(after.text)).text, after.text);
    });
  }

  it('replaces what did not happen when the map fails, in one go', async () => {
    const after = await updated(
      orderTest(`<case name="c"><answer/><sent method="POST"/><written field="remote_no"/></case>
      <case name="d"><record no="1"/><answer failure="timeout"/><written field="remote_no"/></case>`).text,
    );
    assert.deepEqual(after.places, []);
    assert.match(after.text, /<failed code="PARAMETER_EMPTY"\/>/u);
    assert.match(after.text, /<failed code="CALL_TIMEOUT"\/>/u);
    assert.doesNotMatch(after.text, /<sent|<written/u);
  });

  it('writes no secret: a value with one is expected to be there, whatever it is', async () => {
    const after = await updated(
      orderTest(`<secret name="shop_token" value="hunter2hunter2"/>
      <case name="new"><record no="1"/><answer>{"no":"R-1","token":"remote-token"}</answer></case>
      <case name="old"><record no="1"/><sent><parameter name="digest" value="x"/><header name="Authorization" value="x"/>
        <body>x</body></sent></case>`).text,
    );
    assert.equal(after.text.split('hunter2hunter2').length, 2);
    assert.equal(after.text.split('remote-token').length, 2);
    assert.match(after.text, /<parameter name="digest"\/>/u);
    assert.match(after.text, /<written context="token"\/>/u);
    assert.match(after.text, /<header name="Authorization"\/>/u);
    // The body is a person's to settle.
    assert.equal(after.left, 1);
    assert.equal(after.places.length, 1);
  });

  it('makes any case pass, whatever its values are', async () => {
    const characters = fc.constantFrom(
      ...`ab "'<>&]]>\t\n\r{}[]\\ö螺🔩\u0001`,
      ']]>',
      '&amp;',
      '\r\n',
      '{= 1 }',
      '${x}',
    );
    const value = fc.array(characters, { maxLength: 12 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(value, value, async (status, answered) => {
        const body = escapeAttribute(JSON.stringify({ no: '1', token: 't', message: answered }));
        const record = `<record no="1" status="${escapeAttribute(status)}"/>`;
        const answer = `<answer status="500">${body}</answer>`;
        const after = await updated(
          orderTest(`<case name="new">${record}${answer}</case>
          <case name="old">${record}${answer}<sent><parameter name="status" value="-"/></sent>
            <written field="remote_error" value="-"/><failed code="CALL_STATUS"/></case>`).text,
        );
        assert.deepEqual(
          after.places.filter((place) => !place.includes('parameter status') && !place.includes('remote_error')),
          [],
        );
        // Control characters cannot stand in XML; all others can.
        if (!(status + answered).includes('\u0001')) assert.deepEqual(after.places, []);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a first test', () => {
  for (const map of ['peer-challenge', 'peer-login', 'product-create', 'product-update', 'peer-logout']) {
    it(`of ${map} passes as it is printed`, async () => {
      const sources = shippedMaps('product-sync');
      const text = await mapTestSkeleton({ map, sources, inForce: [] });
      const report = await runAll([...sources, { file: 'new.xml', text }]);
      assert.deepEqual(report.diagnostics, []);
      assert.deepEqual(placesOf(report), []);
      assert.equal(report.counts.passed, 1);
      assert.match(text, /<sent method="(?:GET|POST)" path="\/webservice.php">\n/u);
    });
  }

  it('of a map with all kinds of parameters names what it reads and what it writes', async () => {
    const text = await mapTestSkeleton({ map: 'order-send', sources: ORDERS, inForce: [] });
    for (const part of [
      'customer_id.name="name"',
      '<context lines=',
      'field="remote_no"',
      '<parameter name="digest"/>',
    ]) {
      assert.ok(text.includes(part), `${part}\n${text}`);
    }
  });

  it('of an unknown map is refused with the nearest name', async () => {
    await assert.rejects(mapTestSkeleton({ map: 'order-sent', sources: ORDERS, inForce: [] }), {
      code: 'MAP_UNKNOWN',
      hint: 'did you mean "order-send"?',
    });
  });
});
