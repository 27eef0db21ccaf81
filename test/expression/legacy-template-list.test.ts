import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LegacyFieldType, LegacyModule, LegacyRow } from '../../src/expression/legacy/services.ts';
import { compileLegacyTemplate } from '../../src/expression/legacy/template/template.ts';
import { memoryEnvironment, memoryServices } from '../../tools/conformance/memory-world.ts';

function module(name: string, prefix: string, title: string, ...fields: readonly string[]): LegacyModule {
  const known = fields.map((written) => {
    const [field = '', type = 'text', target] = written.split(':');
    const targets = target === undefined ? [] : [target];
    return [field, { name: field, label: field, type: type as LegacyFieldType, targets }] as const;
  });
  return { name, prefix, title, fields: new Map(known) };
}

const ORDER = '6x1';
const row = (id: string, name: string, fields: Readonly<Record<string, string>>): LegacyRow => ({
  id,
  module: name,
  fields,
});

function servicesWith(modules: readonly LegacyModule[]) {
  return memoryServices({
    modules,
    displayNames: { '14x1': 'Bolt & Nut', '14x2': 'Pin', '19x5': 'Anna Berg' },
    rows: [
      row(ORDER, 'SalesOrder', { subject: 'SO-17' }),
      row('27x1', 'ModComments', {
        commentcontent: 'first <b>',
        related_to: ORDER,
        assigned_user_id: '19x5',
        createdtime: '2025-03-14 10:00:00',
      }),
      row('27x2', 'ModComments', {
        commentcontent: 'second',
        related_to: ORDER,
        assigned_user_id: '19x5',
        createdtime: '2025-03-15 11:30:00',
      }),
      row('28x1', 'InventoryDetails', {
        related_to: ORDER,
        productid: '14x1',
        quantity: '2',
        linetotal: '3.5',
        cf_1: 'x',
      }),
      row('28x2', 'InventoryDetails', {
        related_to: ORDER,
        productid: '14x2',
        quantity: '1',
        linetotal: '10',
        cf_1: 'y',
      }),
      row('12x1', 'Contacts', { firstname: 'Bo', lastname: 'Ek', order_id: ORDER }),
    ],
  });
}

const MODULES = [
  module('SalesOrder', '6', 'subject', 'subject'),
  module(
    'ModComments',
    '27',
    'commentcontent',
    'commentcontent',
    'related_to:reference:SalesOrder',
    'assigned_user_id:owner',
  ),
  module(
    'InventoryDetails',
    '28',
    'productid',
    'related_to:reference:SalesOrder',
    'productid:reference:Products',
    'quantity:number',
    'linetotal:currency',
    'cf_1',
  ),
  module('Contacts', '12', 'lastname', 'firstname', 'lastname', 'order_id:reference:SalesOrder'),
];

async function render(name: string, modules = MODULES): Promise<string> {
  const compiled = compileLegacyTemplate(`$(general : (__VtigerMeta__) ${name})`);
  assert.ok(compiled.ok);
  assert.deepEqual(compiled.warnings, []);
  const view = { recordId: ORDER, module: 'SalesOrder', record: { subject: 'SO-17' } };
  return compiled.value.render(memoryEnvironment(view, servicesWith(modules)));
}

const CASES: readonly (readonly [string, string])[] = [
  ['comments_0a_text_comment', 'first <b>second'],
  ['comments_1d_text', 'Anna Berg\n2025-03-15 11:30:00\nsecond\n'],
  ['comments_1a_text_dateY/m', '2025/03'],
  [
    'comments_1_html_comment',
    '<div class="comments"><div class="commentdetails"><ul class="commentfields"><li class="commentcomment">first &lt;b&gt;</li></ul></div></div>',
  ],
  [
    'comments_1d_table_creator',
    '<div class="comments"><table class="commentdetails"><tr class="commentfields"><td class="commentcreator">Anna Berg</td></tr></table></div>',
  ],
  ['inventorydetails_text_productname', 'Bolt & Nut\nPin\n'],
  ['inventorydetails_text_quantity,vtiger_inventorydetails.cf_1', 'Bolt & Nut 2.00 x\nPin 1.00 y\n'],
  [
    'inventorydetails_table_linetotal',
    '<table class="inventorydetails"><tr class="inventorydetailsfields"><td class="inventorydetailsfield">Bolt &amp; Nut</td><td class="inventorydetailsfield">3.50</td></tr><tr class="inventorydetailsfields"><td class="inventorydetailsfield">Pin</td><td class="inventorydetailsfield">10.00</td></tr></table>',
  ],
  ['RelatedList_Contacts_text_firstname,lastname', 'Bo Ek\n'],
  [
    'RelatedList_Contacts',
    '<div class="relatedlist"><ul class="relatedlistfields"><li class="relatedlistfield">Ek</li></ul></div>',
  ],
];

describe('lists of records in templates of coreBOS', () => {
  for (const [name, expected] of CASES) {
    it(name, async () => assert.equal(await render(name), expected));
  }

  it('are empty where there is no such module, or no record', async () => {
    assert.equal(await render('comments', [MODULES[0] ?? assert.fail()]), '');
    const compiled = compileLegacyTemplate('[$(general : (__VtigerMeta__) comments)]');
    assert.ok(compiled.ok);
    assert.deepEqual(compiled.value.references, [{ root: 'module', path: ['ModComments'], offset: 1, length: 38 }]);
    const view = { module: 'SalesOrder', record: {} };
    assert.equal(await compiled.value.render(memoryEnvironment(view, servicesWith(MODULES))), '[]');
  });
});
