import type { SourceFile } from '../../../src/runtime/administration.ts';

/** A module of orders, and the service that they go to. */
const ORDERS = `<module name="Orders" prefix="60" title="no">
  <field name="no" type="string" length="20"/><field name="turn" type="string" length="20"/>
  <field name="status" type="string" length="20"/><field name="remote_id" type="string" length="90"/>
</module>
<service name="shop" url="{setting.shop}"><on-error><retry every="50ms" times="20"/></on-error></service>`;

/** Orders and what happens to them, as native documents in one file. */
export function orderDocuments(name: string, content: string): SourceFile {
  return { file: `${name}.xml`, text: `<documents xmlns="urn:mapwright:1">${ORDERS}${content}</documents>` };
}

/** A map that sends the order's number, and may send it again under the same key. */
export function sendingMap(name: string, path: string, inDoubt = 'resend', plan = ''): string {
  return `<map name="${name}" module="Orders" service="shop">
  <call method="POST" path="${path}" in-doubt="${inDoubt}"/>
  <parameters><parameter name="no" field="no"/></parameters>
  <response><output path="success" field="remote_id" optional="true"/></response>${plan}</map>`;
}
