import { MapwrightError } from '../../core/error.ts';
import { describe, getPicklistValues, listTypes } from './description-operations.ts';
import { extendSession, getChallenge, login, logout } from './login-operations.ts';
import type { OpenCall, Operation, OperationParts } from './operation.ts';
import { getAllUsers, getAssignedGroupList, getAssignedUserList } from './people-operations.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { create, deleteRecord, query, retrieve, revise, update } from './record-operations.ts';
import { getRelatedRecords, setRelation, unsetRelation } from './relation-operations.ts';
import { requireSession } from './session.ts';
import { upsert } from './upsert-operation.ts';
import { executeWorkflow, executeWorkflowWithContext } from './workflow-operations.ts';

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
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
]);

/**
 * Runs the operation of this name (lower case), in the session named where it needs one.
 * Rejects with UNKNOWN_OPERATION, AUTHENTICATION_REQUIRED, or what the operation rejects with.
 */
export async function runOperation(
  parts: OperationParts,
  name: string | undefined,
  call: OpenCall & { readonly sessionName: string },
): Promise<OperationAnswer> {
  const operation = name === undefined ? undefined : OPERATIONS.get(name);
  if (operation === undefined) throw new MapwrightError('UNKNOWN_OPERATION', 'Unknown operation requested');
  if (!operation.session) return operation.run(parts, call);
  const user = await requireSession(parts, call.sessionName);
  return operation.run(parts, { ...call, user });
}
