import Database from 'better-sqlite3';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { UnwrittenError } from '../../core/unwritten.ts';
import { invalidUnit } from '../invalid-unit.ts';

interface Explanation {
  readonly says: string;
  readonly hint: string;
  readonly retryable: boolean;
}

/** By the start of SQLite's result code (https://sqlite.org/rescode.html). */
const EXPLANATIONS: readonly (readonly [prefix: string, explanation: Explanation])[] = [
  ['SQLITE_FULL', { says: 'The disk is full', hint: 'Free some space; nothing accepted is lost.', retryable: true }],
  [
    'SQLITE_BUSY',
    {
      says: 'Another program keeps the database locked',
      hint: 'Find the program that has mapwright.db open (a backup, a database browser) and close it.',
      retryable: true,
    },
  ],
  [
    'SQLITE_CORRUPT',
    {
      says: 'The database is damaged',
      hint: 'Stop, keep a copy of the folder, check the disk, and restore the last backup.',
      retryable: false,
    },
  ],
  [
    'SQLITE_NOTADB',
    {
      says: 'mapwright.db is not a database',
      hint: 'Is this the right folder? Otherwise restore the last backup.',
      retryable: false,
    },
  ],
  [
    'SQLITE_READONLY',
    {
      says: 'The database cannot be written',
      hint: 'Give the user that runs this process write permission for the folder and the files in it.',
      retryable: false,
    },
  ],
  [
    'SQLITE_CANTOPEN',
    {
      says: 'The database cannot be opened',
      hint: 'Does the folder exist, and may this user read and write it?',
      retryable: false,
    },
  ],
  [
    'SQLITE_IOERR',
    {
      says: 'The disk cannot be read or written',
      hint: 'Is it full, or a quota or file size limit (ulimit -f) reached? Otherwise look into the system log.',
      retryable: true,
    },
  ],
];

const UNKNOWN: Explanation = {
  says: 'The database cannot be used',
  hint: 'If it happens again, report it with this message.',
  retryable: false,
};

/** Anything thrown while the database was used, as an error of this room: STORE_UNAVAILABLE, or STORE_UNIT_INVALID for a broken constraint. */
export function storeFailure(thrown: unknown): MapwrightError {
  if (thrown instanceof MapwrightError) return thrown;
  return isConstraintFailure(thrown) ? invalidUnit(messageOf(thrown), { cause: thrown }) : unavailable(thrown);
}

/** Whatever was thrown as STORE_UNAVAILABLE: for work that is not to blame for it. */
export function unavailable(thrown: unknown): MapwrightError {
  const code = thrown instanceof Database.SqliteError ? thrown.code : '';
  const { says, hint, retryable } = explainFailure(code) ?? UNKNOWN;
  const message = `${says}: ${messageOf(thrown)}`;
  // Whatever SQLite refuses, it takes back.
  if (retryable) return new UnwrittenError(message, { hint, cause: thrown });
  return new MapwrightError('STORE_UNAVAILABLE', message, { hint, cause: thrown });
}

/** What a result code of SQLite means and what to do about it; undefined for one that tells nothing. */
export function explainFailure(code: string): Explanation | undefined {
  return EXPLANATIONS.find(([prefix]) => code.startsWith(prefix))?.[1];
}

/** The disk refused what was committed: nobody can tell any more what it holds. */
export function unflushed(thrown: unknown): MapwrightError {
  return new MapwrightError('STORE_UNAVAILABLE', `The disk did not take what was written: ${messageOf(thrown)}`, {
    hint: 'Look into the system log, mend the disk or free space, and start the process again.',
    cause: thrown,
  });
}

/** True when a constraint of the database was broken. */
export function isConstraintFailure(thrown: unknown): boolean {
  return thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_CONSTRAINT');
}

/** The error of everything that is asked of a closed store. */
export function storeClosed(): MapwrightError {
  return new MapwrightError('STORE_UNAVAILABLE', 'The store is closed.');
}

/** A read as the promise that interfaces ask for; what it throws becomes an error of this room. */
export function guarded<A extends readonly unknown[], R>(
  read: (...args: A) => R | Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await read(...args);
    } catch (thrown) {
      throw storeFailure(thrown);
    }
  };
}
