import { randomUUID } from 'node:crypto';
import { MapwrightError } from '../../core/error.ts';
import type { Actor, RecordId, RecordImage } from '../../core/record.ts';
import type { RecordHost } from '../../core/record-host.ts';
import type { RecordStore } from '../../core/record-store.ts';
import { emptyUnit, type RecordWrite } from '../../core/unit-of-work.ts';
import type { OutputWrite } from '../../engine/answer/judged-answer.ts';
import { fieldsOf } from '../../engine/trial/field-preview.ts';

interface Parts {
  readonly host: RecordHost;
  readonly records: Pick<RecordStore, 'commit'>;
  readonly now: () => number;
}

const MOST_TRIES = 10;

/**
 * Writes what outputs say to a stored record, as a run does, and starts no workflow. Gives the fields that differ now. Rejects
 * with what the host refuses values with, RECORD_GONE, and RECORD_CONFLICT when others change it again and again.
 */
export async function writeTrial(
  parts: Parts,
  params: { readonly image: RecordImage; readonly writes: readonly OutputWrite[]; readonly actor: Actor },
): Promise<{ readonly id: RecordId; readonly fields: readonly string[] }> {
  const { host } = parts;
  const { writes, actor } = params;
  const { id } = params.image;
  const fields = fieldsOf(writes);
  const key = `mw-try-${randomUUID()}`;
  let image: RecordImage | undefined = params.image;
  for (let tries = 0; tries < MOST_TRIES && image !== undefined; tries++) {
    const write = await host.decideUpdate({ image, fields, actor });
    if (write === undefined) return { id, fields: [] };
    if (await isCommitted(parts, write, key)) return { id, fields: write.changed };
    image = await host.read(id);
  }
  if (image === undefined) throw new MapwrightError('RECORD_GONE', `record ${id} was deleted meanwhile`);
  throw new MapwrightError('RECORD_CONFLICT', `record ${id} is changed by others too often to change it now`, {
    retryable: true,
  });
}

async function isCommitted({ host, records, now }: Parts, write: RecordWrite, key: string): Promise<boolean> {
  if (host.write !== undefined) return (await host.write(write, { key })) === 'applied';
  return (await records.commit({ ...emptyUnit(now()), records: [write] })).kind === 'committed';
}
