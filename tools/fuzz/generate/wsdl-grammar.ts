import { escapeAttribute } from '../../../src/xml/escape.ts';
import { Grammar } from './grammar.ts';
import { hostileText } from './hostile-text.ts';
import type { Random } from './random.ts';

const NAMES = ['A', 'B', 'C', 'a', 'b', 'item', 'constructor', 'p'];

/** Descriptions of services with an operation `op`, and answers to it. */
export const WSDL_GRAMMAR = new Grammar(
  {
    wsdl: [
      '<definitions «namespaces» targetNamespace="urn:t">«imports»<types>«schema»«schema»</types>«messages»«ports»«bindings»«service»</definitions>',
      '<definitions «namespaces» targetNamespace="urn:t"><types>«schema»</types>«messages»«ports»«bindings»«service»</definitions>',
    ],
    namespaces: [
      'xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="«soap»" xmlns:t="urn:t" xmlns:u="urn:u" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xmlns:m="http://schemas.xmlsoap.org/wsdl/mime/"',
    ],
    soap: [
      'http://schemas.xmlsoap.org/wsdl/soap/',
      'http://schemas.xmlsoap.org/wsdl/soap/',
      'http://schemas.xmlsoap.org/wsdl/soap12/',
    ],
    imports: ['', '', '', '', '<import namespace="urn:u" location="«location»"/>«imports»'],
    location: [
      'more.wsdl',
      'types.xsd',
      'http://other.example/x.xsd',
      'nowhere.xsd',
      '../more.wsdl#a',
      'file:///etc/passwd',
      '«text»',
    ],

    schema: [
      '<x:schema targetNamespace="urn:t"«forms»>«includes»<x:element name="In" type="«type»"/><x:element name="Out" type="«type»"/>«components»</x:schema>',
      '<x:schema targetNamespace="urn:t" elementFormDefault="qualified"><x:element name="In">«complex»</x:element><x:element name="Out">«complex»</x:element>«components»</x:schema>',
      '<x:schema targetNamespace="urn:u">«components»</x:schema>',
    ],
    forms: ['', ' elementFormDefault="qualified"', ' attributeFormDefault="qualified"'],
    includes: [
      '',
      '',
      '',
      '',
      '<x:include schemaLocation="types.xsd"/>',
      '<x:import namespace="urn:u" schemaLocation="«location»"/>',
      '<x:redefine schemaLocation="types.xsd"/>',
    ],
    components: ['', '«component»«components»', '«component»«component»'],
    component: [
      '<x:complexType name="«name»">«content»</x:complexType>',
      '<x:complexType name="«name»">«content»</x:complexType>',
      '<x:simpleType name="«name»"><x:restriction base="«simple»"><x:maxLength value="9"/></x:restriction></x:simpleType>',
      '<x:simpleType name="«name»"><x:list itemType="«simple»"/></x:simpleType>',
      '<x:simpleType name="«name»"><x:union memberTypes="«simple» «type»"/></x:simpleType>',
      '<x:element name="«name»" type="«type»"«occurs»/>',
      '<x:group name="«name»"><x:sequence>«members»</x:sequence></x:group>',
      '<x:attributeGroup name="«name»"><x:attribute name="«name»" type="«simple»"/></x:attributeGroup>',
    ],
    complex: ['<x:complexType>«content»</x:complexType>'],
    content: [
      '<x:sequence>«members»</x:sequence>«attributes»',
      '<x:all>«members»</x:all>',
      '<x:choice>«members»</x:choice>',
      '<x:complexContent><x:extension base="«type»"><x:sequence>«members»</x:sequence></x:extension></x:complexContent>',
      '<x:simpleContent><x:extension base="«simple»">«attributes»</x:extension></x:simpleContent>',
      '<x:complexContent><x:restriction base="e:Array"><x:attribute ref="e:arrayType" w:arrayType="«type»[]"/></x:restriction></x:complexContent>',
      '',
    ],
    members: ['', '«member»«members»', '«member»«member»'],
    member: [
      '<x:element name="«name»" type="«type»"«occurs»/>',
      '<x:element name="«name»" type="«simple»"«occurs»/>',
      '<x:element name="«name»"«occurs»>«complex»</x:element>',
      '<x:element ref="t:«name»"«occurs»/>',
      '<x:group ref="t:«name»"/>',
      '<x:any«occurs»/>',
      '<x:choice«occurs»>«members»</x:choice>',
      '<x:sequence«occurs»>«members»</x:sequence>',
    ],
    attributes: [
      '',
      '',
      '<x:attribute name="«name»" type="«simple»"«use»/>',
      '<x:attributeGroup ref="t:«name»"/>',
      '<x:anyAttribute/>',
    ],
    use: ['', ' use="required"', ' default="«text»"', ' fixed="1"'],
    occurs: [
      '',
      '',
      ' minOccurs="0"',
      ' maxOccurs="unbounded"',
      ' minOccurs="0" maxOccurs="unbounded" nillable="true"',
      ' default="«text»"',
      ' nillable="true"',
    ],
    type: ['t:«name»', 't:«name»', 'u:«name»', '«simple»', 'x:anyType', 'nope:«name»', '«text»'],

    messages: ['<message name="in">«parts»</message><message name="out">«parts»</message>'],
    parts: [
      '<part name="p" element="t:In"/>',
      '<part name="p" element="t:Out"/>',
      '<part name="«name»" type="«type»"/>',
      '<part name="«name»" type="«simple»"/>«parts»',
      '',
    ],
    ports: ['<portType name="pt"><operation name="op"><input message="t:in"/>«output»</operation></portType>'],
    output: ['<output message="t:out"/>', '<output message="t:out"/>', ''],
    bindings: [
      '<binding name="b" type="t:pt"><s:binding«style» transport="http://schemas.xmlsoap.org/soap/http"/><operation name="op"><s:operation soapAction="«text»"«style»/><input>«body»</input><output>«body»</output></operation></binding>',
      '<binding name="b" type="t:pt"><s:binding/><operation name="op"/></binding>',
    ],
    style: ['', ' style="rpc"', ' style="document"'],
    body: [
      '<s:body use="literal"/>',
      '<s:body use="encoded" namespace="urn:t"/>',
      '<s:body use="literal" namespace="«text»"/>',
      '<m:multipartRelated><m:part><s:body use="literal" parts="p"/></m:part></m:multipartRelated>',
    ],
    service: ['<service name="s"><port name="p" binding="t:b"><s:address location="«address»"/></port></service>'],
    address: [
      'http://orders.example/x',
      'http://orders.example/x',
      '/x',
      'https://orders.example:8443/x?a=b',
      '«text»',
    ],

    answer: [
      '<v:Envelope «answer-namespaces»><v:Body>«payload»</v:Body></v:Envelope>',
      '<v:Envelope «answer-namespaces»><v:Header/><v:Body>«payload»«reference»</v:Body></v:Envelope>',
      '<v:Envelope «answer-namespaces»><v:Body><v:Fault>«fault»</v:Fault></v:Body></v:Envelope>',
    ],
    'answer-namespaces': [
      'xmlns:v="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:t" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/"',
      'xmlns:v="http://www.w3.org/2003/05/soap-envelope" xmlns:t="urn:t" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:e="http://www.w3.org/2003/05/soap-encoding"',
    ],
    payload: [
      '<t:Out«nil»>«items»</t:Out>',
      '<t:opResponse>«items»</t:opResponse>',
      '«items»',
      '<t:Out>«text»</t:Out>',
      '',
    ],
    items: ['', '«item»«items»', '«item»«item»'],
    item: NAMES.flatMap((name) => [
      `<${name}«nil»>«text»</${name}>`,
      `<t:${name}>«digit»</t:${name}>`,
      `<${name} a="«text»">«items»</${name}>`,
      `<${name} href="#id«digit»"/>`,
      `<${name} e:arrayType="x:int[«digit»]">«items»</${name}>`,
      `<${name} i:type="x:«built-in»">«literal»</${name}>`,
      `<${name} i:type="t:«name»">«items»</${name}>`,
    ]),
    nil: ['', '', '', ' i:nil="true"', ' i:nil="1"'],
    reference: [
      '<t:multi id="id«digit»" e:root="0">«items»</t:multi>',
      '<t:multi id="id1">«items»<a href="#id1"/></t:multi>',
    ],
    fault: [
      '<faultcode>v:Server</faultcode><faultstring>«text»</faultstring><detail>«items»</detail>',
      '<v:Code><v:Value>v:Sender</v:Value><v:Subcode><v:Value>t:«name»</v:Value></v:Subcode></v:Code><v:Reason><v:Text>«text»</v:Text></v:Reason>',
      '«items»',
    ],
    literal: [
      '«digit»',
      '«digit».5',
      'true',
      '9007199254740993',
      '1e400',
      'INF',
      'NaN',
      'aGVsbG8=',
      '2025-03-10T00:00:00Z',
      '«text»',
    ],
  },
  word,
);

/** A schema and a description that others may import. */
export const IMPORTED_WSDL =
  '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:u"><import location="orders.wsdl"/></definitions>';
export const IMPORTED_SCHEMA =
  '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:include schemaLocation="types.xsd"/><x:complexType name="A"><x:sequence><x:element name="b" type="B" minOccurs="0"/></x:sequence></x:complexType></x:schema>';

const BUILT_IN =
  'string int long decimal double boolean date dateTime base64Binary hexBinary anyURI token integer float QName anySimpleType normalizedString'.split(
    ' ',
  );

function word(random: Random, rule: string): string | undefined {
  switch (rule) {
    case 'digit':
      return String(random.below(10));
    case 'name':
      return random.pick(NAMES);
    case 'simple':
      return `x:${random.pick(BUILT_IN)}`;
    case 'built-in':
      return random.pick(BUILT_IN);
    case 'text':
      return escapeAttribute(random.oneIn(3) ? hostileText(random) : random.pick(['1', 'abc', 'urn:t', '2.5', 'true']));
    default:
      return undefined;
  }
}
