import { DOCUMENT_MODULES } from '../../core/document-module.ts';
import type { User } from '../../core/identity-store.ts';
import { recordNumber, recordPrefix } from '../../core/record.ts';
import type { RecordId } from '../../core/record.ts';
import { accessDenied, idInvalid } from '../../crm/record-error.ts';
import { toWireRecord } from '../../crm/wire.ts';
import type { OperationParts } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';

/**
 * A document in force as `retrieve` answers, to administrators alone; undefined for the id of anything else. Rejects with
 * ACCESS_DENIED or INVALID_ID_ATTRIBUTE.
 */
export async function retrieveDocument(
  { crm }: Pick<OperationParts, 'crm'>,
  asking: User,
  id: RecordId,
): Promise<OperationAnswer | undefined> {
  const prefix = recordPrefix(id);
  const module = [...DOCUMENT_MODULES.values()].find((each) => each.prefix === prefix);
  if (module === undefined) return undefined;
  if (!asking.admin) throw accessDenied();
  if (recordNumber(id) === undefined) throw idInvalid();
  const { records } = await crm.query(`select * from ${module.name} where id = '${id}';`, asking);
  const [image] = records;
  if (image === undefined || image.module !== module.name) throw idInvalid();
  return { result: toWireRecord(module, image) };
}
