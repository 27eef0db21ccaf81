import Database from 'better-sqlite3';
import type { ApplicationRecords, ApplicationWrite, RecordValue } from '../../src/index.ts';

interface OrderRow {
  readonly number: string;
  readonly total: number | null;
  readonly paid: number;
  readonly remote: string | null;
  readonly version: number;
}

/** One call of `apply`, as the application's database remembers it. */
interface AppliedCall {
  readonly key: string;
  readonly fields: string;
}

/** An application with orders in a database of its own, which remembers every write that it is asked for. */
export class Application {
  readonly db: Database.Database;
  /** What is done before a write is made; may throw. */
  beforeApply: (write: ApplicationWrite) => void = () => undefined;
  /** What is done once a write is committed. */
  afterApply: () => void = () => undefined;

  constructor(file: string) {
    this.db = new Database(file);
    this.db.exec(`
      CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, number TEXT, total REAL, paid INTEGER, remote TEXT,
        version INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS applied (key TEXT PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS calls (key TEXT, fields TEXT);
    `);
  }

  add(id: string, number: string): void {
    this.db.prepare('INSERT INTO orders VALUES (?, ?, 2.5, 1, NULL, 1)').run(id, number);
  }

  find(id: string): { values: Record<string, RecordValue>; version: number } | undefined {
    const row = this.db.prepare<[string], OrderRow>('SELECT * FROM orders WHERE id = ?').get(id);
    if (row === undefined) return undefined;
    const { number, total, paid, remote, version } = row;
    return { values: { number, total, paid, remote }, version };
  }

  /** Every call of `apply`, those that changed nothing too. */
  calls(): readonly AppliedCall[] {
    return this.db.prepare<[], AppliedCall>('SELECT key, fields FROM calls').all();
  }

  readonly records: ApplicationRecords = {
    read: async (id) => {
      const found = this.find(id);
      return found && { module: 'Orders', ...found };
    },
    apply: async (write, { key }) => {
      this.beforeApply(write);
      this.db.prepare('INSERT INTO calls VALUES (?, ?)').run(key, JSON.stringify(write.fields));
      if (this.db.prepare('SELECT 1 FROM applied WHERE key = ?').get(key) !== undefined) return 'applied';
      const update = this.db.prepare(
        'UPDATE orders SET remote = ?, version = version + 1 WHERE id = ? AND version = ?',
      );
      const answer = this.db.transaction((): 'applied' | 'conflict' => {
        if (update.run(write.fields['remote'], write.id, write.basedOn).changes === 0) return 'conflict';
        this.db.prepare('INSERT INTO applied VALUES (?)').run(key);
        return 'applied';
      })();
      this.afterApply();
      return answer;
    },
  };
}
