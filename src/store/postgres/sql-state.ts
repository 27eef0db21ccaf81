import { DatabaseError } from 'pg';

/** The SQLSTATE behind an error of this room (PostgreSQL, "Error Codes"); undefined when the server did not answer. */
export function sqlState(thrown: unknown): string | undefined {
  const cause = thrown instanceof Error && !(thrown instanceof DatabaseError) ? thrown.cause : thrown;
  return cause instanceof DatabaseError ? cause.code : undefined;
}
