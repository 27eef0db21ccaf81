import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDocuments } from '../../src/runtime/check.ts';
import { tryTexts } from './map-trial.ts';

const ACCOUNTS = `<module xmlns="urn:mapwright:1" name="Accounts" label="Accounts" prefix="11" title="accountname">
  <field name="accountname" label="Name" type="string"/>
  <field name="annual_revenue" label="Revenue" type="currency"/>
  <field name="zero" label="Zero" type="string"/>
  <field name="member_of" label="Member of" type="reference" references="Accounts"/>
</module>`;

function map(name: string, id: string): string {
  return `<map><originmodule><originname>Accounts</originname></originmodule><wsconfig>
    <wsurl>https://peer.example/api</wsurl><wshttpmethod>POST</wshttpmethod><wstype>REST</wstype>
    <inputtype>JSON</inputtype><outputtype>JSON</outputtype></wsconfig>
    <fields><field><fieldname>a</fieldname><Orgfields><Orgfield><OrgfieldName>${name}</OrgfieldName>
    <OrgfieldID>${id}</OrgfieldID></Orgfield></Orgfields></field></fields><Response/></map>`;
}

const RECORD = {
  id: '11x74',
  accountname: 'Söhne & "Co"',
  annual_revenue: 3045164,
  zero: '0',
  member_of: '11x746',
};

async function sent(name: string, id: string, record: object = RECORD): Promise<unknown> {
  const { sent: request } = await tryTexts({
    documents: [map(name, id), ACCOUNTS],
    map: 'M',
    record: { ...record },
    context: { token: 'T', accountname: 'of the context' },
  });
  return JSON.parse(request?.body?.toString() ?? '{}').a;
}

/** OrgfieldName, OrgfieldID, what is sent. */
const CASES: readonly (readonly [string, string, string])[] = [
  ['accountname', 'FIELD', 'Söhne & "Co"'],
  [' accountname ', 'field', 'Söhne & "Co"'],
  ['$accountname', 'FIELD', 'Söhne & "Co"'],
  ['annual_revenue', 'FIELD', '3,045,164.00'],
  ['zero', 'FIELD', '0'],
  ['member_of', 'FIELD', '11x746'],
  ['token', 'FIELD', ''],
  ['$accountname ($zero), $token.', 'TEMPLATE', 'Söhne & "Co" (0), .'],
  ['accountname', 'TEMPLATE', 'accountname'],
  ['$(general : (__WorkflowFunction__) uppercase(zero) )!', 'TEMPLATE', '0'],
  ["$(general : (__WorkflowFunction__) getFromContext('token') )", 'TEMPLATE', 'T'],
];

describe('FIELD and TEMPLATE of coreBOS maps', () => {
  for (const [name, id, expected] of CASES) {
    it(`sends ${JSON.stringify(name)} as ${id}`, async () => assert.equal(await sent(name, id), expected));
  }

  it('reads the context where there is no record', async () => {
    assert.equal(await sent('token', 'FIELD', {}), 'T');
    assert.equal(await sent('$accountname/$token', 'TEMPLATE', {}), 'of the context/T');
  });

  const problems: readonly [name: string, id: string, severity: string, code: string, pointed: string][] = [
    ['nosuch', 'FIELD', 'warning', 'FIELD_UNKNOWN', 'nosuch'],
    ['a $accountnam b', 'TEMPLATE', 'warning', 'FIELD_UNKNOWN', '$accountnam'],
    ['$(accountname : (Accounts) zero)', 'TEMPLATE', 'warning', 'FIELD_NO_REFERENCE', '$(accountname'],
    ['accountname zero', 'TEMPLATE', 'warning', 'COREBOS_TEMPLATE_LITERAL', 'accountname zero'],
    ['$(general : (__VtigerMeta__) sitelurl)', 'TEMPLATE', 'warning', 'TEMPLATE_META_UNKNOWN', 'sitelurl'],
    ['$(general : (__WorkflowFunction__) nosuch(1) )', 'TEMPLATE', 'error', 'EXPRESSION_UNKNOWN_FUNCTION', 'nosuch'],
    ['$(general : (__WorkflowFunction__) concat(', 'TEMPLATE', 'error', 'TEMPLATE_SYNTAX', '$(general'],
  ];
  for (const [name, id, severity, code, pointed] of problems) {
    it(`tells ${code} of ${name}`, () => {
      const text = map(name, id);
      const files = [
        { file: 'M.xml', text },
        { file: 'Accounts.xml', text: ACCOUNTS },
      ];
      const { diagnostics } = checkDocuments(files);
      const found = diagnostics.find((one) => one.code === code);
      assert.equal(found?.severity, severity);
      assert.ok(text.slice(found?.range.start.offset).startsWith(pointed));
    });
  }
});
