import type { LegacyField, LegacyFieldType, LegacyModule, LegacyRow } from '../../../src/expression/legacy/services.ts';

type Types = Readonly<Record<string, LegacyFieldType>>;

/** The fields of an account, one of every type. */
export const FIELD_TYPES: Types = {
  name: 'text',
  price: 'currency',
  employees: 'integer',
  ticked: 'boolean',
  day: 'date',
  stamp: 'datetime',
  hours: 'time',
  status: 'picklist',
  colours: 'multipicklist',
  account_id: 'reference',
  assigned_user_id: 'owner',
  account_no: 'text',
};
const LINE_TYPES: Types = {
  name: 'text',
  quantity: 'number',
  worked: 'time',
  account_id: 'reference',
  account_no: 'text',
};

export const MODULES: readonly LegacyModule[] = [
  moduleOf({ name: 'Accounts', prefix: '11', types: FIELD_TYPES }),
  moduleOf({ name: 'Lines', prefix: '12', types: LINE_TYPES }),
];

/** The modules as documents: what the compiler checks names against. */
export const MODULE_DOCUMENTS = `<documents xmlns="urn:mapwright:1">
  <module name="Accounts" prefix="11" title="name">
    <field name="name" type="string"/><field name="price" type="currency"/><field name="employees" type="integer"/>
    <field name="ticked" type="boolean"/><field name="day" type="date"/><field name="stamp" type="datetime"/>
    <field name="hours" type="string"/><field name="status" type="string"/><field name="colours" type="string"/>
    <field name="account_id" type="reference" references="Accounts"/><field name="assigned_user_id" type="owner"/>
    <field name="account_no" type="string"/>
  </module>
  <module name="Lines" prefix="12" title="name">
    <field name="name" type="string"/><field name="quantity" type="number"/><field name="worked" type="string"/>
    <field name="account_id" type="reference" references="Accounts"/><field name="account_no" type="string"/>
  </module>
</documents>`;

/** The record that expressions are computed on. */
export const ACCOUNT: LegacyRow = account('11x74', {
  name: 'Bolt "M8" C:\\n & Söhne',
  price: '1.500000',
  employees: '131',
  ticked: '1',
  day: '2025-03-10',
  stamp: '2025-03-14 09:00:00',
  hours: '8:30',
  status: 'Open',
  colours: 'Red |##| Blue',
  account_id: '11x75',
  assigned_user_id: '19x5',
  account_no: 'ACC74',
});

export const ROWS: readonly LegacyRow[] = [
  ACCOUNT,
  account('11x75', { name: 'Rowley', price: '-2', employees: '0', day: '2024-02-29', account_no: 'ACC75' }),
  account('11x76', { name: '__IGNORE__', employees: 'x', day: 'never', status: '<b>', account_id: '11x9999' }),
  ...Array.from({ length: 12 }, (_, index) => ({
    id: `12x${index + 1}`,
    module: 'Lines',
    fields: {
      name: ['A', 'b', '', "it's", 'Ñ'][index % 5] ?? '',
      quantity: ['1', '2.5', '', 'x', '-3', '1e3'][index % 6] ?? '',
      worked: ['01:30:00', '8:00', '', '99'][index % 4] ?? '',
      account_id: index % 3 === 0 ? '' : `11x${74 + (index % 2)}`,
      account_no: `L-${index}`,
    },
  })),
];

export const GROUPS = {
  Sales: { id: '20x3', members: ['19x1', '19x5'] },
  Nobody: { id: '20x4', members: [] },
} as const;

const field = (name: string, source: string, id: string, more = ''): string =>
  `<field><fieldname>${name}</fieldname><Orgfields><Orgfield><OrgfieldName>${source}</OrgfieldName>` +
  `<OrgfieldID>${id}</OrgfieldID>${more}</Orgfield><delimiter/></Orgfields></field>`;

/** Business maps of every kind, by name; two of them ask each other for ever. */
export const BUSINESS_MAPS: Readonly<Record<string, string>> = {
  Size: "<map><expression>if employees &gt; 100 then 'big' else 'small' end</expression></map>",
  Greeting: '<map><template>Dear $name, $(account_id : (Accounts) name)</template></map>',
  Joined:
    '<map><function><name>concat</name><parameters><parameter>name</parameter><parameter>-</parameter></parameters></function></map>',
  LinesOf:
    '<map><module>Lines</module><fields>name,quantity</fields><conditions>[{"fieldname":"quantity","operation":"greater than","value":"$[count]","valuetype":"rawtext","joincondition":"and","groupid":"0"}]</conditions><return>recordset</return></map>',
  LinesBySql:
    '<map><sql>SELECT name FROM Lines WHERE account_id = ? AND quantity &lt;&gt; $[count]</sql><return>name</return></map>',
  Discount: `<decision><hitPolicy>C</hitPolicy><rules>
    <rule><sequence>1</sequence><expression>price * 2</expression><output>ExpressionResult</output></rule>
    <rule><sequence>2</sequence><mapid>Size</mapid><output>ExpressionResult</output></rule>
    <rule><sequence>3</sequence><decisionTable><module>Lines</module>
      <conditions><condition><input>A</input><operation>e</operation><field>name</field></condition></conditions>
      <orderby>quantity DESC</orderby><output>quantity</output></decisionTable><output>ExpressionResult</output></rule>
  </rules></decision>`,
  RowMap: `<map><targetmodule><targetname>Lines</targetname></targetmodule><fields>${field('name', 'sku', 'field')}${field('a.b', "concat(sku, '-')", 'expression')}</fields></map>`,
  TagMap: `<map><targetmodule/><fields>${field('tag', '$sku', 'template')}${field('size', 'name', 'rule', '<Rule>Size</Rule>')}</fields></map>`,
  Workflow_Accounts2Lines: `<map><targetmodule/><fields>${field('name', 'name', 'field')}</fields></map>`,
  Chosen:
    '<map><records><record><id>12x3</id><action>include</action></record><record><module>Lines</module><value>L-4</value><action>include</action></record></records></map>',
  Holidays:
    '<map><information><infotype>Holidays</infotype><value>2025-03-17</value><value>2025-12-25</value></information></map>',
  Endless: "<map><expression>evaluateRule('Endless too')</expression></map>",
  'Endless too': "<map><expression>concat(evaluateRule('Endless'), 'x')</expression></map>",
};

/** A row without the fields that are not given: they are empty. */
function account(id: string, given: Readonly<Record<string, string>>): LegacyRow {
  const empty = Object.fromEntries(Object.keys(FIELD_TYPES).map((name) => [name, '']));
  return { id, module: 'Accounts', fields: { ...empty, ...given } };
}

function moduleOf({ name, prefix, types }: { name: string; prefix: string; types: Types }): LegacyModule {
  const fields = Object.entries(types).map(([field, type]): [string, LegacyField] => [
    field,
    { name: field, label: field, type, targets: type === 'reference' ? ['Accounts'] : [] },
  ]);
  return { name, prefix, title: 'name', fields: new Map(fields) };
}
