import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDocuments } from '../../src/runtime/check.ts';

const MODULES = `<documents xmlns="urn:mapwright:1">
<module name="Orders" prefix="60" title="no"><field name="no" type="string" length="20"/>
  <field name="customer_id" type="reference" references="Customers"/></module>
<module name="Customers" prefix="61" title="name"><field name="name" type="string" length="20"/></module>
<service name="shop" url="https://shop.example"/>
<credential name="gate" kind="basic"><login user="anna" secret="gate"/></credential>
<credential name="key" kind="api-key"><key secret="key"/></credential>
</documents>`;

const service = (inside: string): string =>
  `<service xmlns="urn:mapwright:1" name="other" url="https://other.example">\n${inside}\n</service>`;

const map = (inside: string, attributes = 'module="Orders" service="shop"'): string =>
  `<map xmlns="urn:mapwright:1" name="m" ${attributes}>\n${inside}\n</map>`;

const parameter = (source: string): string => `<call method="POST"/>
<parameters>
<parameter name="p" ${source}/>
</parameters>`;

const workflow = (tasks: string, trigger = '<trigger on="update"/>'): string =>
  `<workflow xmlns="urn:mapwright:1" name="w" module="Orders">\n${trigger}\n<tasks>\n${tasks}\n</tasks></workflow>`;

const GOOD = map(`${parameter('field="no"')}
<response><output path="id" field="no"/><output path="t" context="token"/></response>`);

interface Case {
  readonly title: string;
  readonly text: string;
  readonly code: string;
  readonly line: number;
  /** The column, where the place inside an expression matters. */
  readonly column?: number;
  readonly hint?: RegExp;
}

const ERRORS: readonly Case[] = [
  {
    title: 'an unknown service',
    text: map('<call method="GET"/>', 'service="shp"'),
    code: 'SERVICE_UNKNOWN',
    line: 1,
    hint: /"shop"/u,
  },
  {
    title: 'an unknown module',
    text: map('<call method="GET"/>', 'module="Order" service="shop"'),
    code: 'MODULE_UNKNOWN',
    line: 1,
    hint: /"Orders"/u,
  },
  { title: 'an unknown field', text: map(parameter('field="nro"')), code: 'FIELD_UNKNOWN', line: 4, hint: /"no"/u },
  {
    title: 'an unknown field behind a reference',
    text: map(parameter('field="customer_id.nam"')),
    code: 'FIELD_UNKNOWN',
    line: 4,
    hint: /"name"/u,
  },
  {
    title: 'a way through a field that is no reference',
    text: map(parameter('field="no.name"')),
    code: 'FIELD_NO_REFERENCE',
    line: 4,
  },
  {
    title: 'an unknown field in a template, at its place',
    text: map(parameter('template="a {record.nope}"')),
    code: 'FIELD_UNKNOWN',
    line: 4,
    column: 34,
  },
  {
    title: 'an unknown root in a template',
    text: map(parameter('template="{recrod.no}"')),
    code: 'TEMPLATE_UNKNOWN_NAME',
    line: 4,
  },
  { title: 'JSONata that does not parse', text: map(parameter('jsonata="1 +"')), code: 'EXPRESSION_SYNTAX', line: 4 },
  {
    title: 'an unknown function of the coreBOS language',
    text: map(parameter('legacy="concta(no)"')),
    code: 'EXPRESSION_UNKNOWN_FUNCTION',
    line: 4,
    hint: /concat/u,
  },
  {
    title: 'an output to an unknown field',
    text: map('<call method="GET"/>\n<response><output path="a" field="nope"/></response>'),
    code: 'FIELD_UNKNOWN',
    line: 3,
  },
  {
    title: 'an output path that cannot be read',
    text: map('<call method="GET"/>\n<response><output path="a..b" field="no"/></response>'),
    code: 'PATH_SYNTAX',
    line: 3,
  },
  {
    title: 'a path with an unknown parameter',
    text: map('<call method="GET" path="/x/{id}"/>'),
    code: 'PARAMETER_UNKNOWN',
    line: 2,
  },
  {
    title: 'a proxy that is no address',
    text: service('<network proxy="proxy.example:3128"/>'),
    code: 'NETWORK_PROXY',
    line: 2,
  },
  {
    title: 'a login of a proxy inside its address',
    text: service('<network proxy="http://anna:pw@proxy.example:3128"/>'),
    code: 'NETWORK_PROXY',
    line: 2,
  },
  {
    title: 'a proxy from data',
    text: service('<network proxy="http://{record.no}:3128"/>'),
    code: 'TEMPLATE_ORIGIN',
    line: 2,
  },
  {
    title: 'a credential of a proxy that nobody defines',
    text: service('<network proxy="http://p.example:1" proxy-credential="gat"/>'),
    code: 'CREDENTIAL_UNKNOWN',
    line: 2,
    hint: /gate/u,
  },
  {
    title: 'a credential that no proxy takes',
    text: service('<network proxy="http://p.example:1" proxy-credential="key"/>'),
    code: 'NETWORK_PROXY_CREDENTIAL',
    line: 2,
  },
  {
    title: 'an authority without a certificate',
    text: service('<network authority="company_ca"/>'),
    code: 'NETWORK_AUTHORITY',
    line: 2,
  },
  {
    title: 'a map that says nowhere where to call',
    text: map('<call method="GET"/>', ''),
    code: 'MAP_NO_ORIGIN',
    line: 1,
  },
  {
    title: 'a host from data',
    text: map('<call method="GET" url="https://{record.no}/x"/>', 'module="Orders"'),
    code: 'TEMPLATE_ORIGIN',
    line: 2,
  },
  {
    title: 'a body of bytes that nothing gives',
    text: map('<call method="POST" body="raw"/>'),
    code: 'MAP_RAW_COUNT',
    line: 1,
  },
  {
    title: 'an unknown map in a workflow',
    text: workflow('<webservice id="a" map="mm"/>'),
    code: 'MAP_UNKNOWN',
    line: 4,
    hint: /"m"/u,
  },
  {
    title: 'renew on a map that writes a field',
    text: workflow('<webservice id="a" map="m" renew="true"/>'),
    code: 'TASK_RENEW_WRITES',
    line: 4,
  },
  {
    title: 'always on a map that writes a field',
    text: workflow('<webservice id="a" map="m" always="true"/>'),
    code: 'TASK_ALWAYS_WRITES',
    line: 4,
  },
  {
    title: 'an unknown field in a trigger',
    text: workflow('<webservice id="a" map="m"/>', '<trigger on="update" fields="no nope"/>'),
    code: 'FIELD_UNKNOWN',
    line: 2,
  },
  {
    title: 'an unknown module at the other end of a link',
    text: workflow('<webservice id="a" map="m"/>', '<trigger on="relate" to="Customer"/>'),
    code: 'MODULE_UNKNOWN',
    line: 2,
    hint: /"Customers"/u,
  },
  {
    title: 'an unknown field in a business key',
    text: workflow('<webservice id="a" map="m"/>', '<trigger on="update"/><track name="k" field="nro"/>'),
    code: 'FIELD_UNKNOWN',
    line: 2,
    hint: /"no"/u,
  },
  {
    title: 'an unknown field in a condition',
    text: workflow('<choose><when field="nope" is="empty"><end id="e" as="completed"/></when></choose>'),
    code: 'FIELD_UNKNOWN',
    line: 4,
  },
  {
    title: 'an unknown field that is set',
    text: workflow('<set-fields id="a"><set field="nope" value="1"/></set-fields>'),
    code: 'FIELD_UNKNOWN',
    line: 4,
  },
];

