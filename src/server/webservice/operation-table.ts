import { MapwrightError } from '../../core/error.ts';
import { describe, listTypes } from './description-operations.ts';
import { getChallenge, login, logout } from './login-operations.ts';
import type { OpenCall, Operation, OperationParts } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { create, deleteRecord, query, retrieve, revise, update } from './record-operations.ts';
import { requireSession } from './session.ts';

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['getchallenge', { session: false, run: getChallenge }],
  ['login', { session: false, run: login }],
  ['logout', { session: true, run: logout }],
  ['listtypes', { session: true, run: listTypes }],
  ['describe', { session: true, run: describe }],
  ['create', { session: true, run: create }],
  ['retrieve', { session: true, run: retrieve }],
  ['update', { session: true, run: update }],
  ['revise', { session: true, run: revise }],
  ['delete', { session: true, run: deleteRecord }],
  ['query', { session: true, run: query }],
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
