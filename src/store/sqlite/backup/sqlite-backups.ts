import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BackupFacts, BackupProgress, BackupWriter } from '../../../core/backup.ts';
import { MapwrightError } from '../../../core/error.ts';
import { explainFailure } from '../sqlite-failure.ts';

/** What the backup thread is to do. */
export interface BackupOrder {
  readonly folder: string;
  readonly file: string;
  readonly madeAt: number;
  readonly version: string;
}

/** What the backup thread tells: `code` is SQLite's result code, if it was SQLite that failed. */
export type BackupTidings =
  | ({ readonly kind: 'progress' } & BackupProgress)
  | { readonly kind: 'done'; readonly facts: BackupFacts }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Writes backups of the install in a folder, each on a thread of its own with a connection of its own. */
export class SqliteBackups implements BackupWriter {
  readonly #folder: string;
  readonly #workers = new Set<Worker>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  write(params: Parameters<BackupWriter['write']>[0]): Promise<BackupFacts> {
    const { onProgress, ...order } = params;
    const workerData: BackupOrder = { folder: this.#folder, ...order };
    const worker = new Worker(new URL(`./backup-worker${extname(import.meta.url)}`, import.meta.url), { workerData });
    this.#workers.add(worker);
    return new Promise<BackupFacts>((resolve, reject) => {
      worker.on('message', (tidings: BackupTidings) => {
        if (tidings.kind === 'progress') onProgress(tidings);
        else if (tidings.kind === 'done') resolve(tidings.facts);
        else reject(failed(tidings));
      });
      worker.on('error', (thrown) => reject(failed({ code: '', message: String(thrown) })));
      worker.on('exit', () => {
        this.#workers.delete(worker);
        reject(failed({ code: '', message: 'the process is stopping' }));
      });
    });
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }
}

function failed({ code, message }: { readonly code: string; readonly message: string }): MapwrightError {
  const told = explainFailure(code);
  return new MapwrightError('BACKUP_FAILED', `The backup was not made: ${message}`, {
    hint: told?.hint ?? 'The install is as it was. Look at the message, and begin the backup again.',
    retryable: true,
  });
}
