import type { StoredDocument } from '../../core/document-store.ts';
import { SMTP_SETTING } from '../../core/local-setting.ts';
import { analyseSet } from '../library/analysed-set.ts';
import { METRICS_TOKEN } from '../observe/observation.ts';
import type { SecretUse } from './secret-administration.ts';

/** Where each secret is named, by its name. */
export type SecretUses = ReadonlyMap<string, readonly SecretUse[]>;

/** Where documents name secrets, each document once. */
export function secretsOfDocuments(documents: readonly StoredDocument[]): SecretUses {
  const { documents: read, stored, uses } = analyseSet(documents);
  const found = new Map<string, SecretUse[]>();
  for (const [key, names] of uses) {
    const document = read.get(key);
    const source = stored.get(key);
    if (document === undefined || source === undefined) continue;
    for (const { kind, name, offset } of names) {
      if (kind !== 'secret' || name === '') continue;
      const line = source.text.slice(0, offset).split('\n').length;
      const use = { kind: document.kind, name: document.name, file: source.file, line };
      found.set(name, [...(found.get(name) ?? []), use]);
    }
  }
  return found;
}

/** What the install itself reads of the secrets, as far as it is set up. */
export function secretsOfInstall(settings: Readonly<Record<string, string>>): SecretUses {
  const own: [string, SecretUse[]][] = [[METRICS_TOKEN, [{ kind: 'install', name: 'figures (/metrics)' }]]];
  if (settings[SMTP_SETTING] !== undefined) own.push(['smtp_password', [{ kind: 'install', name: 'mail server' }]]);
  return new Map(own);
}
