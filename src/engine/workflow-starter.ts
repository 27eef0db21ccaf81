import type { AwaitRuns, AwaitedRun, StartReport } from '../core/awaited-run.ts';
import { MapwrightError } from '../core/error.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { RecordId, RecordImage } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { AcceptedRun, RunId } from '../core/run.ts';
import type { DedupKey } from '../core/unit-of-work.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledTrigger, CompiledWorkflow } from '../catalog/compiled-workflow.ts';
import { type Happening, acceptedRun, causeOf, judgeTrigger, viewOnce } from './happening.ts';
import { startableWorkflow, requireRecords } from './startable-workflow.ts';
import { plainContext } from './stored-context.ts';
import type { TriggerSource } from './trigger-matcher.ts';

/** What somebody starts, and with what. */
export interface StartParams {
  readonly workflow: string;
  /** One run for each; none for a workflow without a module. */
  readonly records: readonly RecordId[];
  /** What each run's context starts with. */
  readonly context: JsonObject;
  /** User id of whoever starts it. */
  readonly user: string;
  /** Makes a repeated start harmless: the same key starts nothing more, for 30 days. */
  readonly request?: Pick<DedupKey, 'scope' | 'key' | 'bodyHash'> | undefined;
  /** How long to wait for the ends of the runs, in milliseconds; when left out, as long as the trigger says. */
  readonly waitMs?: number | undefined;
}

/** Starts workflows by hand. */
export interface WorkflowStarter {
  /**
   * Accepts the runs in one commit, or none. Rejects with WORKFLOW_UNKNOWN, WORKFLOW_INACTIVE, WORKFLOW_NOT_MANUAL,
   * START_RECORD_MISSING, START_RECORD_NEEDLESS, START_RECORD_UNKNOWN, START_RECORD_MODULE, START_TOO_MANY,
   * DUPLICATE_REQUEST_IDENTIFIER, or what the store rejects with.
   */
  start(params: StartParams): Promise<StartReport>;
}

/** What a starter is made of. */
export interface StarterParts extends TriggerSource {
  readonly records: Pick<RecordStore, 'commit' | 'findDedup'>;
  readonly host: Pick<RecordHost, 'read'>;
  /** Gets the runs that were accepted; must not throw. */
  readonly onAccepted: (runs: readonly RunId[]) => void;
  readonly awaitRuns: AwaitRuns;
}

const KEPT_MS = 30 * 24 * 3_600_000;

/** A starter on the catalog in force. */
export function createWorkflowStarter(parts: StarterParts): WorkflowStarter {
  return { start: (params) => start(parts, params) };
}

async function start(parts: StarterParts, params: StartParams): Promise<StartReport> {
  const catalog = await parts.catalog();
  const earlier = await findEarlier(parts, params);
  if (earlier !== undefined) return repeated(parts, params, earlier);
  const { workflow, triggers } = startableWorkflow(catalog, params.workflow);
  const records = await requireRecords(parts.host, workflow, params.records);
  const { runs, skipped } = await decide(parts, { catalog, workflow, triggers, records, params });
  const at = parts.clock.now();
  const result = await parts.records.commit({
    at,
    records: [],
    runs,
    dedup: params.request && { ...params.request, answer: [], answersRuns: true, expiresAt: at + KEPT_MS },
  });
  if (result.kind === 'duplicate') return repeated(parts, params, result);
  if (result.kind === 'conflict') throw new Error('a start decides on no record');
  if (result.runs.length > 0) parts.onAccepted(result.runs);
  return { runs: await outcome(parts, { ids: result.runs, runs, params }), skipped, repeated: false };
}

interface StoredAnswer {
  readonly sameBody: boolean;
  readonly answer: Json;
}

async function findEarlier(parts: StarterParts, { request }: StartParams): Promise<StoredAnswer | undefined> {
  if (request === undefined) return undefined;
  const { scope, key, bodyHash } = request;
  const found = await parts.records.findDedup({ scope, key, now: parts.clock.now() });
  return found && { sameBody: found.bodyHash === bodyHash, answer: found.answer };
}

/** Whoever repeats a request may have missed its answer: what became of the runs is told, and waited for, again. */
async function repeated(
  parts: StarterParts,
  { waitMs }: StartParams,
  { sameBody, answer }: StoredAnswer,
): Promise<StartReport> {
  if (!sameBody) {
    throw new MapwrightError('DUPLICATE_REQUEST_IDENTIFIER', 'the key was used before for another request', {
      hint: 'give a new key with every new request, and the same one only when repeating a request',
    });
  }
  const ids = Array.isArray(answer) ? answer.filter((id): id is RunId => typeof id === 'number') : [];
  const runs = await parts.awaitRuns(ids.map((id) => ({ id, waitMs: waitMs ?? 0 })));
  return { runs, skipped: [], repeated: true };
}

/** One run for each record whose trigger holds; a workflow without a module has one run without a record. */
async function decide(
  parts: StarterParts,
  given: {
    readonly catalog: Catalog;
    readonly workflow: CompiledWorkflow;
    readonly triggers: readonly CompiledTrigger[];
    readonly records: readonly RecordImage[];
    readonly params: StartParams;
  },
): Promise<{ readonly runs: readonly AcceptedRun[]; readonly skipped: readonly RecordId[] }> {
  const { catalog, workflow, triggers, records, params } = given;
  const runs: AcceptedRun[] = [];
  const skipped: RecordId[] = [];
  for (const image of workflow.module === undefined ? [undefined] : records) {
    const happening = happeningOf(workflow, image, params);
    const run = await firstRun(parts, { catalog, triggers, happening });
    if (run !== undefined) runs.push(run);
    else if (image !== undefined) skipped.push(image.id);
  }
  return { runs, skipped };
}

function happeningOf(
  workflow: CompiledWorkflow,
  image: RecordImage | undefined,
  { context, user }: StartParams,
): Happening {
  return {
    event: 'manual',
    module: workflow.module,
    recordId: image?.id,
    record: image?.values ?? {},
    previous: undefined,
    changed: [],
    context: plainContext(context),
    user,
  };
}

async function firstRun(
  parts: StarterParts,
  given: {
    readonly catalog: Catalog;
    readonly triggers: readonly CompiledTrigger[];
    readonly happening: Happening;
  },
): Promise<AcceptedRun | undefined> {
  const { catalog, triggers, happening } = given;
  const view = viewOnce(parts, happening, catalog);
  for (const trigger of triggers) {
    const verdict = await judgeTrigger(trigger, view);
    if (verdict !== false) return acceptedRun({ catalog, trigger, happening, cause: causeOf(happening), verdict });
  }
  return undefined;
}

async function outcome(
  { awaitRuns }: StarterParts,
  given: { readonly ids: readonly RunId[]; readonly runs: readonly AcceptedRun[]; readonly params: StartParams },
): Promise<readonly AwaitedRun[]> {
  const { ids, runs, params } = given;
  const waited = ids.map((id, index) => ({ id, waitMs: params.waitMs ?? runs[index]?.waitMs ?? 0 }));
  if (waited.some(({ waitMs }) => waitMs > 0)) return awaitRuns(waited);
  return ids.map((id) => ({ id, workflow: params.workflow, status: 'pending' }));
}
