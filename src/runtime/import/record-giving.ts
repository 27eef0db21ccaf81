import type { JsonObject } from '../../core/json.ts';
import { USERS_PREFIX } from '../../core/module.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { recordPrefix } from '../../core/record.ts';
import { commitDecision } from '../../crm/record-commit.ts';
import { decideImport } from '../../crm/record-import.ts';
import { toWireRecord } from '../../crm/wire.ts';
import type { ImportAdministration, RecordToGive } from './import-administration.ts';
import { type ImportParts, moduleHere, requireIdentityField, transferActor } from './import-parts.ts';
import { referredIds } from './local-values.ts';
import { pageQuery } from './remote-pages.ts';

/** One page of records for another install; see `ImportAdministration.recordsToGive`. */
export async function recordsToGive(
  parts: ImportParts,
  { key, identity, where, limit, after }: Parameters<ImportAdministration['recordsToGive']>[0],
): Promise<{ readonly records: readonly RecordToGive[]; readonly remaining: number }> {
  const { source } = key;
  const module = moduleHere(parts, key.module);
  requireIdentityField(module, identity);
  const { records, total } = await parts.crm.query(pageQuery({ module: module.name, where, after, limit }));
  const rows = records.map((record) => toWireRecord(module, record));
  const remotes = await parts.imports.remotes(source, [
    ...records.map(({ id }) => id),
    ...rows.flatMap((row) => referredIds(module, row)),
  ]);
  const given = rows.map((row): RecordToGive => {
    const id = String(row['id']);
    const linked = identity.by === 'link' ? String(row[identity.field] ?? '') : '';
    return {
      id,
      remote: linked === '' ? remotes.get(id) : linked,
      requestIdentifier: `${parts.installId}-${id}`,
      ...remoteValues(module, row, { remotes, omitted: identity.by === 'link' ? identity.field : undefined }),
    };
  });
  return { records: given, remaining: total };
}

/** Remembers what records are called there; see `ImportAdministration.noteGiven`. */
export async function noteGiven(
  parts: ImportParts,
  { key, identity, given, by, progress }: Parameters<ImportAdministration['noteGiven']>[0],
): Promise<void> {
  const { source } = key;
  const module = moduleHere(parts, key.module);
  const actor = await transferActor(parts.identities, { by, source });
  const matcher = { match: async () => [], matchRelation: async () => [] };
  const { records: store, onAccepted, clock } = parts;
  const writing = identity.by === 'link' ? given : [];
  for (const { id, remote } of writing) {
    const image = await store.read(module, id);
    if (image === undefined) continue;
    await commitDecision({ store, matcher, onAccepted, clock }, undefined, async (at) => {
      const current = (await store.read(module, id)) ?? image;
      const values = identity.by === 'link' ? { [identity.field]: remote } : {};
      const imported = { module, id, image: current, values, waiting: new Set<string>(), createdAt: undefined };
      return decideImport(imported, { actor, at });
    });
  }
  const identities = given.map(({ id, remote }) => [remote, id] as const);
  await parts.imports.save({ source, identities, progress: { key, progress } });
}

/** What another install does not know by its own id is left out; an owner it does not know is its own affair. */
function remoteValues(
  module: ModuleDefinition,
  row: JsonObject,
  { remotes, omitted }: { readonly remotes: ReadonlyMap<string, string>; readonly omitted: string | undefined },
): { readonly values: JsonObject; readonly leftOut: readonly string[] } {
  const leftOut: string[] = [];
  const values = module.fields.flatMap(({ name, type }) => {
    const value = String(row[name] ?? '');
    if (name === omitted) return [];
    if ((type !== 'reference' && type !== 'owner') || value === '') return [[name, value] as const];
    const remote = remotes.get(value);
    if (remote !== undefined) return [[name, remote] as const];
    if (recordPrefix(value) !== USERS_PREFIX) leftOut.push(name);
    return [];
  });
  return { values: Object.fromEntries(values), leftOut };
}
