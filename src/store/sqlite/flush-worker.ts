import { fdatasyncSync, openSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../core/error.ts';

// The flush thread. It opens the log for itself: the system writes out the file, whoever has written to it. SQLite holds
// its locks on the other files of the database, so that this handle cannot release them when it is closed (POSIX fcntl).
const log = openSync(String(workerData), 'r+');

parentPort?.on('message', () => {
  parentPort?.postMessage(flush());
});

/** Undefined, or why the disk did not take it. */
function flush(): string | undefined {
  try {
    fdatasyncSync(log);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
