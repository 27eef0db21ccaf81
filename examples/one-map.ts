// Runs one map from a script: what is sent, what comes back, and what a failure looks like.
//   node one-map.ts
import { MapFailedError, createRuntime } from 'mapwright';
import { startPracticeServer } from './practice-server.ts';

const documents = [
  {
    file: 'shop.xml',
    text: `
<service xmlns="urn:mapwright:1" name="shop" url="{setting.shop_url}">
  <header name="Authorization" template="Bearer {secret.shop_key}"/>
</service>`,
  },
  {
    file: 'add-customer.xml',
    text: `
<map xmlns="urn:mapwright:1" name="add-customer" service="shop">
  <call method="POST" path="/customers" body="json"/>
  <parameters>
    <parameter name="name" jsonata="record.name"/>
    <parameter name="country" context="country" default="ES"/>
  </parameters>
  <response>
    <expect status="201"/>
    <output path="id" context="customer_id"/>
    <output path="problem" context="problem" on="failure" optional="true"/>
  </response>
</map>`,
  },
];

const shop = await startPracticeServer((_path, { name, country }) =>
  name === ''
    ? { status: 422, body: { problem: 'a customer needs a name' } }
    : { status: 201, body: { id: `C-${String(country)}-1` } },
);
await using runtime = await createRuntime({
  folder: ':memory:',
  documents,
  // Addresses of this machine and the local network are called only when they are named.
  settings: { shop_url: shop.url, 'egress.allow': new URL(shop.url).host },
  secrets: { shop_key: 'a-key-that-is-never-shown' },
});

const { context, request } = await runtime.runMap('add-customer', { record: { name: 'Ada Lovelace' } });
console.log(`customer ${String(context.customer_id)}`);
console.log(`sent     ${request?.method} ${request?.body?.text}`);
console.log(`with     ${request?.headers.find(([name]) => name === 'Authorization')?.join(': ')}`);

try {
  await runtime.runMap('add-customer', { record: { name: '' } });
} catch (error) {
  if (!(error instanceof MapFailedError)) throw error;
  console.log(`refused  ${error.code} ${error.status}: ${String(error.result.context.problem)}`);
}
await shop.close();
