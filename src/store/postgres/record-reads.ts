import type { ModuleDefinition } from '../../core/module.ts';
import { recordNumber, recordPrefix } from '../../core/record.ts';
import type { RecordId, RecordImage } from '../../core/record.ts';
import type { Session } from './database.ts';
import type { RecordTable } from './record-table.ts';
import type { RecordTables } from './record-tables.ts';

const MOST_NUMBERS = 256;
/** Statements under way at the same time, for one table. */
const MOST_STATEMENTS = 2;

interface Wanted {
  readonly number: number;
  readonly resolve: (image: RecordImage | undefined) => void;
  readonly reject: (error: unknown) => void;
}

interface Queue {
  wanted: Wanted[];
  underWay: number;
}

/** Reads single records. What is asked for while statements are on their way goes together in the next one. */
export class RecordReads {
  readonly #db: Session;
  readonly #tables: RecordTables;
  readonly #queues = new WeakMap<RecordTable, Queue>();

  constructor(db: Session, tables: RecordTables) {
    this.#db = db;
    this.#tables = tables;
  }

  /** The record as committed at some time after the call; undefined when there is none. */
  async read(module: ModuleDefinition, id: RecordId): Promise<RecordImage | undefined> {
    const number = recordPrefix(id) === module.prefix ? recordNumber(id) : undefined;
    const table = number === undefined ? undefined : await this.#tables.forReading(module);
    if (number === undefined || table === undefined) return undefined;
    const queue = this.#queueOf(table);
    return new Promise((resolve, reject) => {
      queue.wanted.push({ number, resolve, reject });
      // Whatever else this turn of the event loop asks for goes along.
      if (queue.wanted.length === 1) queueMicrotask(() => this.#send(table, queue));
    });
  }

  #queueOf(table: RecordTable): Queue {
    const known = this.#queues.get(table);
    if (known !== undefined) return known;
    const made: Queue = { wanted: [], underWay: 0 };
    this.#queues.set(table, made);
    return made;
  }

  #send(table: RecordTable, queue: Queue): void {
    while (queue.wanted.length > 0 && queue.underWay < MOST_STATEMENTS) {
      queue.underWay++;
      void this.#readSome(table, queue.wanted.splice(0, MOST_NUMBERS)).finally(() => {
        queue.underWay--;
        this.#send(table, queue);
      });
    }
  }

  /** Never rejects. */
  async #readSome(table: RecordTable, wanted: readonly Wanted[]): Promise<void> {
    try {
      const images = await table.read(this.#db, [...new Set(wanted.map(({ number }) => number))]);
      const byId = new Map(images.map((image) => [image.id, image]));
      for (const { number, resolve } of wanted) resolve(byId.get(`${table.module.prefix}x${number}`));
    } catch (thrown) {
      for (const { reject } of wanted) reject(thrown);
    }
  }
}
