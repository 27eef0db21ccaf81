import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDocuments } from '../../src/runtime/check.ts';

const AROUND = [
  `<module xmlns="urn:mapwright:1" name="Orders" prefix="40" title="no"><field name="no" type="string"/>
     <field name="scan" type="file"/></module>`,
  '<service xmlns="urn:mapwright:1" name="s" url="http://peer.example"/>',
];

function codes(call: string, parameters: string, response = ''): string[] {
  const map = `<map xmlns="urn:mapwright:1" name="m" module="Orders" service="s"><call method="POST" path="/x" ${call}/>
    <parameters>${parameters}</parameters><response>${response}</response></map>`;
  const documents = [map, ...AROUND].map((text, index) => ({ file: `${index}.xml`, text }));
  return checkDocuments(documents).diagnostics.map(({ code }) => code);
}

const FILE = '<parameter name="f" file="scan"/>';

describe('what goes into a body', () => {
  const rows: readonly (readonly [title: string, call: string, parameters: string, expected: readonly string[]])[] = [
    ['a file in a multipart body', 'body="multipart"', FILE, []],
    ['a file as the body', 'body="raw"', FILE, []],
    ['a file of the context', 'body="raw"', '<parameter name="f" file="context.scan"/>', []],
    ['a file in JSON', '', FILE, ['FILE_PLACE']],
    ['a file in JSON as base64', '', '<parameter name="f" file="scan" encode="base64"/>', []],
    ['a file inside of a part', 'body="multipart"', `<parameter name="o">${FILE}</parameter>`, ['FILE_PLACE']],
    ['a file in a header', 'body="multipart"', '<parameter name="f" in="header" file="scan"/>', ['FILE_PLACE']],
    ['a text field as a file', 'body="raw"', '<parameter name="f" file="no"/>', ['FILE_FIELD_TYPE']],
    ['a field that is not there', 'body="raw"', '<parameter name="f" file="scn"/>', ['FIELD_UNKNOWN']],
    ['a member that files do not have', '', '<parameter name="a" template="{record.scan.nme}"/>', ['FIELD_UNKNOWN']],
    ['nothing as raw bytes', 'body="raw"', '', ['MAP_RAW_COUNT']],
    ['two values as raw bytes', 'body="raw"', `${FILE}<parameter name="g" value=""/>`, ['MAP_RAW_COUNT']],
    ['a type for a part', 'body="multipart"', '<parameter name="a" value="1" content-type="text/x"/>', []],
    [
      'a type outside of parts',
      '',
      '<parameter name="a" value="1" content-type="text/x"/>',
      ['PARAMETER_FILE_ATTRIBUTE'],
    ],
    ['an attribute outside of XML', '', '<parameter name="a" in="attribute" value="1"/>', ['PARAMETER_PLACE_XML']],
    [
      'an attribute inside of JSON',
      '',
      '<parameter name="a"><parameter name="b" in="attribute" value="1"/></parameter>',
      ['PARAMETER_PLACE_XML'],
    ],
    ['XML with a root', 'body="xml" root="A"', '<parameter name="a" value="1"/><parameter name="b" value="1"/>', []],
    [
      'XML with two roots',
      'body="xml"',
      '<parameter name="a" value="1"/><parameter name="b" value="1"/>',
      ['MAP_XML_ROOT'],
    ],
    ['XML with a root that is no name', 'body="xml" root="1"', '<parameter name="a" value="1"/>', ['MAP_XML_ROOT']],
    ['a style in JSON', '', '<parameter name="a" value="1" style="comma"/>', ['PARAMETER_STYLE_PLACE']],
    ['a style in a form', 'body="form"', '<parameter name="a" value="1" style="comma"/>', []],
  ];
  for (const [title, call, parameters, expected] of rows) {
    it(`${title}: ${expected.join(' ') || 'is right'}`, () => assert.deepEqual(codes(call, parameters), expected));
  }
});

describe('an answer that is a file', () => {
  const rows: readonly (readonly [title: string, response: string, expected: readonly string[]])[] = [
    ['into its field', '<file field="scan"/>', []],
    ['into a text field', '<file field="no"/>', ['FILE_FIELD_TYPE']],
    ['into no field', '<file field="scn"/>', ['FIELD_UNKNOWN']],
    ['and outputs of headers', '<file field="scan"/><output jsonata="response.headers.etag" field="no"/>', []],
    ['and outputs of errors', '<file field="scan"/><output path="why" field="no" on="failure"/>', []],
    ['and outputs of the body', '<file field="scan"/><output path="id" field="no"/>', ['FILE_ANSWER_READ']],
  ];
  for (const [title, response, expected] of rows) {
    it(`${title}: ${expected.join(' ') || 'is right'}`, () => assert.deepEqual(codes('', '', response), expected));
  }
});
