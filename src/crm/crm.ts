import type { AwaitRuns } from '../core/awaited-run.ts';
import type { Clock } from '../core/clock.ts';
import { isDocumentModule } from '../core/document-module.ts';
import { MapwrightError } from '../core/error.ts';
import { USERS, isIdentityModule } from '../core/identity-module.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { recordPrefix } from '../core/record.ts';
import type { Actor, RecordId, RecordImage } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { FoundRecord } from '../core/query.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { RunId } from '../core/run.ts';
import type { RecordWrite } from '../core/unit-of-work.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import { findDocuments } from './document-query.ts';
import { findPeople } from './people-query.ts';
import type { Asking } from './people-query.ts';
import { type ChangedRecord, awaitChange } from './changed-record.ts';
import { parseQueryOnce } from './query-cache.ts';
import type { JoinedColumn } from './query-scope.ts';
import { commitDecision } from './record-commit.ts';
import type { HoldFile } from './file-field.ts';
import { decideChange, decideCreation, decideDeletion, decideRunCreation, decideRunUpdate } from './record-decision.ts';
import { findRecords, searchRecords } from './record-search.ts';
import { accessDenied, idInvalid } from './record-error.ts';
import { moduleOfId, readDisplayName, readRecord, readThrough } from './reference.ts';
import { type ValidationProblems, type ValidationRequest, validateRecord } from './record-validation.ts';
import { type RelateParams, changeRelations } from './relation-change.ts';
import { type RelatedQuery, queryRelated } from './related-records.ts';
import { requestKey } from './request-identifier.ts';
import type { RequestKey } from './request-identifier.ts';
import { Turns } from './turns.ts';
import { decideUpsert, readSearchKey } from './upsert.ts';

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
  readonly records: readonly FoundRecord[];
  readonly total: number;
  /** The selected fields behind references, by the names that `select` has for them; left out when there are none. */
  readonly joined?: ReadonlyMap<string, JoinedColumn>;
}

/**
 * The built-in record host. Every method rejects with a MapwrightError: ACCESS_DENIED, INVALID_ID_ATTRIBUTE,
 * MANDATORY_FIELDS_MISSING, RECORD_INVALID, REFERENCE_INVALID, DUPLICATE_REQUEST_IDENTIFIER, INVALID_PARAMETER,
 * QUERY_SYNTAX_ERROR, RECORD_CONFLICT, or what the store rejects with.
 */
export interface Crm extends RecordHost {
  create(params: ChangeOptions & { readonly module: string; readonly element: JsonObject }): Promise<ChangedRecord>;
  retrieve(id: RecordId): Promise<RecordImage>;
  /** Replaces the whole record: fields that clients may write and that the element leaves out are cleared. */
  update(params: ChangeOptions & { readonly element: JsonObject }): Promise<ChangedRecord>;
  /** Changes the fields that the element names, and no others. */
  revise(params: ChangeOptions & { readonly element: JsonObject }): Promise<ChangedRecord>;
  delete(params: ChangeOptions & { readonly id: RecordId }): Promise<void>;
  /**
   * Changes the record that has the element's values in the fields of `searchOn`, or creates it when none has them.
   * `updated` names the fields that a record found gets; undefined gives it all of the element's.
   * Rejects with SEARCH_VALUE_NOT_PROVIDED too, and with RECORD_AMBIGUOUS when several records have them.
   */
  upsert(
    params: ChangeOptions & {
      readonly module: string;
      readonly element: JsonObject;
      readonly searchOn: readonly string[];
      readonly updated: readonly string[] | undefined;
    },
  ): Promise<ChangedRecord>;
  /** All that saving these values would be refused for; nothing is saved. Rejects with ACCESS_DENIED for an unknown record. */
  validate(request: ValidationRequest): Promise<ValidationProblems>;
  /**
   * Links the source with each of the targets, or takes the links away; gives the targets whose link changed. All or
   * none. Rejects with RECORD_NOT_FOUND and INVALID_PARAMETER.
   */
  relate(params: RelateParams): Promise<readonly RecordId[]>;
  unrelate(params: RelateParams): Promise<readonly RecordId[]>;
  /** The records of a module that have a link with this one. Rejects with RECORD_NOT_FOUND and INVALID_PARAMETER. */
  related(params: RelatedQuery): Promise<QueryAnswer>;
  /** Answers a text of the query language. Whoever is `asking` and no administrator finds only itself among the users. */
  query(text: string, asking?: Asking): Promise<QueryAnswer>;
}

/** What the record host is made of. `onAccepted` gets the runs that a committed change started; it must not throw. */
export interface CrmParts {
  readonly store: RecordStore;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  readonly identities: IdentityStore;
  /** Undefined where no files are stored. */
  readonly holdFile?: HoldFile | undefined;
  /** The documents in force as records; without it there are none to ask for. */
  readonly documents?: () => readonly RecordImage[];
  readonly matcher: TriggerMatcher;
  readonly onAccepted: (runs: readonly RunId[]) => void;
  /** Waits for the runs of triggers that make their callers wait; without it nobody waits. */
  readonly awaitRuns?: AwaitRuns;
  readonly clock: Clock;
}

