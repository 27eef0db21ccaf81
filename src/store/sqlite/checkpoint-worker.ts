import { parentPort, workerData } from 'node:worker_threads';
import { openForCheckpoints } from './database.ts';

// The checkpoint thread: a connection of its own that moves committed pages from the log into the database. PASSIVE waits
// for nobody and makes nobody wait (SQLite, "wal_checkpoint").
const db = openForCheckpoints(String(workerData));

parentPort?.on('message', () => {
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
  } finally {
    parentPort?.postMessage('done');
  }
});
