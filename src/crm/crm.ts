import type { Clock } from '../core/clock.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { recordPrefix } from '../core/record.ts';
import type { Actor, RecordId, RecordImage } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { RunId } from '../core/run.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import { parseQuery } from './query-parser.ts';
import { commitDecision } from './record-commit.ts';
import { decideChange, decideCreation, decideDeletion, decideRunUpdate } from './record-decision.ts';
import { accessDenied, idInvalid } from './record-error.ts';
import { moduleOfId, readDisplayName, readRecord, readThrough } from './reference.ts';
import { requestKey } from './request-identifier.ts';
import type { RequestKey } from './request-identifier.ts';

/** What a change is made with besides its content. */
export interface ChangeOptions {
  readonly actor: Actor;
  /** The client's own identifier of the request: repeating it changes nothing more. */
  readonly requestIdentifier?: string | undefined;
}

/** The records a query found, and how many there are without its limit. */
export interface QueryAnswer {
  readonly module: ModuleDefinition;
  /** The fields asked for; `count` when only the number was. */
  readonly select: readonly string[] | '*' | 'count';
  readonly records: readonly RecordImage[];
  readonly total: number;
}

/**
 * The built-in record host. Every method rejects with a MapwrightError: ACCESS_DENIED, INVALID_ID_ATTRIBUTE,
 * MANDATORY_FIELDS_MISSING, RECORD_INVALID, REFERENCE_INVALID, DUPLICATE_REQUEST_IDENTIFIER, INVALID_PARAMETER,
 * QUERY_SYNTAX_ERROR, RECORD_CONFLICT, or what the store rejects with.
 */
export interface Crm extends RecordHost {
  create(params: ChangeOptions & { readonly module: string; readonly element: JsonObject }): Promise<RecordImage>;
  retrieve(id: RecordId): Promise<RecordImage>;
  /** Replaces the whole record: fields that clients may write and that the element leaves out are cleared. */
  update(params: ChangeOptions & { readonly element: JsonObject }): Promise<RecordImage>;
  /** Changes the fields that the element names, and no others. */
  revise(params: ChangeOptions & { readonly element: JsonObject }): Promise<RecordImage>;
  delete(params: ChangeOptions & { readonly id: RecordId }): Promise<void>;
  /** Answers a text of the query language. */
  query(text: string): Promise<QueryAnswer>;
}

/** What the record host is made of. `onAccepted` gets the runs that a committed change started; it must not throw. */
export interface CrmParts {
  readonly store: RecordStore;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  readonly identities: IdentityStore;
  readonly matcher: TriggerMatcher;
  readonly onAccepted: (runs: readonly RunId[]) => void;
  readonly clock: Clock;
}

/** The built-in record host on a record store. */
export function createCrm(parts: CrmParts): Crm {
  return {
    create: (params) => createRecord(parts, params),
    retrieve: (id) => retrieveRecord(parts, id),
    update: (params) => changeRecord(parts, 'update', params),
    revise: (params) => changeRecord(parts, 'revise', params),
    delete: (params) => deleteRecord(parts, params),
    query: (text) => queryRecords(parts, text),
    read: (id) => readRecord(parts, id),
    decideUpdate: (params) => decideRunUpdate(parts, params),
    fieldThrough: (image, path) => readThrough(parts, image, path),
    displayName: (id) => readDisplayName(parts, id),
  };
}

async function createRecord(
  parts: CrmParts,
  params: ChangeOptions & { readonly module: string; readonly element: JsonObject },
): Promise<RecordImage> {
  const { element, actor } = params;
  const module = parts.modules().get(params.module);
  if (module === undefined) throw accessDenied(params.module);
  let id: RecordId | undefined;
  const allocateId = async () => (id ??= `${module.prefix}x${await parts.store.allocateNumber()}`);
  return commitDecision(parts, keyOf('create', params, [module.name, element]), (at) =>
    decideCreation(parts, { module, element, allocateId }, { actor, at }),
  );
}

async function retrieveRecord(parts: CrmParts, id: RecordId): Promise<RecordImage> {
  if (moduleOfId(parts, id) === undefined && !/^[0-9]*$/u.test(id)) {
    throw accessDenied(`id: ${recordPrefix(id) ?? '0'}`);
  }
  const image = await readRecord(parts, id);
  if (image === undefined) throw idInvalid();
  return image;
}

async function changeRecord(
  parts: CrmParts,
  operation: 'update' | 'revise',
  params: ChangeOptions & { readonly element: JsonObject },
): Promise<RecordImage> {
  const { element, actor } = params;
  const { id } = element;
  if (typeof id !== 'string' || id === '') throw idInvalid();
  return commitDecision(parts, keyOf(operation, params, element), (at) =>
    decideChange(parts, { operation, id, element }, { actor, at }),
  );
}

async function deleteRecord(parts: CrmParts, params: ChangeOptions & { readonly id: RecordId }): Promise<void> {
  await commitDecision(parts, keyOf('delete', params, params.id), () => decideDeletion(parts, params.id, params.actor));
}

async function queryRecords(parts: CrmParts, text: string): Promise<QueryAnswer> {
  const { module, query } = parseQuery(text, parts.modules());
  const total = await parts.store.count(module, query);
  const records = query.select === 'count' ? [] : await parts.store.query(module, query);
  return { module, select: query.select, records, total };
}

function keyOf(operation: string, options: ChangeOptions, body: Json): RequestKey | undefined {
  const identifier = options.requestIdentifier;
  if (identifier === undefined) return undefined;
  return requestKey({ user: options.actor.user, identifier, operation, body });
}
