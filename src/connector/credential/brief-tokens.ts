import type { TokenKey, TokenRow, TokenStore } from '../../core/credential.ts';

/**
 * Tokens that are forgotten with the object, beginning with those that are given: what is tried with them leaves those of the
 * install as they are.
 */
export function briefTokens(given: readonly TokenRow[] = []): TokenStore {
  const rows = new Map(given.map((row) => [nameOf(row), row]));
  const change = (key: TokenKey, changes: Partial<TokenRow>): void => {
    const row = rows.get(nameOf(key)) ?? emptyRow(key);
    rows.set(nameOf(key), {
      ...row,
      ...changes,
      version: row.version + 1,
      renewer: undefined,
      renewingUntil: undefined,
    });
  };
  return {
    get: async (key) => rows.get(nameOf(key)),
    list: async () => [...rows.values()],
    async beginRenewal({ credential, subject, version, renewer, until }) {
      const row = rows.get(nameOf({ credential, subject })) ?? emptyRow({ credential, subject });
      if (row.version !== version || row.renewer !== undefined) return false;
      rows.set(nameOf(row), { ...row, renewer, renewingUntil: until });
      return true;
    },
    async endRenewal({ credential, subject, renewer, at, fingerprint, outcome }) {
      if (rows.get(nameOf({ credential, subject }))?.renewer !== renewer) return false;
      if ('sealed' in outcome) {
        change({ credential, subject }, { sealed: outcome.sealed, fingerprint, changedAt: at, problem: undefined });
      } else {
        const kept = outcome.isThrownAway ? { sealed: undefined } : {};
        change({ credential, subject }, { ...kept, changedAt: at, problem: outcome.problem });
      }
      return true;
    },
    async put({ credential, subject, sealed, fingerprint, at }) {
      change({ credential, subject }, { sealed, fingerprint, changedAt: at, connectedAt: at, problem: undefined });
    },
    remove: async (key) => rows.delete(nameOf(key)),
    async removeAll(credential) {
      const found = [...rows.values()].filter((row) => row.credential === credential);
      for (const row of found) rows.delete(nameOf(row));
      return found.length;
    },
  };
}

function nameOf({ credential, subject }: TokenKey): string {
  return JSON.stringify([credential, subject]);
}

function emptyRow({ credential, subject }: TokenKey): TokenRow {
  return {
    credential,
    subject,
    version: 0,
    sealed: undefined,
    fingerprint: '',
    changedAt: 0,
    renewer: undefined,
    renewingUntil: undefined,
    problem: undefined,
    connectedAt: undefined,
  };
}
