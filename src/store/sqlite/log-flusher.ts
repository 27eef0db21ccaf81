import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Brings what is written to the log onto the disk. */
export interface LogFlusher {
  /** Resolves when everything written before the call is on disk; rejects when the disk refuses. One call at a time. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A flusher on a thread of its own, so that the event loop goes on while the disk is waited for. Not on the shared
 * threads of the process: a name server that does not answer keeps those busy.
 * @param log the write-ahead log, which must be there
 */
export function startLogFlusher(log: string): LogFlusher {
  const worker = new Worker(new URL(`./flush-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: log,
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  let pending: PromiseWithResolvers<void> | undefined;
  let lost: Error | undefined;
  const settle = (failure: Error | undefined): void => {
    const flushed = pending;
    pending = undefined;
    worker.unref();
    if (failure === undefined) flushed?.resolve();
    else flushed?.reject(failure);
  };
  const lose = (failure: Error): void => {
    lost ??= failure;
    settle(lost);
  };
  worker.unref();
  worker.on('message', (refusal: string | undefined) => settle(refusal === undefined ? undefined : new Error(refusal)));
  worker.on('error', (thrown) => lose(thrown instanceof Error ? thrown : new Error(String(thrown))));
  worker.on('exit', () => lose(new Error('the thread that flushes the log ended')));
  return {
    flush() {
      if (lost !== undefined) return Promise.reject(lost);
      pending = Promise.withResolvers();
      // A process that waits for nothing but the disk goes on.
      worker.ref();
      worker.postMessage('flush');
      return pending.promise;
    },
    close: async () => void (await worker.terminate()),
  };
}
