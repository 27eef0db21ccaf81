import { DatabaseError } from 'pg';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { UnwrittenError } from '../../core/unwritten.ts';
import { invalidUnit } from '../invalid-unit.ts';

interface Explanation {
  readonly says: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const SETTINGS = 'Compare host, port, database, user and password in DATABASE_URL with those of the server.';

const UNTRUSTED: Explanation = {
  says: "The database server's certificate is not accepted",
  hint: 'Name the host that it was made for, and the authority that made it: ?sslmode=verify-full&sslrootcert=/path/to/ca.pem',
  retryable: false,
};

/** By the start of the SQLSTATE (PostgreSQL, "Error Codes") or the code that Node.js gives a failed connection. */
const EXPLANATIONS: readonly (readonly [prefix: string, explanation: Explanation])[] = [
  [
    '53100',
    {
      says: "The database server's disk is full",
      hint: 'Free some space there; nothing accepted is lost.',
      retryable: true,
    },
  ],
  [
    '53300',
    {
      says: 'The database server takes no more connections',
      hint: 'Raise max_connections of the server, or let fewer programs connect to it.',
      retryable: true,
    },
  ],
  [
    '53',
    {
      says: 'The database server is short of memory or another resource',
      hint: 'Look into its log.',
      retryable: true,
    },
  ],
  [
    '57P',
    {
      says: 'The database server is being started or stopped',
      hint: 'Wait until it is up again; nothing accepted is lost.',
      retryable: true,
    },
  ],
  [
    '57014',
    {
      says: 'The database server stopped a statement',
      hint: 'It took too long, or somebody canceled it.',
      retryable: true,
    },
  ],
  ['55P03', { says: 'Another transaction keeps a lock', hint: 'Try again in a moment.', retryable: true }],
  [
    '25006',
    {
      says: 'The database server only reads',
      hint: 'Let DATABASE_URL name the primary server, not a standby.',
      retryable: true,
    },
  ],
  ['28', { says: 'The database server refuses the user', hint: SETTINGS, retryable: false }],
  ['3D000', { says: 'There is no such database', hint: 'Make it first: CREATE DATABASE name', retryable: false }],
  [
    '42501',
    {
      says: 'The database user may not do that',
      hint: 'Let the user of DATABASE_URL own the database, or a schema in it.',
      retryable: false,
    },
  ],
  [
    '42P01',
    {
      says: 'A table is missing',
      hint: 'Is this the right database? Otherwise restore the last backup.',
      retryable: false,
    },
  ],
  [
    '3F000',
    {
      says: 'The database user has no schema to work in',
      hint: 'Make the one that its search_path names: CREATE SCHEMA name AUTHORIZATION user',
      retryable: false,
    },
  ],
  ['XX001', { says: 'The database is damaged', hint: 'Restore the last backup.', retryable: false }],
  ['ECONNREFUSED', { says: 'No database server answers there', hint: `Is it running? ${SETTINGS}`, retryable: true }],
  ['ENOTFOUND', { says: 'The database server is not known', hint: SETTINGS, retryable: true }],
  ['EAI', { says: 'The database server is not known at the moment', hint: SETTINGS, retryable: true }],
  ['SELF_SIGNED_CERT', UNTRUSTED],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['UNABLE_TO_', UNTRUSTED],
  ['CERT_', UNTRUSTED],
  ['ERR_TLS_', UNTRUSTED],
  [
    '08',
    { says: 'The connection to the database is broken', hint: 'Look into the log of the server.', retryable: true },
  ],
];

/** Anything without a SQLSTATE happened between the server and us, so that trying again may succeed. */
const CONNECTION: Explanation = {
  says: 'The connection to the database failed',
  hint: 'Is the server running, and does the network let this machine reach it?',
  retryable: true,
};

const UNKNOWN: Explanation = {
  says: 'The database cannot be used',
  hint: 'If it happens again, report it with this message.',
  retryable: false,
};

/**
 * A transaction was rolled back because of others at the same time (deadlock 40P01, serialization failure 40001): nothing
 * of it is stored, and the same work may be done again at once.
 */
export class TransactionCollision extends MapwrightError {
  constructor(cause: Error) {
    super('STORE_UNAVAILABLE', `Transactions got into each other's way: ${cause.message}`, {
      hint: 'Try again.',
      retryable: true,
      cause,
    });
  }
}

/** Anything thrown while the database was used, as an error of this room: STORE_UNAVAILABLE, or STORE_UNIT_INVALID for a broken constraint or a value that no column takes. */
export function storeFailure(thrown: unknown): MapwrightError {
  if (thrown instanceof MapwrightError) return thrown;
  if (!(thrown instanceof DatabaseError)) return unavailable(thrown);
  const state = thrown.code ?? '';
  if (state === '40P01' || state === '40001') return new TransactionCollision(thrown);
  return isUnitFailure(state) ? invalidUnit(thrown.message, { cause: thrown }) : unavailable(thrown);
}

/** Whatever was thrown as STORE_UNAVAILABLE: for work that is not to blame for it. */
function unavailable(thrown: unknown): MapwrightError {
  const { says, hint, retryable } = explain(thrown);
  const message = `${says}: ${messageOf(thrown)}`;
  if (takesNoChange(thrown)) return new UnwrittenError(message, { hint, cause: thrown });
  return new MapwrightError('STORE_UNAVAILABLE', message, { hint, retryable, cause: thrown });
}

/** The answer to a COMMIT did not come: nobody can tell whether it took effect. */
export function uncommitted(thrown: unknown): MapwrightError {
  return new MapwrightError('STORE_UNAVAILABLE', `The database did not answer a commit: ${messageOf(thrown)}`, {
    hint: 'It may have taken effect. Ask for it again with the same key, or look.',
    retryable: true,
    cause: thrown,
  });
}

/** True when the server has answered, so that the connection it came over is whole. */
export function isServerAnswer(thrown: unknown): boolean {
  if (!(thrown instanceof DatabaseError)) return false;
  // The last words of a connection: the server stops, or a transaction was idle for too long.
  const state = thrown.code ?? '';
  return !state.startsWith('57P') && state !== '25P03';
}

/** The error of everything that is asked of a closed store. */
export function storeClosed(): MapwrightError {
  return new MapwrightError('STORE_UNAVAILABLE', 'The store is closed.');
}

function explain(thrown: unknown): Explanation {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const found = EXPLANATIONS.find(([prefix]) => code.startsWith(prefix))?.[1];
  return found ?? (thrown instanceof DatabaseError ? UNKNOWN : CONNECTION);
}

/** True when the server has said that its disk is full or that it only reads: the transaction came to nothing. */
function takesNoChange(thrown: unknown): boolean {
  return thrown instanceof DatabaseError && (thrown.code === '53100' || thrown.code === '25006');
}

/** Classes 22 and 54: data that a type, the encoding or an index cannot hold. Class 23: constraints. */
function isUnitFailure(state: string): boolean {
  return ['22', '23', '54'].includes(state.slice(0, 2));
}
