import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDocuments } from '../../src/runtime/check.ts';

const DOCUMENTS = `<documents xmlns="urn:mapwright:1">
<module name="Orders" prefix="60" title="no"><field name="no" type="string" length="20"/>
  <field name="customer_id" type="reference" references="Customers"/></module>
<module name="Customers" prefix="61" title="name"><field name="name" type="string" length="20" mandatory="true"/>
  <field name="size" type="integer"/><field name="kind" type="picklist"><option value="A"/></field></module>
<workflow name="of-customers" module="Customers"><trigger on="create"/><tasks><end id="e"/></tasks></workflow>
<workflow name="off" module="Orders" active="false"><trigger on="create"/><tasks><end id="e"/></tasks></workflow>
<workflow name="of-none"><trigger on="manual"/><tasks><end id="e"/></tasks></workflow>
</documents>`;

const NAME = '<set field="name" value="x"/>';
const CREATE = '<create-record id="a" module="Customers">';

interface Case {
  readonly title: string;
  readonly tasks: string;
  readonly code: string;
  readonly severity?: 'warning';
  readonly hint?: RegExp;
}

const CASES: readonly Case[] = [
  {
    title: 'an unknown module of a new record',
    tasks: `<create-record id="a" module="Customer">${NAME}</create-record>`,
    code: 'MODULE_UNKNOWN',
    hint: /"Customers"/u,
  },
  {
    title: 'an unknown field of a new record',
    tasks: `${CREATE}${NAME}<set field="sise" value="1"/></create-record>`,
    code: 'FIELD_UNKNOWN',
    hint: /"size"/u,
  },
  {
    title: 'a field that is the store’s own',
    tasks: `${CREATE}${NAME}<set field="createdtime" value="2026-01-01"/></create-record>`,
    code: 'FIELD_UNKNOWN',
  },
  {
    title: 'a mandatory field without a value',
    tasks: `${CREATE}<set field="size" value="1"/></create-record>`,
    code: 'FIELD_NOT_SET',
    hint: /field="name"/u,
  },
  {
    title: 'a text for a number',
    tasks: `${CREATE}${NAME}<set field="size" value="big"/></create-record>`,
    code: 'FIELD_VALUE_INVALID',
  },
  {
    title: 'a choice that there is not',
    tasks: `${CREATE}${NAME}<set field="kind" value="B"/></create-record>`,
    code: 'FIELD_VALUE_INVALID',
  },
  { title: 'a field set twice', tasks: `${CREATE}${NAME}${NAME}</create-record>`, code: 'FIELD_SET_TWICE' },
  {
    title: 'a match that nothing sets',
    tasks: `<upsert id="a" module="Customers" match="size">${NAME}</upsert>`,
    code: 'UPSERT_MATCH_NOT_SET',
  },
  {
    title: 'an upsert that could only update',
    tasks: '<upsert id="a" module="Customers" match="size"><set field="size" value="1"/></upsert>',
    code: 'FIELD_NOT_SET',
    severity: 'warning',
  },
  {
    title: 'a list that is no JSONata',
    tasks: `<upsert id="a" module="Customers" match="name" each="1 +">${NAME}</upsert>`,
    code: 'EXPRESSION_SYNTAX',
  },
  {
    title: 'an unknown workflow',
    tasks: '<launch id="a" workflow="of-customer"/>',
    code: 'WORKFLOW_UNKNOWN',
    hint: /"of-customers"/u,
  },
  {
    title: 'a workflow of another module on the own record',
    tasks: '<launch id="a" workflow="of-customers"/>',
    code: 'LAUNCH_MODULE_DIFFERS',
  },
  {
    title: 'a reference to another module than the workflow’s',
    tasks: '<launch id="a" workflow="w" field="customer_id"/>',
    code: 'LAUNCH_MODULE_DIFFERS',
  },
  {
    title: 'a record for a workflow without a module',
    tasks: '<launch id="a" workflow="of-none" field="customer_id"/>',
    code: 'LAUNCH_MODULE_DIFFERS',
  },
  {
    title: 'a workflow that is switched off',
    tasks: '<launch id="a" workflow="off"/>',
    code: 'LAUNCH_INACTIVE',
    severity: 'warning',
  },
  {
    title: 'an owner where there is none',
    tasks: '<notify id="a" to="owner" template="x"/>',
    code: 'NOTIFY_OWNER_NONE',
    severity: 'warning',
  },
  {
    title: 'a recipient from a context key that nothing writes',
    tasks:
      '<expression id="e"><set context="agent" value="x"/></expression><notify id="a" to="context:agnt" template="x"/>',
    code: 'CONTEXT_NEVER_WRITTEN',
    severity: 'warning',
    hint: /"agent"/u,
  },
  {
    title: 'an unknown field in what people are told',
    tasks: '<notify id="a" to="user:anna" template="{record.nope}"/>',
    code: 'FIELD_UNKNOWN',
  },
  {
    title: 'an unknown name in the message of an error plan',
    tasks: `${CREATE}${NAME}<on-error><notify to="user:anna" template="{recrod.no}"/></on-error></create-record>`,
    code: 'TEMPLATE_UNKNOWN_NAME',
  },
];

/** What `check` says of a workflow with these tasks, besides what it says of the other documents. */
function check(tasks: string) {
  const text = `<workflow xmlns="urn:mapwright:1" name="w" module="Orders">\n<trigger on="create"/>\n<tasks>\n${tasks}\n</tasks></workflow>`;
  const { diagnostics } = checkDocuments([
    { file: 'all.xml', text: DOCUMENTS },
    { file: 'w.xml', text },
  ]);
  assert.deepEqual(
    diagnostics.filter(({ file }) => file === 'all.xml'),
    [],
  );
  return diagnostics;
}

describe('names in tasks without a call', () => {
  for (const { title, tasks, code, severity = 'error', hint } of CASES) {
    it(`told: ${title}`, () => {
      const [first, ...more] = check(tasks);
      assert.deepEqual([first?.code, first?.severity, first?.range.start.line], [code, severity, 4]);
      if (hint !== undefined) assert.match(first?.hint ?? '', hint);
      assert.ok(more.every((one) => one.severity === 'warning' || code === 'UPSERT_MATCH_NOT_SET'));
    });
  }

  it('are fine where everything is there', () => {
    const found = check(`${CREATE}${NAME}<set field="size" value="12"/><set field="kind" value="A"/></create-record>
      <upsert id="b" module="Customers" match="name" each="['x']" context="ids"><set field="name" jsonata="item"/></upsert>
      <launch id="c" workflow="of-customers" context="ids"/><launch id="d" workflow="of-customers" field="customer_id"/>
      <launch id="e" workflow="of-none"/><launch id="f" workflow="w"/>
      <notify id="g" to="user:anna group:Sales context:ids" template="{context.ids}"/>`);
    assert.deepEqual(found, []);
  });
});