/** The built-in record host on a record store. */
export function createCrm(parts: CrmParts): Crm {
  const turns = new Turns();
  return {
    create: (params) => createRecord(parts, params),
    retrieve: (id) => retrieveRecord(parts, id),
    update: (params) => changeRecord(parts, 'update', params),
    revise: (params) => changeRecord(parts, 'revise', params),
    delete: (params) => deleteRecord(parts, params),
    upsert: (params) => upsertRecord(parts, turns, params),
    validate: (request) => validateRecord(parts, request),
    relate: (params) => changeRelations(parts, 'relate', params),
    unrelate: (params) => changeRelations(parts, 'unrelate', params),
    related: (params) => queryRelated(parts, params),
    query: (text, asking) => queryRecords(parts, text, asking),
    read: (id) => readRecord(parts, id),
    decideUpdate: (params) => decideRunUpdate(parts, params),
    decideCreation: (params) => decideForRun(parts, params),
    find: (params) => findRecords(parts, params),
    search: (query) => searchRecords(parts, query),
    fieldThrough: (image, path) => readThrough(parts, image, path),
    displayName: (id) => readDisplayName(parts, id),
  };
}

async function createRecord(
  parts: CrmParts,
  params: ChangeOptions & { readonly module: string; readonly element: JsonObject },
): Promise<ChangedRecord> {
  const { element, actor } = params;
  const module = parts.modules().get(params.module);
  if (module === undefined) throw accessDenied(params.module);
  let id: RecordId | undefined;
  const allocateId = async () => (id ??= `${module.prefix}x${await parts.store.allocateNumber()}`);
  const committed = await commitDecision(parts, keyOf('create', params, [module.name, element]), (at) =>
    decideCreation(parts, { module, element, allocateId }, { actor, at }),
  );
  return awaitChange(parts, committed);
}

async function decideForRun(
  parts: CrmParts,
  params: Parameters<NonNullable<RecordHost['decideCreation']>>[0],
): Promise<RecordWrite> {
  const module = parts.modules().get(params.module);
  if (module === undefined) throw new MapwrightError('RECORD_INVALID', `There is no module ${params.module} any more`);
  const allocateId = async () => `${module.prefix}x${await parts.store.allocateNumber()}`;
  return decideRunCreation(parts, { ...params, module, allocateId });
}

async function upsertRecord(
  parts: CrmParts,
  turns: Turns,
  params: Parameters<Crm['upsert']>[0],
): Promise<ChangedRecord> {
  const { element, actor, searchOn, updated } = params;
  const module = parts.modules().get(params.module);
  if (module === undefined) throw accessDenied(params.module);
  const key = readSearchKey(module, element, searchOn);
  const body = [module.name, element, [...searchOn], updated === undefined ? null : [...updated]];
  let id: RecordId | undefined;
  const allocateId = async () => (id ??= `${module.prefix}x${await parts.store.allocateNumber()}`);
  // Many at once with one key would be conflicts of each other more often than a commit is tried again.
  const committed = await turns.take(JSON.stringify([module.name, key]), () =>
    commitDecision(parts, keyOf('upsert', params, body), (at) =>
      decideUpsert(parts, { module, element, key, updated, allocateId }, { actor, at }),
    ),
  );
  return awaitChange(parts, committed);
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
): Promise<ChangedRecord> {
  const { element, actor } = params;
  const { id } = element;
  if (typeof id !== 'string' || id === '') throw idInvalid();
  const committed = await commitDecision(parts, keyOf(operation, params, element), (at) =>
    decideChange(parts, { operation, id, element }, { actor, at }),
  );
  return awaitChange(parts, committed);
}

async function deleteRecord(parts: CrmParts, params: ChangeOptions & { readonly id: RecordId }): Promise<void> {
  await commitDecision(parts, keyOf('delete', params, params.id), () => decideDeletion(parts, params.id, params.actor));
}

async function queryRecords(parts: CrmParts, text: string, asking: Asking | undefined): Promise<QueryAnswer> {
  const { module, query, joined, asksAboutUsers } = parseQueryOnce(text, parts.modules());
  if (asksAboutUsers && asking?.admin === false) throw accessDenied(USERS.name);
  if (isIdentityModule(module)) {
    return { module, select: query.select, ...(await findPeople(parts.identities, query, asking)) };
  }
  if (isDocumentModule(module)) {
    return { module, select: query.select, ...findDocuments(parts.documents?.() ?? [], { module, query }, asking) };
  }
  const { select } = query;
  if (select === 'count') return { module, select, records: [], total: await parts.store.count(module, query) };
  const { found, total } = await parts.store.find(module, query);
  return { module, select, records: found, total, ...(joined.size === 0 ? {} : { joined }) };
}

function keyOf(operation: string, options: ChangeOptions, body: Json): RequestKey | undefined {
  const identifier = options.requestIdentifier;
  if (identifier === undefined) return undefined;
  return requestKey({ user: options.actor.user, identifier, operation, body });
}
