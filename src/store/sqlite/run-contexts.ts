import type { RunContext, RunId } from '../../core/run.ts';
import { decodeContext } from '../context-encoding.ts';
import type { EncodedContext } from '../context-encoding.ts';
import type { BlobStore } from './blob-store.ts';
import type { SqliteDatabase } from './database.ts';

/** The variables of runs. */
export class RunContexts {
  readonly #blobs: BlobStore;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase, blobs: BlobStore) {
    this.#blobs = blobs;
    this.#sql = prepare(db);
  }

  /** Replaces a run's context. To be called inside a unit of the group commit. */
  write(run: RunId, context: EncodedContext): void {
    this.#blobs.writeAll(context.texts);
    for (const hash of context.texts.keys()) this.#sql.hold.run(run, hash);
    this.#sql.upsert.run(run, context.json);
  }

  /** Reads a stored context. */
  readonly decode = (json: string): RunContext => decodeContext(json, this.#blobs.read);
}

function prepare(db: SqliteDatabase) {
  return {
    hold: db.prepare<[number, string]>('INSERT INTO run_texts (run, hash) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    upsert: db.prepare<[number, string]>(
      'INSERT INTO run_contexts (run, context) VALUES (?, ?) ON CONFLICT DO UPDATE SET context = excluded.context',
    ),
  };
}
