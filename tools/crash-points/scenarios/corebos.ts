import type { SourceFile } from '../../../src/runtime/administration.ts';
import type { CrashScenario } from '../scenario.ts';
import { orderDocuments } from './order-documents.ts';

const field = (name: string, source: string): string =>
  `<field><fieldname>${name}</fieldname><Orgfields><Orgfield><OrgfieldName>${source}</OrgfieldName><OrgfieldID></OrgfieldID>
   </Orgfield><delimiter></delimiter></Orgfields></field>`;
const output = (path: string, name: string): string =>
  `<field><fieldname>${path}</fieldname><destination><field>${name}</field></destination></field>`;

/** A webservice map as coreBOS stores it: in no namespace. */
function corebosMap(name: string, config: string, fields: string, response: string): SourceFile {
  const text = `<map><originmodule><originname>Orders</originname></originmodule><wsconfig>${config}
<inputtype>JSON</inputtype><outputtype>JSON</outputtype></wsconfig><fields>${fields}</fields><Response>${response}</Response></map>`;
  return { file: `${name}.xml`, text };
}

/** Maps of the coreBOS dialect, over REST and SOAP, with a rule, a mapping and messages of its legacy language. */
export const COREBOS: CrashScenario = {
  name: 'corebos',
  free: ['/soap'],
  acts: [
    {
      name: 'an order',
      carryOut: ({ web }) =>
        web('create', {
          elementType: 'Orders',
          element: '{"no":"A"}',
          cbwsOptions: '{"ClientRequestIdentifier":"one"}',
        }),
    },
  ],
  documents: [
    orderDocuments(
      'corebos',
      `<workflow name="order" module="Orders"><trigger on="create"/><tasks>
  <webservice id="rest" map="rest"/>
  <webservice id="soap" map="soap"/>
  <expression id="say">
    <set context="said" legacy="sendMessage('hello', 'crash-points', 100000)"/>
  </expression>
  <expression id="hear"><set context="heard" legacy="readMessage('crash-points')"/></expression>
  <set-fields id="mark"><set field="status" legacy="concat('is ', no)"/></set-fields>
</tasks></workflow>`,
    ),
    corebosMap(
      'rest',
      "<wsurl>getSetting('shop')/corebos</wsurl><wshttpmethod>POST</wshttpmethod><wstype>REST</wstype>",
      field('no', 'no'),
      output('success', 'remote_id'),
    ),
    corebosMap(
      'soap',
      "<wsurl>getSetting('shop')/soap?wsdl</wsurl><methodname>checkVat</methodname><wstype>SOAP</wstype>",
      field('countryCode', 'no') + field('vatNumber', 'no'),
      output('name', 'turn'),
    ),
  ],
};
