import type { Clock } from '../../core/clock.ts';
import type { TokenRow, TokenStore } from '../../core/credential.ts';
import { messageOf } from '../../core/error.ts';
import { type IdentityStore, personName, type User } from '../../core/identity-store.ts';
import type { Sealer, SecretStore } from '../../core/secret-store.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledCredential } from '../../catalog/credential/compiled-credential.ts';
import { openToken } from '../../connector/credential/held-token.ts';
import { fingerprintOf } from '../../connector/credential/token-fingerprint.ts';
import type { CredentialConnection, CredentialEntry } from './credential-administration.ts';
import { resolveFor, type ResolvingParts, servicesWith } from './resolved-credential.ts';

export interface EntryParts extends ResolvingParts {
  readonly secrets: Pick<SecretStore, 'get' | 'list'>;
  readonly tokens: Pick<TokenStore, 'list'>;
  readonly identities: Pick<IdentityStore, 'users' | 'userById'>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly clock: Clock;
  readonly catalog: () => Pick<Catalog, 'credentials' | 'services'>;
}

/** What entries are made of, read once for all of them. */
interface Known {
  readonly catalog: Pick<Catalog, 'credentials' | 'services'>;
  readonly rows: readonly TokenRow[];
  readonly users: readonly User[];
  readonly usersById: ReadonlyMap<string, User>;
  readonly secrets: ReadonlySet<string>;
}

/** All credentials in force, with the tokens that there are. */
export async function credentialEntries(parts: EntryParts): Promise<readonly CredentialEntry[]> {
  const known = await readKnown(parts);
  const all = [...known.catalog.credentials.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(all.map((compiled) => entryOf(parts, known, compiled)));
}

/** One, with everybody who has not connected. */
export async function credentialEntry(parts: EntryParts, compiled: CompiledCredential): Promise<CredentialEntry> {
  const known = await readKnown(parts);
  const entry = await entryOf(parts, known, compiled);
  if (entry.unconnected === undefined) return entry;
  const there = new Set(entry.connections.map(({ user }) => user));
  const others = known.users.filter(({ active, name }) => active && !there.has(name));
  return {
    ...entry,
    connections: [...entry.connections, ...others.map((user) => ({ ...named(user), state: 'none' as const }))],
  };
}

async function readKnown({ catalog, tokens, identities, secrets }: EntryParts): Promise<Known> {
  const [rows, users, stored] = await Promise.all([tokens.list(), identities.users(), secrets.list()]);
  const usersById = new Map(users.map((user) => [user.id, user]));
  return { catalog: catalog(), rows, users, usersById, secrets: new Set(stored.map(({ name }) => name)) };
}

async function entryOf(parts: EntryParts, known: Known, compiled: CompiledCredential): Promise<CredentialEntry> {
  const { name, document } = compiled;
  const signIn = document.credentialKind === 'oauth2-authorization-code';
  const settings = await settingsOf(parts, known, compiled);
  // What is left of before it was shared, or was not, is carried by no call.
  const rows = known.rows.filter((row) => row.credential === name && (row.subject === '') === document.isShared);
  const connections = rows.flatMap((row) =>
    connectionOf(parts, { row, known, signIn, fingerprint: settings.fingerprint }),
  );
  const isEmpty = signIn && document.isShared && connections.length === 0;
  const connected = new Set(connections.filter(({ state }) => state === 'connected').map(({ user }) => user));
  const missing = compiled.secrets.filter((secret) => !known.secrets.has(secret));
  return {
    name,
    ...(document.label === undefined ? {} : { label: document.label }),
    kind: document.credentialKind,
    shared: document.isShared,
    signIn,
    services: servicesWith(known.catalog, name).map((service) => service.name),
    missing,
    ...(settings.problem === undefined || missing.length > 0 ? {} : { problem: settings.problem }),
    connections: isEmpty ? [{ state: 'none' }] : connections,
    ...(signIn && !document.isShared
      ? {
          connected: connected.size,
          unconnected: known.users.filter((user) => user.active && !connected.has(user.name)).length,
        }
      : {}),
  };
}

/** By what tokens are told that fit the credential as it is now; why it cannot be used, where it cannot. */
async function settingsOf(
  parts: EntryParts,
  { catalog }: Known,
  compiled: CompiledCredential,
): Promise<{ readonly fingerprint?: string; readonly problem?: string }> {
  try {
    const { credential } = await resolveFor(parts, catalog, { compiled, subject: '' });
    return credential.kind === 'oauth2' || credential.kind === 'vtiger'
      ? { fingerprint: fingerprintOf(credential) }
      : {};
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}

interface Held {
  readonly row: TokenRow;
  readonly known: Known;
  readonly signIn: boolean;
  /** Undefined when the credential cannot be used as it is. */
  readonly fingerprint: string | undefined;
}

/** Nothing for a renewal that began and has not given anything yet. */
function connectionOf(
  { sealer, clock }: EntryParts,
  { row, known, signIn, fingerprint }: Held,
): CredentialConnection[] {
  const user = known.usersById.get(row.subject);
  const whose = user === undefined ? (row.subject === '' ? {} : { user: row.subject }) : named(user);
  const problem = row.problem === undefined ? {} : { problem: row.problem };
  const held = openToken(sealer, row.sealed);
  if (held === undefined) return row.problem === undefined ? [] : [{ ...whose, state: 'none', ...problem }];
  const renews = signIn ? held.refresh !== undefined : true;
  const isOver = held.expiresAt !== undefined && held.expiresAt <= clock.now() && !renews;
  const isOther = fingerprint !== undefined && fingerprint !== row.fingerprint;
  return [
    {
      ...whose,
      state: isOther ? 'settings-changed' : isOver ? 'expired' : 'connected',
      since: row.connectedAt ?? row.changedAt,
      ...(held.expiresAt === undefined ? {} : { until: held.expiresAt }),
      renews,
      ...(held.scopes === undefined ? {} : { scopes: held.scopes }),
      ...problem,
    },
  ];
}

function named(user: User): { readonly user: string; readonly person: string } {
  return { user: user.name, person: personName(user) };
}
