import type { Clock } from '../../core/clock.ts';
import type { StoredDocument } from '../../core/document-store.ts';
import { MapwrightError } from '../../core/error.ts';
import type { IdentityStore } from '../../core/identity-store.ts';
import type { KeyStore } from '../../core/key-store.ts';
import { LARGEST_SECRET_BYTES } from '../../core/secret.ts';
import type { SecretStore, SettingStore } from '../../core/secret-store.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { checkName } from '../checked-name.ts';
import { requireKey } from './require-key.ts';
import type { SecretAdministration, SecretUse } from './secret-administration.ts';
import { secretsOfDocuments, secretsOfInstall } from './secret-uses.ts';

interface Parts {
  readonly secrets: SecretStore;
  readonly settings: Pick<SettingStore, 'all'>;
  readonly identities: Pick<IdentityStore, 'users' | 'accessKey'>;
  readonly keys: Pick<KeyStore, 'requireFit'>;
  readonly documents: () => readonly StoredDocument[];
  readonly clock: Clock;
}

const MOST_NAMED = 5;

/** What an administrator can do about secrets; their values go in, and never out. */
export function secretCommands(parts: Parts): SecretAdministration {
  const { secrets } = parts;
  return {
    async secrets() {
      const [set, uses] = await Promise.all([secrets.list(), usesOf(parts)]);
      return set.map((secret) => ({ ...secret, usedBy: uses.get(secret.name) ?? [] }));
    },
    async missingSecrets() {
      const set = new Set((await secrets.list()).map(({ name }) => name));
      const named = [...secretsOfDocuments(parts.documents())].map(([name, usedBy]) => ({ name, usedBy }));
      return named.filter(({ name }) => !set.has(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async setSecret({ name, value, by, replace = false }) {
      checkName('secret', name);
      checkValue(name, value);
      if (replace) await requireSet(parts, name);
      await requireKey(parts);
      await secrets.set({ name, value, by, at: parts.clock.now() });
    },
    async removeSecret({ name, force = false }) {
      const usedBy = force ? [] : ((await usesOf(parts)).get(name) ?? []);
      const isSet = (await secrets.list()).some((secret) => secret.name === name);
      if (isSet && usedBy.length > 0) throw inUse(name, usedBy);
      return secrets.remove(name);
    },
  };
}

async function usesOf({ settings, documents }: Parts): Promise<ReadonlyMap<string, readonly SecretUse[]>> {
  const uses = new Map(secretsOfDocuments(documents()));
  for (const [name, usedBy] of secretsOfInstall(await settings.all())) {
    uses.set(name, [...(uses.get(name) ?? []), ...usedBy]);
  }
  return uses;
}

function checkValue(name: string, value: string): void {
  if (value === '') {
    throw new MapwrightError('SECRET_EMPTY', `the secret "${name}" would be empty`, {
      hint: `to take it away: mapwright secret remove ${name}`,
    });
  }
  const bytes = Buffer.byteLength(value);
  if (bytes <= LARGEST_SECRET_BYTES) return;
  throw new MapwrightError('SECRET_TOO_LARGE', `the secret "${name}" would have ${bytes} bytes; 1 MiB is the most`, {
    hint: 'is it the right file? A certificate with its chain has a few thousand',
  });
}

async function requireSet({ secrets }: Parts, name: string): Promise<void> {
  const names = (await secrets.list()).map((secret) => secret.name);
  if (names.includes(name)) return;
  throw new MapwrightError('SECRET_UNKNOWN', `there is no secret "${name}"`, {
    hint: didYouMean(name, names) ?? `mapwright secret set ${name} makes one`,
  });
}

function inUse(name: string, usedBy: readonly SecretUse[]): MapwrightError {
  const named = usedBy.slice(0, MOST_NAMED).map(placeOf).join(', ');
  const more = usedBy.length > MOST_NAMED ? ` and ${usedBy.length - MOST_NAMED} more` : '';
  return new MapwrightError('SECRET_IN_USE', `the secret "${name}" is used by ${named}${more}`, {
    hint: `change these first; or take it away all the same, and their calls fail: mapwright secret remove ${name} --force`,
  });
}

function placeOf({ kind, name, file, line }: SecretUse): string {
  const of = kind === 'install' ? 'the install' : kind;
  return file === undefined ? `${of}: ${name}` : `${of} ${name} (${file}:${line})`;
}
