import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { MapwrightError } from '../../core/error.ts';
import type { SqlText, SqlValue } from '../sql-text.ts';
import type { PageQuery, ReaderAnswer, ReaderRequest } from './reader-worker.ts';
import { storeClosed, storeFailure } from './sqlite-failure.ts';

/** Rows as lists of values, in the order of the columns. */
export type Rows = readonly (readonly SqlValue[])[];

/** One page of rows, and how many there are on all pages. */
export interface RowPage {
  readonly rows: Rows;
  readonly total: number;
}

interface Pending {
  readonly resolve: (page: RowPage) => void;
  readonly reject: (error: MapwrightError) => void;
}

/** Runs queries on a thread of their own, started with the first and, should it die, again with the next. */
export class QueryThread {
  readonly #folder: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closed = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Sees everything committed before the call. Rejects with STORE_QUERY_INVALID or STORE_UNAVAILABLE. */
  async query({ sql, values }: SqlText): Promise<Rows> {
    const { rows } = await this.#ask({ sql, values });
    return rows;
  }

  /** As `query`, with the number of all rows of the same moment; they are only counted where the page does not tell it. */
  queryPage({ sql, countSql, values, limit, offset }: PageQuery): Promise<RowPage> {
    return this.#ask({ sql, countSql, values, limit, offset });
  }

  #ask(query: SqlText | PageQuery): Promise<RowPage> {
    if (this.#closed) return Promise.reject(storeClosed());
    const worker = (this.#worker ??= this.#start());
    const request: ReaderRequest = { id: ++this.#lastId, query };
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { resolve, reject });
      worker.ref();
      worker.postMessage(request);
    });
  }

  /** Rejects the queries still running. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
    this.#failAll(storeClosed());
  }

  #start(): Worker {
    const worker = new Worker(new URL(`./reader-worker${extname(import.meta.url)}`, import.meta.url), {
      workerData: this.#folder,
    });
    worker.on('message', (answer: ReaderAnswer) => this.#settle(worker, answer));
    worker.on('error', (thrown) => this.#lose(worker, storeFailure(thrown)));
    worker.on('exit', () => this.#lose(worker, storeFailure(new Error('the reader thread ended'))));
    return worker;
  }

  #settle(worker: Worker, answer: ReaderAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    // An idle reader does not keep the process alive.
    if (this.#pending.size === 0) worker.unref();
    if ('rows' in answer) pending?.resolve(answer);
    else pending?.reject(readerFailure(answer));
  }

  #lose(worker: Worker, failure: MapwrightError): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failAll(failure);
  }

  #failAll(failure: MapwrightError): void {
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of lost) pending.reject(failure);
  }
}

function readerFailure({ code, message }: { readonly code: string; readonly message: string }): MapwrightError {
  // Plain errors of SQLite in a generated text are its limits: too deep, too long.
  if (code !== 'SQLITE_ERROR') return storeFailure(new Error(message));
  return new MapwrightError('STORE_QUERY_INVALID', `The query cannot be run: ${message}`, {
    hint: 'Ask for less in one query.',
  });
}
