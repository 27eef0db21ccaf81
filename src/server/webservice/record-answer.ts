import type { ModuleDefinition } from '../../core/module.ts';
import type { RecordImage } from '../../core/record.ts';
import type { ChangedRecord } from '../../crm/changed-record.ts';
import { accessDenied } from '../../crm/record-error.ts';
import { toWireRecord } from '../../crm/wire.ts';
import { awaitedInfo } from './awaited-info.ts';
import type { OperationParts } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { referenceNames } from './reference-names.ts';

/** The whole record, as `create` and `update` answer. */
export function plainRecord(parts: OperationParts, image: ChangedRecord): OperationAnswer {
  return { result: toWireRecord(moduleOf(parts, image), image), ...awaitedInfo(image.runs) };
}

/** The whole record with the names of what it refers to, as `retrieve` and `revise` answer. */
export async function namedRecord(parts: OperationParts, image: ChangedRecord): Promise<OperationAnswer> {
  const module = moduleOf(parts, image);
  const result = { ...toWireRecord(module, image), ...(await referenceNames(parts, module, image)) };
  return { result, ...awaitedInfo(image.runs) };
}

function moduleOf(parts: OperationParts, image: RecordImage): ModuleDefinition {
  const module = parts.modules().get(image.module);
  if (module === undefined) throw accessDenied(image.module);
  return module;
}
