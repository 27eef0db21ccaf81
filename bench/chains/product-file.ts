import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { WrittenIds } from './contestant.ts';
import type { Product } from './product.ts';

/** A table of products as somebody would keep it by hand: WAL, durable, prepared statements, a transaction for each. */
export class ProductFile {
  readonly #db: Database.Database;
  readonly #insert: Database.Statement<[string, string, string]>;
  readonly #update: Database.Statement<[string, number]>;

  constructor(folder: string) {
    this.#db = new Database(join(folder, 'products.db'));
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.exec(
      'CREATE TABLE products (id INTEGER PRIMARY KEY, productname TEXT, serial_no TEXT, unit_price TEXT, remote_id TEXT)',
    );
    this.#insert = this.#db.prepare('INSERT INTO products (productname, serial_no, unit_price) VALUES (?, ?, ?)');
    this.#update = this.#db.prepare('UPDATE products SET remote_id = ? WHERE id = ?');
  }

  /** Gives the new row's id. */
  insert({ productname, serial_no, unit_price }: Product): number {
    return Number(this.#insert.run(productname, serial_no, unit_price).lastInsertRowid);
  }

  /** Many in one transaction, for what is not measured. */
  insertAll(products: readonly Product[]): number[] {
    return this.#db.transaction(() => products.map((product) => this.insert(product)))();
  }

  writeRemoteId(id: number, remoteId: string): void {
    this.#update.run(remoteId, id);
  }

  /** Closes the file, and reads it once more from the disk. */
  close(): WrittenIds {
    const file = this.#db.name;
    this.#db.close();
    const db = new Database(file, { readonly: true });
    const rows = db.prepare<[], [string, string]>('SELECT productname, remote_id FROM products').raw().all();
    db.close();
    return new Map(rows);
  }
}
