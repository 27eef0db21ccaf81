import type { ApiToken } from '../core/access-store.ts';
import { MapwrightError } from '../core/error.ts';

/** A token as the databases keep one. */
export interface TokenRow {
  readonly name: string;
  readonly grants: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly usedAt: number | null;
  readonly usedFrom: string | null;
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
}

/** The columns of a `TokenRow`. */
export const TOKEN_COLUMNS = `name, grants, created_at AS "createdAt", created_by AS "createdBy",
  expires_at AS "expiresAt", used_at AS "usedAt", used_from AS "usedFrom", revoked_at AS "revokedAt",
  revoked_by AS "revokedBy"`;

/** The token of a row. */
export function tokenOf(row: TokenRow): ApiToken {
  return {
    ...row,
    grants: grantsOf(row.grants),
    expiresAt: row.expiresAt ?? undefined,
    usedAt: row.usedAt ?? undefined,
    usedFrom: row.usedFrom ?? undefined,
    revokedAt: row.revokedAt ?? undefined,
    revokedBy: row.revokedBy ?? undefined,
  };
}

/** Roles and scopes as they stand in their column. */
export function storedGrants(grants: readonly string[]): string {
  return grants.join(' ');
}

function grantsOf(stored: string): readonly string[] {
  return stored === '' ? [] : stored.split(' ');
}

/** ACCESS_TOKEN_EXISTS. */
export function tokenExists(name: string): MapwrightError {
  return new MapwrightError('ACCESS_TOKEN_EXISTS', `there is or was a token "${name}" already`, {
    hint: 'names are given once, so that the audit tells one token from the other: take another name',
  });
}
