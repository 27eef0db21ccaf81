import { MapwrightError } from '../../core/error.ts';
import type { PendingReference } from '../../core/import-store.ts';
import { recordPrefix } from '../../core/record.ts';
import type { Actor } from '../../core/record.ts';
import { commitDecision } from '../../crm/record-commit.ts';
import { decideImport } from '../../crm/record-import.ts';
import type { ImportAdministration, SettlementReport } from './import-administration.ts';
import { type ImportParts, transferActor } from './import-parts.ts';

const AT_ONCE = 200;

/** Sets references whose records have come meanwhile; see `ImportAdministration.settleReferences`. */
export async function settleReferences(
  parts: ImportParts,
  { source, by, after }: Parameters<ImportAdministration['settleReferences']>[0],
): Promise<SettlementReport> {
  const pending = await parts.imports.pending({ source, after, limit: AT_ONCE });
  const actor = await transferActor(parts.identities, { by, source });
  const remotes = pending.map(({ remote }) => remote);
  const known = await parts.imports.identities(source, remotes);
  const settled: PendingReference[] = [];
  const waiting: PendingReference[] = [];
  for (const reference of pending) {
    const local = known.get(reference.remote);
    const isSettled = local !== undefined && (await settle(parts, { reference, local, actor }));
    (isSettled ? settled : waiting).push(reference);
  }
  await parts.imports.save({ source, settled });
  const next = pending.length < AT_ONCE ? undefined : pending.at(-1);
  return { settled: settled.length, waiting, ...(next === undefined ? {} : { next }) };
}

/** True when nothing waits any more: the field is set, or its record or field is gone. */
async function settle(
  parts: ImportParts,
  params: { readonly reference: PendingReference; readonly local: string; readonly actor: Actor },
): Promise<boolean> {
  const { reference, local, actor } = params;
  const prefix = recordPrefix(reference.record);
  const module = [...parts.modules().values()].find((each) => each.prefix === prefix);
  if (module?.fields.some(({ name }) => name === reference.field) !== true) return true;
  const matcher = { match: async () => [], matchRelation: async () => [] };
  const { records: store, onAccepted, clock } = parts;
  try {
    await commitDecision({ store, matcher, onAccepted, clock }, undefined, async (at) => {
      const image = await store.read(module, reference.record);
      if (image === undefined) throw new MapwrightError('RECORD_UNKNOWN', `there is no record ${reference.record}`);
      const values = { [reference.field]: local };
      const imported = { module, id: image.id, image, values, waiting: new Set<string>(), createdAt: undefined };
      return decideImport(imported, { actor, at });
    });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code.startsWith('STORE_')) throw thrown;
    return thrown.code === 'RECORD_UNKNOWN';
  }
}
