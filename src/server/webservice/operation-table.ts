import { MapwrightError } from '../../core/error.ts';
import { getFieldAutocomplete, getReferenceAutocomplete } from './autocomplete-operations.ts';
import { describe, getPicklistValues, listTypes } from './description-operations.ts';
import { getMaxLoadSize, getReferenceValue, getUItype } from './field-operations.ts';
import { extendSession, getChallenge, login, logout } from './login-operations.ts';
import { massCreate } from './mass-create-operation.ts';
import { massDelete, massRetrieve, massUpdate } from './mass-operations.ts';
import type { OpenCall, Operation, OperationParts, SessionCall } from './operation.ts';
import { getAllUsers, getAssignedGroupList, getAssignedUserList } from './people-operations.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { getQueuedOperationResult, queueIfAsked } from './queued-operations.ts';
import { create, deleteRecord, query, retrieve, revise, update } from './record-operations.ts';
import {
  getRelatedRecords,
  getRelatedRecordsThroughModule,
  setRelation,
  unsetRelation,
} from './relation-operations.ts';
import { cbRule, processMap } from './rule-operations.ts';
import { requireSession } from './session.ts';
import { delSetting, getSetting, setSetting } from './setting-operations.ts';
import { UNSUPPORTED_OPERATIONS } from './unsupported-operations.ts';
import { upsert } from './upsert-operation.ts';
import {
  createWithValidation,
  reviseWithValidation,
  updateWithValidation,
  validateInformation,
} from './validation-operations.ts';
import { executeWorkflow, executeWorkflowWithContext } from './workflow-operations.ts';

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...UNSUPPORTED_OPERATIONS,
  ['getchallenge', { session: false, run: getChallenge }],
  ['login', { session: false, run: login }],
  ['extendsession', { session: true, run: extendSession }],
  ['logout', { session: true, run: logout }],
  ['listtypes', { session: true, run: listTypes }],
  ['describe', { session: true, run: describe }],
  ['getpicklistvalues', { session: true, run: getPicklistValues }],
  ['create', { session: true, run: create }],
  ['retrieve', { session: true, run: retrieve }],
  ['update', { session: true, run: update }],
  ['revise', { session: true, run: revise }],
  ['upsert', { session: true, run: upsert }],
  ['delete', { session: true, run: deleteRecord }],
  ['query', { session: true, run: query }],
  ['setrelation', { session: true, run: setRelation }],
  ['unsetrelation', { session: true, run: unsetRelation }],
  ['getrelatedrecords', { session: true, run: getRelatedRecords }],
  ['executeworkflow', { session: true, run: executeWorkflow }],
  ['executeworkflowwithcontext', { session: true, run: executeWorkflowWithContext }],
  ['getallusers', { session: true, run: getAllUsers }],
  ['getassigneduserlist', { session: true, run: getAssignedUserList }],
  ['getassignedgrouplist', { session: true, run: getAssignedGroupList }],
  ['createwithvalidation', { session: true, run: createWithValidation }],
  ['updatewithvalidation', { session: true, run: updateWithValidation }],
  ['revisewithvalidation', { session: true, run: reviseWithValidation }],
  ['validateinformation', { session: true, run: validateInformation }],
  ['masscreate', { session: true, run: massCreate }],
  ['massupdate', { session: true, run: massUpdate }],
  ['massretrieve', { session: true, run: massRetrieve }],
  ['massdelete', { session: true, run: massDelete }],
  ['getrelatedrecordsthroughmodule', { session: true, run: getRelatedRecordsThroughModule }],
  ['cbrule', { session: true, run: cbRule }],
  ['processmap', { session: true, run: processMap }],
  ['getsetting', { session: true, run: getSetting }],
  ['setsetting', { session: true, run: setSetting }],
  ['delsetting', { session: true, run: delSetting }],
  ['getfieldautocomplete', { session: true, run: getFieldAutocomplete }],
  ['getreferenceautocomplete', { session: true, run: getReferenceAutocomplete }],
  ['getuitype', { session: true, run: getUItype }],
  ['getreferencevalue', { session: true, run: getReferenceValue }],
  ['getmaxloadsize', { session: true, run: getMaxLoadSize }],
  ['getqueuedoperationresult', { session: true, run: getQueuedOperationResult }],
]);

/**
 * Runs the operation of this name (lower case), in the session named where it needs one, or puts it off when that is
 * asked for. Rejects with UNKNOWN_OPERATION, AUTHENTICATION_REQUIRED, or what the operation rejects with.
 */
export async function runOperation(
  parts: OperationParts,
  name: string | undefined,
  call: OpenCall & { readonly sessionName: string },
): Promise<OperationAnswer> {
  const operation = operationNamed(name);
  if (!operation.session) return operation.run(parts, call);
  const user = await requireSession(parts, call.sessionName);
  call.onUser?.(user.name);
  const withUser = { ...call, user };
  return (await queueIfAsked(parts, name ?? '', withUser)) ?? operation.run(parts, withUser);
}

/** True for the name of an operation (lower case), supported or not. */
export function isOperation(name: string): boolean {
  return OPERATIONS.has(name);
}

/** Runs an operation that was put off, for the user who asked for it. */
export async function runQueued(parts: OperationParts, name: string, call: SessionCall): Promise<OperationAnswer> {
  return operationNamed(name).run(parts, call);
}

function operationNamed(name: string | undefined): Operation {
  const operation = name === undefined ? undefined : OPERATIONS.get(name);
  if (operation === undefined) throw new MapwrightError('UNKNOWN_OPERATION', 'Unknown operation requested');
  return operation;
}
