import { escapeAttribute } from '../../../src/xml/escape.ts';
import { LEGACY_OPERATION_NAMES } from '../../../src/expression/legacy/condition/operations.ts';
import { Grammar } from './grammar.ts';
import { hostileText } from './hostile-text.ts';
import { LEGACY_GRAMMAR } from './legacy-grammar.ts';
import type { Random } from './random.ts';

/** Rules, mappings, record sets and information maps of coreBOS; names are those of the stock that expressions are tried on. */
export const BUSINESS_MAP_GRAMMAR = new Grammar(
  {
    document: [
      '«expression-map»',
      '«query-map»',
      '«query-map»',
      '«decision-map»',
      '«decision-map»',
      '«mapping»',
      '«native-mapping»',
      '«native-rule»',
      '«native-rule»',
      '«record-set»',
      '«information»',
    ],

    'expression-map': [
      '<map><expression>«legacy»</expression></map>',
      '<map><template>«template»</template></map>',
      '<map><function><name>«function»</name><parameters>«parameters»</parameters></function></map>',
    ],
    parameters: ['', '<parameter>«text»</parameter>«parameters»'],
    template: [
      '$«field» $(account_id : (Accounts) «field»)',
      '$(general : (__WorkflowFunction__) «legacy» ) $[«value»]',
      '«text»$«field»',
    ],

    'query-map': [
      '<map><module>«module»</module><fields>«columns»</fields><conditions>«conditions»</conditions><return>«return»</return></map>',
      '<map><module>«module»</module><conditions>«conditions»</conditions><return>«return»</return></map>',
      '<map><sql>«sql»</sql><return>«return»</return></map>',
    ],
    columns: ['«field»', '«field»,«columns»', 'id, «field»', ''],
    return: ['count', 'recordset', '«field»', 'id'],
    conditions: ['[]', '[«condition»]', '[«condition»,«condition»]', '[«condition»,«condition»,«condition»]', '«text»'],
    condition: [
      '{"fieldname":"«field»","operation":"«operation»","value":"«wanted»","valuetype":"rawtext","joincondition":"«join»","groupid":"«bit»","groupjoin":"«join»"}',
      '{"fieldname":"«field»","operation":"«operation»","value":"«field»","valuetype":"fieldname","joincondition":"«join»","groupid":"0"}',
      '{"fieldname":"account_id : (Accounts) «field»","operation":"«operation»","value":"«wanted»","valuetype":"rawtext","joincondition":"«join»","groupid":"1"}',
    ],
    wanted: ['A', '1', '$[«value»]', '2025-03-10', '11x74', '74', '', '1,2', '$[«value»]x', '«json-text»'],
    join: ['and', 'or', ''],
    sql: [
      'SELECT «sql-columns» FROM «table»«entity» WHERE «sql-conditions»',
      'select «sql-columns» from «table»',
      'SELECT «sql-columns» FROM «table» WHERE «sql-conditions» «text»',
    ],
    'sql-columns': ['*', '«field»', '«field», vtiger_account.«field»', 'accountid'],
    table: ['Lines', 'vtiger_account', 'vtiger_lines', 'vtiger_account a', '«text»'],
    entity: ['', ' INNER JOIN vtiger_crmentity ce ON ce.crmid = vtiger_account.accountid'],
    'sql-conditions': ['«sql-condition»', '«sql-condition» AND «sql-conditions»', 'ce.deleted = 0 AND «sql-condition»'],
    'sql-condition': [
      '«field» = ?',
      "«field» «sign» '«letters»'",
      '«field» «sign» $[«value»]',
      '«field» is not null',
      '«field» «sign» «digit»',
    ],
    sign: ['=', '!=', '&lt;', '&gt;=', '&lt;&gt;', 'LIKE'],

    'decision-map': [
      '<decision>«policy»<rules>«rules»</rules></decision>',
      '<map><decision>«policy»<rules>«rules»</rules></decision></map>',
    ],
    policy: ['<hitPolicy>«hit»</hitPolicy>', '<hitPolicy>G</hitPolicy><aggregate>«aggregate»</aggregate>'],
    rules: ['«rule»', '«rule»«rules»', '«rule»«rule»«rule»'],
    rule: [
      '<rule><sequence>«sequence»</sequence><expression>«legacy»</expression><output>«output»</output></rule>',
      '<rule><sequence>«sequence»</sequence><expression>«answer»</expression><output>«output»</output></rule>',
      '<rule><sequence>«sequence»</sequence><mapid>«map»</mapid><output>«output»</output></rule>',
      '<rule><sequence>«sequence»</sequence><decisionTable>«search»</decisionTable><output>«output»</output></rule>',
    ],
    answer: [
      "'__DoesNotPass__'",
      "'«letters»'",
      '«digit»',
      "'«number»'",
      '$[«value»] + 1',
      "'a$[«value»]'",
      "'11x74'",
      "''",
    ],
    sequence: ['«digit»', '«digit»', '«digit»«digit»', '«letters»', ''],
    output: ['ExpressionResult', 'ExpressionResult', 'FieldValue', 'crmObject', 'Row', '«letters»'],
    search: [
      '<module>«module»</module>«musts»«mays»«order»<output>«columns»</output>',
      '<module>Lines</module>«musts»«order»<output>name,quantity</output>',
    ],
    musts: ['', '<conditions>«must»</conditions>', '<conditions>«must»«must»</conditions>'],
    mays: ['', '<searches><search>«may»</search></searches>', '<searches><search>«may»«may»</search></searches>'],
    must: [
      '<condition><input>«input»</input><operation>«list-operation»</operation><field>«field»</field></condition>',
    ],
    may: [
      '«must»',
      "<condition><input>«input»</input><preprocess>uppercase('$[«value»]')</preprocess><operation>«list-operation»</operation><field>«field»</field></condition>",
    ],
    input: ['«value»', 'A', '«value»', '11x74'],
    order: ['', '<orderby>«field»</orderby>', '<orderby>«field» DESC</orderby>'],

    mapping: [
      '<map><originmodule><originname>Accounts</originname></originmodule><targetmodule><targetname>«module»</targetname></targetmodule><fields>«fields»</fields></map>',
    ],
    'native-mapping': [
      '<mapping xmlns="urn:mapwright:1" name="Tried" from="Accounts">«sets»</mapping>',
      '<mapping xmlns="urn:mapwright:1" name="Tried">«sets»</mapping>',
    ],
    sets: ['«set»', '«set»«sets»', '«set»«set»'],
    set: [
      '<set field="t«digit»" from="«path»"«set-how»/>',
      '<set field="t«digit»" context="«value»" default=""«set-how»/>',
      '<set field="t«digit»" template="«text»{record.«field»}"/>',
      '<set field="t«digit»" jsonata="«code»"«set-how»/>',
      '<set field="t«digit»" legacy="«legacy»"/>',
      '<set field="t«digit»" rule="«map»"/>',
      '<set field="t«digit»"><parameter name="«letters»" field="«path»" default="«text»"/></set>',
      '<set field="t«digit»"><parameter name="«letters»" each="record.lines" jsonata="item.sku"/></set>',
      '<set field="t«digit»"><legacy-parts delimiter="«delimiter»"><part as="name">«value»</part><part as="field">«source»</part></legacy-parts></set>',
    ],
    path: ['«field»', '«field»', 'account_id.name', 'customer.address.city', 'lines.0.sku', '«value».«letters»'],
    'set-how': [
      '',
      ' default="«text»"',
      ' when-empty="omit"',
      ' when-empty="fail"',
      ' type="number"',
      ' type="string"',
    ],
    code: [
      'record.«field» &amp; context.«value»',
      '$sum(record.lines.quantity)',
      'record.«field»',
      '$random()',
      'user.id',
    ],

    'native-rule': [
      '<rule xmlns="urn:mapwright:1" name="Tried" «asked»«given»/>',
      '<rule xmlns="urn:mapwright:1" name="Tried" «asked»><give name="a" «given»/><give name="b" «given»/></rule>',
      '<rule xmlns="urn:mapwright:1" name="Tried" «asked»hit="«hit-word»">«native-rows»«otherwise»</rule>',
      '<rule xmlns="urn:mapwright:1" name="Tried" «asked»hit="«hit-word»">«native-rows»</rule>',
      '<rule xmlns="urn:mapwright:1" name="Tried"><search module="«module»"«gift»>«wanted-conditions»</search>«otherwise»</rule>',
      '<rule xmlns="urn:mapwright:1" name="Tried"><search module="«module»" give="count">«wanted-conditions»</search></rule>',
    ],
    asked: ['', 'module="Accounts" '],
    given: [
      'field="«field»"',
      'field="account_id.name" default=""',
      'context="«value»" default="«text»"',
      'value="«number»" type="number"',
      'template="«text»{record.«field»}"',
      'jsonata="«code»"',
      'legacy="«legacy»"',
      'legacy-template="«template»"',
      'rule="«map»"',
      'value="__DoesNotPass__"',
    ],
    'hit-word': ['first', 'unique', 'any', 'collect', 'sum', 'min', 'max', 'count'],
    'native-rows': ['«native-row»', '«native-row»«native-rows»'],
    'native-row': [
      '<row «given»/>',
      '<row when="context.«value»" «given»/>',
      '<row «given»><condition field="«field»" is="«compared»" value="«text»"/></row>',
      '<row><search module="«module»"«gift»>«wanted-conditions»</search></row>',
    ],
    otherwise: ['<otherwise «given»/>', '<otherwise><give name="a" «given»/></otherwise>'],
    gift: ['', ' field="«field»"', ' fields="id «field»" order="-«field»"', ' field="«field»" limit="1«digit»"'],
    compared: 'equal not-equal less greater at-most at-least contains not-contains starts-with ends-with one-of'.split(
      ' ',
    ),
    'wanted-conditions': ['', '«wanted-condition»', '«wanted-condition»«wanted-conditions»'],
    'wanted-condition': [
      '<condition field="«field»" is="«compared»" value="«wanted»"/>',
      '<condition field="«field»" is="«compared»" context="«value»" when-empty="hold"/>',
      '<condition field="«field»" is="one-of" jsonata="[context.«value», 7]"/>',
      '<condition field="«field»" is="not-empty"/>',
      '<any>«wanted-condition»<all>«wanted-condition»</all></any>',
      '<legacy-conditions>[«condition»]</legacy-conditions>',
    ],

    fields: ['«mapped»', '«mapped»«fields»', '«mapped»«mapped»'],
    mapped: [
      '<field><fieldname>«target»</fieldname><Orgfields>«parts»<delimiter>«delimiter»</delimiter></Orgfields></field>',
      '<field><fieldname>«target»</fieldname><value>«text»</value></field>',
    ],
    target: ['«field»', 'a.b.«digit»', 'a', 'a.b', '«field».«letters»', '«dotted»'],
    delimiter: ['', '-', ' ', '--None--', '«text»'],
    parts: ['«part»', '«part»«part»'],
    part: [
      '<Orgfield><OrgfieldName>«legacy»</OrgfieldName><OrgfieldID>expression</OrgfieldID>«process»</Orgfield>',
      '<Orgfield><OrgfieldName>«source»</OrgfieldName><OrgfieldID>«how»</OrgfieldID>«process»</Orgfield>',
      '<Orgfield><OrgfieldName>«template»</OrgfieldName><OrgfieldID>template</OrgfieldID>«process»</Orgfield>',
      '<Orgfield><OrgfieldName>«value»</OrgfieldName><OrgfieldID>rule</OrgfieldID><Rule>«map»</Rule>«process»</Orgfield>',
    ],
    source: ['«field»', '$«field»', 'lines.0.sku', 'customer.address.city', '«text»'],
    how: ['field', 'FIELD', 'const', 'template', '«digit»'],
    process: ['', '', '<postProcess>«post»</postProcess>'],

    'record-set': ['<map><records>«records»</records></map>'],
    records: ['', '«record»«records»', '«record»«record»'],
    record: [
      '<record><id>12x«digit»</id><action>«action»</action></record>',
      '<record><module>Lines</module><value>L-«digit»</value><action>«action»</action></record>',
      '<record><id>«digit»</id><module>«module»</module></record>',
      '<record><module>«module»</module><value>«text»</value></record>',
    ],

    information: ['<map><information><infotype>«letters»</infotype>«values»</information></map>'],
    values: ['', '<value>2025-0«digit»-1«digit»</value>«values»', '<value>«text»</value>«values»'],
  },
  word,
);