function check(text: string) {
  const files = [
    { file: 'tested.xml', text },
    { file: 'modules.xml', text: MODULES },
  ];
  if (!text.includes('name="m"')) files.push({ file: 'm.xml', text: GOOD });
  return checkDocuments(files).diagnostics;
}

describe('names and expressions in documents', () => {
  it('finds nothing wrong in a good set', () => {
    assert.deepEqual(check(GOOD), []);
    assert.deepEqual(check(workflow('<webservice id="a" map="m"/>')), []);
  });

  for (const { title, text, code, line, column, hint } of ERRORS) {
    it(`reports ${title} once, at its place`, () => {
      const found = check(text).filter(({ severity }) => severity === 'error');
      assert.deepEqual(
        found.map((one) => [one.code, one.file, one.range.start.line]),
        [[code, 'tested.xml', line]],
      );
      if (column !== undefined) assert.equal(found[0]?.range.start.column, column);
      if (hint !== undefined) assert.match(found[0]?.hint ?? '', hint);
    });
  }

  it('reports a name given twice, letter case aside, with the place of the first', () => {
    const found = checkDocuments([
      {
        file: 'a.xml',
        text: GOOD.replaceAll('module="Orders" service="shop"', 'service="shop"')
          .replace(' field="no"', ' value="x"')
          .replace('<output path="id" field="no"/>', ''),
      },
      { file: 'b.xml', text: map('<call method="GET"/>', 'service="shop"').replace('name="m"', 'name="M"') },
      { file: 'modules.xml', text: MODULES },
    ]).diagnostics;
    assert.deepEqual(
      found.map(({ code, file }) => [code, file]),
      [['DOCUMENT_DUPLICATE', 'b.xml']],
    );
    assert.equal(found[0]?.related?.[0]?.file, 'a.xml');
  });

  it('warns of a context key that nothing writes, with the nearest that is written', () => {
    const reader = map(parameter('context="tokn"')).replace('name="m"', 'name="reader"');
    const found = check(reader);
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [['CONTEXT_NEVER_WRITTEN', 'warning']],
    );
    assert.match(found[0]?.hint ?? '', /token/u);
  });

  it('knows the context of links, and warns only of misspelt keys where a start may give others', () => {
    const tracks =
      '<track name="a" context="tokn"/><track name="b" context="related_id"/><track name="c" context="batch"/>';
    const warned = (trigger: string): number =>
      check(workflow('<webservice id="a" map="m"/>', trigger + tracks)).filter(
        ({ code }) => code === 'CONTEXT_NEVER_WRITTEN',
      ).length;
    assert.equal(warned('<trigger on="update"/>'), 3);
    assert.equal(warned('<trigger on="relate"/>'), 2);
    assert.equal(warned('<trigger on="relate"/><trigger on="manual"/>'), 1);
  });
});
