import type { AuditEntry, AuditFilter } from '../../core/audit.ts';
import type { NewToken, TokenEntry } from './access.ts';

/** What an administrator can do about passwords, tokens and the audit. */
export interface AccessAdministration {
  /** Logs the user out everywhere. Rejects with USER_UNKNOWN or USER_PASSWORD_INVALID. */
  setPassword(params: { name: string; password: string }): Promise<void>;
  /** By their names, revoked and expired ones too. */
  tokens(): Promise<readonly TokenEntry[]>;
  /** Gives the token itself: it is shown once. Rejects with NAME_INVALID, ACCESS_TOKEN_EXISTS, ACCESS_GRANT_UNKNOWN or ACCESS_EXPIRY_PAST. */
  createToken(params: NewToken): Promise<{ readonly token: TokenEntry; readonly secret: string }>;
  /** It lets nobody in any more; safe to repeat. Rejects with ACCESS_TOKEN_UNKNOWN. */
  revokeToken(params: { name: string; by: string }): Promise<TokenEntry>;
  /** Who changed what, newest first. */
  audit(filter: AuditFilter): Promise<readonly AuditEntry[]>;
}