const WORDS: Readonly<Record<string, readonly string[]>> = {
  letters: ['a', 'b', 'Size', 'take', 'x1'],
  field:
    'name price employees ticked day stamp hours status colours account_id assigned_user_id quantity worked account_no id nope constructor'.split(
      ' ',
    ),
  value: 'count token name A customer lines record_id constructor __proto__ toString nope'.split(' '),
  module: ['Lines', 'Lines', 'Accounts', 'Nope'],
  map: ['Size', 'Greeting', 'LinesOf', 'LinesBySql', 'Discount', 'Tried', 'size', 'nope'],
  function: ['concat', 'uppercase', 'add_days', 'getFromContext', 'evaluateRule', 'nope'],
  hit: ['U', 'F', 'C', 'A', 'R', 'G', 'x'],
  aggregate: ['sum', 'min', 'max', 'count', 'x'],
  number: ['1e400', '-0', '9007199254740993', '2.5', ' 7'],
  bit: ['0', '1', '2'],
  'list-operation': 'e n s ew c k dnsw dnew l g m h b a bw y ny i ni E nope'.split(' '),
  action: ['include', 'Include', 'exclude', 'group', 'take'],
  post: 'intval floatval boolval addslashes stripslashes quotemeta htmlentities html_entity_decode htmlspecialchars json_decode json_encode nope'.split(
    ' ',
  ),
};

function word(random: Random, rule: string): string | undefined {
  switch (rule) {
    case 'digit':
      return String(random.below(10));
    case 'text':
      return escapeAttribute(random.oneIn(2) ? hostileText(random) : random.pick(['A', 'a b', 'L-4', '2025-12-25']));
    case 'json-text':
      return escapeAttribute(JSON.stringify(hostileText(random)).slice(1, -1));
    case 'dotted':
      return '.'.repeat(random.below(20));
    case 'operation':
      return random.pick(LEGACY_OPERATION_NAMES);
    case 'legacy':
      return escapeAttribute(LEGACY_GRAMMAR.expand(random, 'expression', 8));
    default: {
      const choices = WORDS[rule];
      return choices === undefined ? undefined : random.pick(choices);
    }
  }
}
