import type { SourceFile } from '../../src/runtime/administration.ts';

/** A warehouse: one service with a credential, two maps, a rule between, a workflow with a schedule. */
export const WAREHOUSE: readonly SourceFile[] = [
  {
    file: 'warehouse.xml',
    text: `<documents xmlns="urn:mapwright:1">
  <service name="warehouse" label="Lager Größe" url="{setting.warehouse_url}" credential="warehouse-key" product="WMS"
           product-version="7" api-version="2" logo="warehouse.svg" author="Anna Berg">
    <description>Stock and orders</description>
    <network verify="false"/>
    <limit concurrent="4" per-minute="60"/>
    <on-error><retry times="3" every="60s"/></on-error>
  </service>
  <credential name="warehouse-key" kind="api-key"><key secret="warehouse-key"/></credential>
</documents>`,
  },
  {
    file: 'maps/stock-read.xml',
    text: `<map xmlns="urn:mapwright:1" name="stock-read" label="Read stock" service="warehouse">
  <call method="GET" path="/stock"/>
  <parameters><parameter name="site" setting="warehouse_site"/></parameters>
  <response><output path="count" context="stock"/></response>
</map>`,
  },
  {
    file: 'maps/order-send.xml',
    text: `<map xmlns="urn:mapwright:1" name="order-send" label="Send order" service="warehouse">
  <call method="POST" path="/orders"/>
</map>`,
  },
  {
    file: 'nightly.xml',
    text: `<workflow xmlns="urn:mapwright:1" name="nightly">
  <trigger on="schedule" every="1h"/>
  <tasks><webservice id="read" map="stock-read"/></tasks>
</workflow>`,
  },
];
