import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import Database from 'better-sqlite3';
import { Hono } from 'hono';

/** What one request says: a product's fields. */
interface Given {
  readonly productname: string;
  readonly serial_no: string;
  readonly unit_price: string;
}

/**
 * What somebody would write by hand to keep products: POST /products inserts one row, on disk before the answer, and
 * gives it back with its id. No sessions, no validation, no history.
 */
export function createBareServer() {
  const app = new Hono();
  const server = createAdaptorServer({ fetch: app.fetch });
  let db: Database.Database | undefined;
  return {
    /** Gives the address that it listens at. */
    async open({ folder }: { readonly folder: string }): Promise<string> {
      const file = new Database(join(folder, 'bare.db'));
      file.pragma('journal_mode = WAL');
      file.pragma('synchronous = FULL');
      file.exec(
        'CREATE TABLE products (id INTEGER PRIMARY KEY, productname TEXT, serial_no TEXT, unit_price REAL) STRICT',
      );
      const insert = file.prepare<[string, string, number]>(
        'INSERT INTO products (productname, serial_no, unit_price) VALUES (?, ?, ?)',
      );
      app.post('/products', async (context) => {
        const given = await context.req.json<Given>();
        const { lastInsertRowid } = insert.run(given.productname, given.serial_no, Number(given.unit_price));
        return context.json({ ...given, id: `14x${lastInsertRowid}` });
      });
      db = file;
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    /** Rows kept so far. */
    rows: (): number => db?.prepare<[], { n: number }>('SELECT count(*) AS n FROM products').get()?.n ?? 0,
    close(): void {
      server.close();
      db?.close();
    },
  };
}
