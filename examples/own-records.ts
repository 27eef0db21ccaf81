// An application that keeps its records in its own tables. An order is sent to the warehouse when it is placed, and the
// parcel's number comes back into the application's table. Needs: npm install better-sqlite3
//   node own-records.ts
import Database from 'better-sqlite3';
import { type ApplicationRecord, type ApplicationRecords, createRuntime } from 'mapwright';
import { startPracticeServer } from './practice-server.ts';

const documents = [
  {
    file: 'documents.xml',
    text: `
<documents xmlns="urn:mapwright:1">
  <module name="Orders" prefix="50" title="number">
    <field name="number" type="string"/>
    <field name="total" type="currency"/>
    <field name="parcel" type="string"/>
  </module>
  <service name="warehouse" url="{setting.warehouse_url}"/>
  <map name="ship-order" module="Orders" service="warehouse">
    <call method="POST" path="/parcels" body="json"/>
    <parameters>
      <parameter name="order" field="number"/>
      <parameter name="insured" field="total"/>
    </parameters>
    <response><output path="parcel" field="parcel"/></response>
  </map>
  <workflow name="order-placed" module="Orders">
    <trigger on="create"/>
    <tasks><webservice id="ship" map="ship-order"/></tasks>
  </workflow>
</documents>`,
  },
];

// The application's database: its orders, what it has to tell Mapwright, and the keys of what Mapwright has written.
const db = new Database(':memory:');
db.exec(`
  CREATE TABLE orders (id TEXT PRIMARY KEY, number TEXT, total REAL, parcel TEXT, version INTEGER NOT NULL) STRICT;
  CREATE TABLE outbox (id INTEGER PRIMARY KEY, order_id TEXT NOT NULL) STRICT;
  CREATE TABLE applied_keys (key TEXT PRIMARY KEY) STRICT;
`);

interface Order {
  readonly number: string;
  readonly total: number;
  readonly parcel: string | null;
  readonly version: number;
}
const readOrder = db.prepare<[string], Order>('SELECT number, total, parcel, version FROM orders WHERE id = ?');
const storeKey = db.prepare<[string]>('INSERT OR IGNORE INTO applied_keys VALUES (?)');
const storeParcel = db.prepare<[unknown, string, number]>(
  'UPDATE orders SET parcel = ?, version = version + 1 WHERE id = ? AND version = ?',
);

function findOrder(id: string): ApplicationRecord | undefined {
  const order = readOrder.get(id);
  if (order === undefined) return undefined;
  const { version, ...values } = order;
  return { module: 'Orders', values, version };
}

const records: ApplicationRecords = {
  read: findOrder,
  // One transaction holds the change and the key, so that a write that comes again after a crash changes nothing.
  apply: (write, { key }) => {
    const apply = db.transaction((): 'applied' => {
      if (storeKey.run(key).changes === 0) return 'applied';
      if (storeParcel.run(write.fields.parcel ?? null, write.id, write.basedOn).changes === 1) return 'applied';
      throw new Conflict();
    });
    try {
      return apply();
    } catch (error) {
      if (error instanceof Conflict) return 'conflict';
      throw error;
    }
  },
};

/** Thrown so that the transaction takes its key back. */
class Conflict extends Error {}

const warehouse = await startPracticeServer((_path, { order }) => ({
  status: 200,
  body: { parcel: `P-${String(order)}` },
}));
const runtime = await createRuntime({
  folder: ':memory:',
  documents,
  records,
  settings: { warehouse_url: warehouse.url, 'egress.allow': new URL(warehouse.url).host },
});

// The order and the word of it are one transaction; it is told afterwards, again after a crash, until it was taken.
db.transaction(() => {
  db.prepare(`INSERT INTO orders VALUES ('order-1', 'SO-1', 25.5, NULL, 1)`).run();
  db.prepare(`INSERT INTO outbox (order_id) VALUES ('order-1')`).run();
})();
for (const { id, order_id } of db.prepare<[], { id: number; order_id: string }>('SELECT * FROM outbox').all()) {
  const after = findOrder(order_id)?.values ?? {};
  const change = { kind: 'create', module: 'Orders', id: order_id, after, key: `outbox-${id}` } as const;
  const first = await runtime.changed(change);
  const again = await runtime.changed(change);
  db.prepare('DELETE FROM outbox WHERE id = ?').run(id);
  console.log(
    `told     ${order_id}: run ${first.runs.join()}; told again: ${again.repeated ? 'known' : 'started twice'}`,
  );
  for (const run of first.runs) {
    const { status } = await runtime.run(run).finished({ timeoutMs: 10_000 });
    console.log(`run ${run}    ${status}`);
  }
}
console.log(`order-1  parcel ${readOrder.get('order-1')?.parcel}`);
console.log(`keys     ${db.prepare('SELECT key FROM applied_keys').pluck().all().length}`);
await runtime.close();
await warehouse.close();
