import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseFile, openForWriting } from '../../src/store/sqlite/database.ts';

let template: string | undefined;

/**
 * Puts a database with all tables, and nothing in them, into an empty folder: a copy of one that this process makes once,
 * because making the tables takes half the time of opening an install.
 */
export function copyMadeDatabase(folder: string): void {
  copyFileSync((template ??= makeDatabase()), databaseFile(folder));
}

function makeDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mapwright-made-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  openForWriting(folder).close();
  return databaseFile(folder);
}
