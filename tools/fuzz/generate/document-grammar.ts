import { escapeAttribute } from '../../../src/xml/escape.ts';
import { Grammar } from './grammar.ts';
import { hostileText } from './hostile-text.ts';
import type { Random } from './random.ts';

const NAMES = ['Products', 'head-office', 'peer-login', 'peer-challenge', 'create', 'login', 'note', 'x', 'a-b.c_d'];
const FIELDS = ['productname', 'serial_no', 'unit_price', 'description', 'remote_id', 'assigned_user_id', 'nope'];
const HOSTILE_ONE_IN = 60;

/** Documents of every kind and both dialects, right more often than not; names are those of maps/product-sync. */
export const DOCUMENT_GRAMMAR = new Grammar(
  {
    document: ['«native»', '«native»', '«native»', '«corebos»', '<documents «ns»>«members»</documents>'],
    native: ['«service»', '«map»', '«map»', '«workflow»', '«workflow»', '«mapping»', '«rule»', '«module»'],
    members: ['', '«member»', '«member»«members»'],
    member: ['<module name="«name»" prefix="9«digit»" title="t"><field name="t" type="string"/></module>', '«native»'],
    ns: ['xmlns="urn:mapwright:1"'],

    service: ['<service «ns» name="«name»" url="«origin»"«label»>«service-parts»</service>'],
    origin: ['https://b.example', '{setting.head_office_url}/webservice.php', 'http://127.0.0.1:«digit»«digit»«digit»'],
    label: ['', ' label="«text»"', ' author="«text»"', ' logo="«text»"'],
    'service-parts': ['', '«header»', '«header»«timeout»', '«timeout»<limit concurrent="«digit»"/>«expect»«on-error»'],
    header: ['<header name="X-«letters»" «source»/>', '<header name="Accept" value="application/json"/>'],
    timeout: ['<timeout connect="«duration»" total="«duration»"/>', '<timeout total="«duration»"/>'],
    expect: [
      '<expect status="2xx 404"/>',
      '<expect when="«jsonata»" code="{response.body.code}" message="«template»"/>',
    ],
    'on-error': ['', '<on-error>«retry»«notify»«abort»</on-error>'],
    retry: [
      '',
      '<retry times="«digit»" every="«duration»"/>',
      '<retry from="5s" growth="2" to="1h" within="3d" on="«causes»"/>',
    ],
    notify: ['', '<notify to="owner user:anna group:Sales"/>', '<notify to="initiator" template="«template»"/>'],
    abort: ['', '<abort to="inbox"/>', '<abort to="finish"/>'],
    causes: ['network', 'network timeout 429 5xx', '«causes» 408'],
    duration: ['«digit»s', '«digit»«digit»ms', '«digit»m', '«digit»h', '«digit»d', '«digit»'],

    map: [
      '<map «ns» name="«name»" module="Products" service="head-office">«call»«parameters»«response»«on-error»</map>',
    ],
    call: [
      '<call method="POST"/>',
      '<call method="«method»" body="«body»"/>',
      '<call method="GET" path="/«letters»/{record.«field»}/«letters»?q={context.«letters»}"/>',
      '<call method="POST" body="text"/><body>\n«template»\n</body>',
      '<call method="PUT" path="/«template»" in-doubt="«doubt»"/>',
    ],
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', '«letters»'],
    body: ['json', 'form', 'text', 'xml', 'none', 'multipart', 'raw'],
    doubt: ['resend', 'ask', 'look'],
    parameters: ['', '<parameters>«parameter»</parameters>', '<parameters>«parameter-list»</parameters>'],
    'parameter-list': ['«parameter»', '«parameter»«parameter-list»'],
    parameter: [
      '<parameter name="«letters»" «source»/>',
      '<parameter name="id" field="«field»"«how»/>',
      '<parameter name="q" «source»«how»/>',
      '<parameter name="«letters»">«template»</parameter>',
      '<parameter name="«letters»"><jsonata><![CDATA[ «jsonata» ]]></jsonata></parameter>',
      '<parameter name="«letters»" encode="json">«parameter»</parameter>',
      '<parameter name="«letters»" each="record" type="array">«parameter»</parameter>',
    ],
    source: [
      'value="«text»"',
      'field="«field»"',
      'context="«letters»"',
      'setting="head_office_user"',
      'secret="head_office_key"',
      'template="«template»"',
      'jsonata="«jsonata»"',
      'legacy="«legacy»"',
    ],
    how: [
      '',
      ' required="true"',
      ' type="«type»"',
      ' encode="«encode»"',
      ' in="«place»"',
      ' default="«text»"',
      ' when-empty="«empty»"',
      ' sensitive="true"',
    ],
    type: ['string', 'integer', 'number', 'boolean', 'date', 'datetime', 'json', 'array'],
    encode: ['json', 'base64', 'hex', 'md5', 'sha1', 'sha256', 'form'],
    place: ['path', 'query', 'header', 'cookie', 'body'],
    empty: ['send', 'omit', 'null', 'fail'],
    response: ['', '<response>«outputs»</response>', '<response format="«format»">«expect»«outputs»</response>'],
    format: ['json', 'xml', 'text', 'raw'],
    outputs: ['', '«output»', '«output»«outputs»'],
    output: [
      '<output path="result.id" field="«field»"/>',
      '<output path="«path»" context="«letters»"«output-how»/>',
      '<output value="«text»" field="«field»"«output-how»/>',
      '<output jsonata="«jsonata»" context="«letters»"/>',
    ],
    'output-how': [
      '',
      ' optional="true"',
      ' on="failure"',
      ' on="always"',
      ' default="«text»"',
      ' type="«type»"',
      ' fires="true"',
    ],
    path: ['id', 'result.0.id', 'error-code', "links['self.href']", '«letters».«letters»', '«text»'],

    workflow: ['<workflow «ns» name="«name»" module="Products"«stream»>«trigger»<tasks>«tasks»</tasks></workflow>'],
    stream: ['', ' stream="second"', ' when-waiting="pass"', ' keep-calls="failures"', ' active="false"'],
    trigger: ['<trigger on="«event»"/>', '<trigger on="update" fields="«field» «field»"«when»>«condition»</trigger>'],
    event: ['create', 'update', 'save', 'delete', 'endpoint'],
    when: ['', ' when="«jsonata»"'],
    condition: [
      '',
      '<condition field="«field»" is="«comparison»"/>',
      '<condition field="«field»" is="«comparison»" value="«text»"/>',
    ],
    comparison: ['empty', 'not-empty', 'equal', 'less', 'contains', 'one-of', 'changed', 'changed-to', 'changed-from'],
    tasks: ['«task»', '«task»«tasks»', '«task»<end id="finish" as="completed"/>'],
    task: [
      '<webservice id="«letters»" map="peer-login" renew="true"/>',
      '<webservice id="«letters»" map="«name»"«when»>«condition»«on-error»</webservice>',
      '<webservice id="«letters»" map="peer-logout" always="true"/>',
      '<set-fields id="«letters»"><set field="«field»" «source»/></set-fields>',
      '<choose id="«letters»"><when field="«field»" is="empty">«task»</when><otherwise>«task»</otherwise></choose>',
      '<end id="«letters»" as="failed" message="«template»"/>',
    ],

    rule: [
      '<rule «ns» name="«name»" module="Products"«label» «source»/>',
      '<rule «ns» name="«name»" module="Products"><give name="«letters»" «source»/><give name="«letters»">«template»</give></rule>',
      '<rule «ns» name="«name»" module="Products" hit="«hit»">«rows»</rule>',
      '<rule «ns» name="«name»"><search module="Products"«gift»>«searched»</search>«otherwise»</rule>',
    ],
    hit: ['first', 'unique', 'any', 'collect', 'sum', 'min', 'max', 'count', '«letters»'],
    rows: ['«row»', '«row»«rows»', '«row»«otherwise»'],
    row: [
      '<row «source»«when»>«condition»</row>',
      '<row«when»><jsonata>«jsonata»</jsonata></row>',
      '<row><give name="«letters»" «source»/></row>',
      '<row><search module="Products" field="«field»">«searched»</search></row>',
    ],
    otherwise: ['', '<otherwise «source»/>'],
    gift: [
      ' give="count"',
      ' field="«field»" order="-«field»"',
      ' give="all" fields="id «field»" limit="«digit»"',
      ' give="all"',
    ],
    searched: ['', '«search-condition»', '«search-condition»«searched»'],
    'search-condition': [
      '<condition field="«field»" is="«comparison»" «source»/>',
      '<condition field="«field»" is="one-of" when-empty="hold"><jsonata>«jsonata»</jsonata></condition>',
      '<any>«search-condition»<all>«search-condition»</all></any>',
      '<legacy-conditions>[{"fieldname":"«field»","operation":"is","value":"$[a]","valuetype":"rawtext"}]</legacy-conditions>',
    ],
    mapping: ['<mapping «ns» name="«name»"«mapped»«label»>«sets»</mapping>'],
    mapped: ['', ' from="Products"', ' from="Products" to="Products"', ' to="«name»"'],
    sets: ['«set»', '«set»«sets»', '<description>«text»</description>«set»'],
    set: [
      '<set field="«field»" from="«field»"«set-how»/>',
      '<set field="«field»" from="«letters».«digit».«letters»" default="«text»"/>',
      '<set field="«letters»" template="«template»"«set-how»/>',
      '<set field="«letters»" jsonata="«jsonata»"«set-how»/>',
      '<set field="«letters»" context="«letters»" default=""/>',
      '<set field="«field»">«parameter»</set>',
      '<set field="«field»"><legacy-parts delimiter="«text»"><part as="name">«field»</part><part as="const">«text»</part></legacy-parts></set>',
      '<set field="«letters»" legacy="«legacy»"/>',
    ],
    'set-how': ['', ' type="«type»"', ' default="«text»"', ' when-empty="«empty»"'],

    module: ['<module «ns» name="«name»" prefix="7«digit»" title="«field»"«label»>«fields»</module>'],
    fields: ['<field name="«field»" type="string"/>', '«module-field»«fields»'],
    'module-field': [
      '<field name="«letters»" type="«field-type»" label="«text»"/>',
      '<field name="«letters»" type="picklist" default="a"><option value="a"/><option value="«text»"/></field>',
      '<field name="«letters»" type="reference" references="Products"/>',
      '<field name="«field»" type="string" length="«digit»0" mandatory="true" read-only="false"/>',
    ],
    'field-type': ['string', 'text', 'integer', 'number', 'currency', 'boolean', 'date', 'datetime', 'email', 'owner'],

    corebos: [
      '«switches»<map>«origin-module»<wsconfig>«wsconfig»</wsconfig><fields>«wsfields»</fields>«wsresponse»</map>',
    ],
    switches: ['', '<?mapwright values="raw" paths="strict"?>', '<?xml version="1.0"?>'],
    'origin-module': ['', '<originmodule><originname>Products</originname></originmodule>'],
    wsconfig: [
      '<wsurl>http://b.example/x</wsurl><wshttpmethod>POST</wshttpmethod><wstype>REST</wstype><inputtype>«input»</inputtype><outputtype>JSON</outputtype>',
      '<wsurl>http://b.example/$id</wsurl><wshttpmethod>«method»</wshttpmethod><wsheader>«wsheader»</wsheader><inputtype>«input»</inputtype>',
    ],
    input: ['JSON', 'XML', 'URL', 'URLRESTFUL'],
    wsheader: ['', '<header><keyname>Content-type</keyname><keyvalue>text/plain</keyvalue></header>«wsheader»'],
    wsfields: ['«wsfield»', '«wsfield»«wsfields»'],
    wsfield: [
      '<field><fieldname>«letters»</fieldname><Orgfields>«orgfields»<delimiter>«text»</delimiter></Orgfields></field>',
    ],
    orgfields: ['«orgfield»', '«orgfield»«orgfields»'],
    orgfield: [
      '<Orgfield><OrgfieldName>«text»</OrgfieldName><OrgfieldID>const</OrgfieldID></Orgfield>',
      '<Orgfield><OrgfieldName>«field»</OrgfieldName><OrgfieldID>field</OrgfieldID></Orgfield>',
      '<Orgfield><OrgfieldName>«legacy»</OrgfieldName><OrgfieldID>expression</OrgfieldID></Orgfield>',
      '<Orgfield><OrgfieldName>$«field» $(assigned_user_id : (Users) user_name)</OrgfieldName><OrgfieldID>template</OrgfieldID></Orgfield>',
    ],
    wsresponse: [
      '',
      '<Response><field><fieldname>«path»</fieldname><destination>«destination»</destination></field></Response>',
    ],
    destination: ['<field>«field»</field>', '<context>«letters»</context>', ''],

    template: [
      '«letters» {record.«field»}',
      '{context.«letters»}',
      '{= $uppercase(record.«field») }',
      '{setting.a}{secret.b}',
      '«text»',
    ],
    jsonata: [
      'record.«field»',
      "record.«field» = 'a' and changed[0] != 'b'",
      '$count(response.body.items) + «digit»',
      '$DateTime()',
      '«text»',
    ],
    legacy: [
      '«field»',
      "concat('a', «field», getFromContext('t'))",
      "if «field» == 'a' then 1 else 2 end",
      '«digit»+«digit»',
      '«text»',
    ],
  },
  word,
);

function word(random: Random, rule: string): string | undefined {
  switch (rule) {
    case 'digit':
      return String(random.below(10));
    case 'letters':
      return (
        random.pick(['a', 'b', 'c', 'note', 'peer_token', 'Created', 'status']) +
        (random.oneIn(2) ? random.below(100) : '')
      );
    case 'name':
      return random.pick(NAMES) + (random.oneIn(3) ? random.below(10) : '');
    case 'field':
      return random.oneIn(40) ? 'nope' : random.pick(FIELDS.slice(0, -1));
    case 'text':
      return random.oneIn(HOSTILE_ONE_IN)
        ? hostileText(random)
        : escapeAttribute(random.oneIn(6) ? hostileText(random) : 'a b');
    default:
      return undefined;
  }
}
