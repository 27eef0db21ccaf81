// A web application that accepts orders, answers at once, and shows by events how far each of them is.
// Needs: npm install hono @hono/node-server
//   node order-api.ts
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { type JsonObject, MapwrightError, createRuntime } from 'mapwright';
import { startPracticeServer } from './practice-server.ts';

const documents = [
  {
    file: 'documents.xml',
    text: `
<documents xmlns="urn:mapwright:1">
  <module name="Orders" prefix="50" title="number">
    <field name="number" type="string" mandatory="true"/>
    <field name="total" type="currency"/>
    <field name="invoice" type="string" read-only="true"/>
  </module>
  <service name="books" url="{setting.books_url}">
    <on-error><retry times="3" every="200ms"/></on-error>
  </service>
  <map name="write-invoice" module="Orders" service="books">
    <call method="POST" path="/invoices" body="json"/>
    <parameters>
      <parameter name="order" field="number"/>
      <parameter name="total" field="total"/>
    </parameters>
    <response><output path="invoice" field="invoice"/></response>
  </map>
  <workflow name="order-accepted" module="Orders">
    <trigger on="create"/>
    <tasks><webservice id="invoice" map="write-invoice"/></tasks>
  </workflow>
</documents>`,
  },
];

// The other system is busy when it is first asked.
let asked = 0;
const books = await startPracticeServer((_path, { order }) =>
  asked++ === 0 ? { status: 503, body: {} } : { status: 200, body: { invoice: `INV-${String(order)}` } },
);
const runtime = await createRuntime({
  folder: ':memory:',
  documents,
  settings: { books_url: books.url, 'egress.allow': new URL(books.url).host },
});

// What happened to each order, as the events tell it. For good it stands in the runs: runtime.administration.runs().
const orders = new Map<number, string>();
const progress = new Map<string, string[]>();
const tell = (run: number, line: string): void => void progress.get(orders.get(run) ?? '')?.push(line);
runtime.on('run-started', ({ run, recordId = '' }) => {
  orders.set(run, recordId);
  progress.set(recordId, ['started']);
});
runtime.on('step-ended', ({ run, task, status, code }) => tell(run, `${task} ${status}${code ? ` (${code})` : ''}`));
runtime.on('run-waiting', ({ run, wait }) => tell(run, `waits for ${wait.for}`));
runtime.on('run-ended', ({ run, status }) => tell(run, status));

const app = new Hono();
app.post('/orders', async (c) => {
  try {
    const order = await runtime.records.create('Orders', await c.req.json<JsonObject>());
    return c.json({ id: order.id }, 202);
  } catch (error) {
    if (!(error instanceof MapwrightError)) throw error;
    return c.json({ code: error.code, message: error.message }, 422);
  }
});
app.get('/orders/:id', async (c) => {
  const order = await runtime.records.read(c.req.param('id'));
  if (order === undefined) return c.notFound();
  return c.json({ ...order.values, progress: progress.get(order.id) ?? [] });
});

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const post = (body: object) => fetch(`${url}/orders`, { method: 'POST', body: JSON.stringify(body) });
const refused = await post({ total: 5 });
console.log(`refused  ${refused.status} ${((await refused.json()) as { code: string }).code}`);

const ended = new Promise((resolve) => runtime.on('run-ended', resolve));
const accepted = await post({ number: 'SO-1', total: 25.5 });
const { id } = (await accepted.json()) as { id: string };
console.log(`accepted ${accepted.status} ${id}`);
await ended;

const order = (await (await fetch(`${url}/orders/${id}`)).json()) as { invoice: string; progress: string[] };
console.log(`invoice  ${order.invoice}`);
for (const line of order.progress) console.log(`         ${line}`);

server.close();
await runtime.close();
await books.close();
