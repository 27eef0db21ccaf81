import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type PreparedInstall, prepareInstall, syncDocuments } from '../../tools/stage/prepared-install.ts';

/** An install with so many products, put into its table directly: saving them one by one would take an hour. */
export async function prepareFilled(folder: string, records: number): Promise<PreparedInstall> {
  const documents = (await syncDocuments('5s')).filter(({ file }) => file === 'Products.xml');
  const install = await prepareInstall({ folder, documents });
  const db = new Database(join(folder, 'mapwright.db'));
  try {
    db.pragma('journal_mode = WAL');
    db.prepare<[number]>(
      `INSERT INTO m_Products
         (number, version, created_at, modified_at, created_by, modified_by, f_productname, f_serial_no, f_unit_price)
       WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       SELECT n, 1, 1700000000000 + n, 1700000000000 + n, '19x1', '19x1', 'Product ' || n, 'SN-' || n, (n * 7919) % 1000
       FROM numbers`,
    ).run(records);
    db.prepare('UPDATE install SET numbers_below = ?').run(records + 1);
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  return install;
}
