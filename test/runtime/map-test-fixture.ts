import { readFileSync, readdirSync } from 'node:fs';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { type MapTestReport, runMapTests } from '../../src/runtime/map-tests.ts';

const MAPS = new URL('../../maps/', import.meta.url);

/** The documents of a shipped folder, without its tests. */
export function shippedMaps(folder: 'product-sync' | 'corebos-sync'): SourceFile[] {
  const url = new URL(`${folder}/`, MAPS);
  const files = readdirSync(url).filter((file) => file.endsWith('.xml'));
  return files.map((file) => ({ file, text: readFileSync(new URL(file, url), 'utf8') }));
}

/** A module, a service and a map in which many things can be tested. */
export const ORDERS: readonly SourceFile[] = [
  {
    file: 'documents.xml',
    text: `<documents xmlns="urn:mapwright:1">
  <module name="Customers" label="Customers" prefix="61" title="name"><field name="name" label="Name" type="string"/></module>
  <module name="Orders" label="Orders" prefix="60" title="no">
    <field name="no" label="Number" type="string" length="10"/>
    <field name="status" label="Status" type="string"/>
    <field name="total" label="Total" type="currency"/>
    <field name="paid" label="Paid" type="boolean"/>
    <field name="customer_id" label="Customer" type="reference" references="Customers"/>
    <field name="remote_no" label="Remote number" type="string" length="5"/>
    <field name="remote_error" label="Remote error" type="text"/>
  </module>
  <service name="shop" url="{setting.shop_url}/api">
    <header name="Authorization" template="Bearer {secret.shop_token}"/>
  </service>
  <map name="order-send" module="Orders" service="shop">
    <call method="POST" path="/orders/{no}"/>
    <parameters>
      <parameter name="no" field="no" required="true"/>
      <parameter name="status" field="status"/>
      <parameter name="before" jsonata="previous.status" default=""/>
      <parameter name="changed" jsonata="changed" type="array"/>
      <parameter name="total" field="total"/>
      <parameter name="customer" field="customer_id.name"/>
      <parameter name="lines" context="lines" default="none"/>
      <parameter name="at" jsonata="$DateTime('yyyy-MM-dd HH:mm XXX')"/>
      <parameter name="dice" jsonata="$random()"/>
      <parameter name="key" template="{step.key}"/>
      <parameter name="digest" template="{secret.shop_token}" encode="sha256"/>
    </parameters>
    <response>
      <output path="no" field="remote_no"/>
      <output path="token" context="token" sensitive="true" optional="true"/>
      <output path="lines" context="lines" optional="true"/>
      <output path="message" field="remote_error" on="failure" optional="true"/>
    </response>
  </map>
</documents>
`,
  },
];

/** A test document of the map order-send with these cases. */
export function orderTest(cases: string): SourceFile {
  return { file: 't.xml', text: `<map-test xmlns="urn:mapwright:1" map="order-send">\n${cases}\n</map-test>\n` };
}

/** Runs every case of these files. */
export function runAll(sources: readonly SourceFile[]): Promise<MapTestReport> {
  return runMapTests({ sources, inForce: [], isWanted: () => true });
}

/** `line:column kind subject` of every difference. */
export function placesOf(report: MapTestReport): string[] {
  return report.cases.flatMap(({ differences }) =>
    differences.map(({ range, kind, subject }) => `${range.start.line}:${range.start.column} ${kind} ${subject}`),
  );
}
