import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { MapwrightError } from '../core/error.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { changedFields } from '../core/record.ts';
import type { ChangeKind, RecordChange, RecordImage, RecordValue, RecordValues } from '../core/record.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { RunId } from '../core/run.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import { valuesOf } from './application-host.ts';

/** A change that the application has made to one of its own records. */
export interface ReportedChange {
  readonly kind: ChangeKind;
  /** The name of a module among the documents. */
  readonly module: string;
  readonly id: string;
  /** The values before; needed for an update and a deletion. */
  readonly before?: Readonly<Record<string, RecordValue>>;
  /** The values after; needed for a creation and an update. */
  readonly after?: Readonly<Record<string, RecordValue>>;
  /**
   * Names this change among all: `order-17-v3`, or an id of the application's own outbox. The same key with the same
   * change starts nothing more, for 30 days; with another change it is refused.
   */
  readonly key: string;
  /** Who made the change: the id of a user of the install, seen as the run's initiator. The administrator when left out. */
  readonly user?: string;
}

/** What a reported change started. */
export interface ChangeAnswer {
  /** The runs that it started; when it is repeated, those of the first time. */
  readonly runs: readonly RunId[];
  /** True when the key was known: nothing was started this time. */
  readonly repeated: boolean;
}

/** What accepting a reported change takes. */
export interface ChangeParts {
  readonly records: Pick<RecordStore, 'commit'>;
  readonly matcher: TriggerMatcher;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  readonly clock: Clock;
  readonly engine: { readonly serviceUser: { readonly id: string } };
  readonly onAccepted: (runs: readonly RunId[]) => void;
}

const KEPT_MS = 30 * 24 * 3_600_000;
const LONGEST_TEXT = 255;
const SCOPE = 'change';

/** Accepts the runs that a change starts, in one commit with its key. Rejects with CHANGE_INVALID or CHANGE_KEY_REUSED. */
export async function acceptChange(parts: ChangeParts, reported: ReportedChange): Promise<ChangeAnswer> {
  const change = changeOf(parts, reported);
  const at = parts.clock.now();
  const result = await parts.records.commit({
    at,
    records: [],
    runs: await parts.matcher.match(change),
    dedup: {
      scope: SCOPE,
      key: reported.key,
      bodyHash: hashOf(change),
      answer: [],
      answersRuns: true,
      expiresAt: at + KEPT_MS,
    },
  });
  if (result.kind === 'committed') {
    if (result.runs.length > 0) parts.onAccepted(result.runs);
    return { runs: result.runs, repeated: false };
  }
  if (result.kind === 'duplicate' && result.sameBody) return { runs: runsIn(result.answer), repeated: true };
  throw new MapwrightError('CHANGE_KEY_REUSED', `the key "${reported.key}" was used before for another change`, {
    hint: 'give every change a key of its own, and the same key only when reporting the same change again',
  });
}

function changeOf(parts: ChangeParts, { kind, module: name, id, key, user, ...given }: ReportedChange): RecordChange {
  requireText('id', id);
  requireText('key', key);
  const module = parts.modules().get(name);
  if (module === undefined) throw invalid(`no document declares a module "${name}"`);
  if (kind !== 'create' && given.before === undefined) throw invalid(`a change of kind ${kind} needs "before"`);
  if (kind !== 'delete' && given.after === undefined) throw invalid(`a change of kind ${kind} needs "after"`);
  const before = kind === 'create' ? undefined : valuesOf(module, id, given.before ?? {});
  const after = kind === 'delete' ? (before ?? {}) : valuesOf(module, id, given.after ?? {});
  return {
    kind,
    module: name,
    id,
    before: before && imageBefore(name, id, before),
    after,
    changed: changedBy(kind, before, after),
    actor: { user: user ?? parts.engine.serviceUser.id },
  };
}

function changedBy(kind: ChangeKind, before: RecordValues | undefined, after: RecordValues): readonly string[] {
  if (kind === 'delete') return [];
  return before === undefined
    ? Object.keys(after).filter((name) => after[name] !== null)
    : changedFields(before, after);
}

function imageBefore(module: string, id: string, values: RecordValues): RecordImage {
  return { id, module, version: 1, values, createdAt: 0, modifiedAt: 0, createdBy: '', modifiedBy: '' };
}

function requireText(what: string, text: string): void {
  if (text !== '' && text.length <= LONGEST_TEXT) return;
  throw invalid(`its ${what} must have 1 to ${LONGEST_TEXT} characters`);
}

function invalid(problem: string): MapwrightError {
  return new MapwrightError('CHANGE_INVALID', `the change cannot be accepted: ${problem}`, {
    hint: 'see "Your own records" in docs/library.md',
  });
}

function hashOf({ kind, module, id, before, after }: RecordChange): string {
  const told = JSON.stringify([kind, module, id, before?.values ?? null, after]);
  return createHash('sha256').update(told).digest('hex');
}

function runsIn(answer: unknown): readonly RunId[] {
  return Array.isArray(answer) ? answer.filter((run): run is RunId => typeof run === 'number') : [];
}
