import type { Json, JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { CallRecorder } from '../../core/redactor.ts';
import type { RunContext } from '../../core/run.ts';
import type { Sealer } from '../../core/secret-store.ts';
import { plainValue, sealedValue } from '../stored-context.ts';
import type { ContextEdit } from './run-command.ts';
import { toldValue } from './told-value.ts';

/** An edited context as it is stored, and what is told of it. */
export interface EditedContext {
  readonly context: RunContext;
  /** The edited keys as they were stored; null for one that was not there. */
  readonly replaced: JsonObject;
  /** The same for people, sensitive values as dots. */
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** What edits are made with: `sensitive` has the keys that are never shown, though nothing may be stored under them yet. */
interface EditParts {
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly recorder: CallRecorder;
  readonly sensitive: ReadonlySet<string>;
}

/** The context with the edit; undefined when nothing is edited. */
export function editContext(
  { sealer, recorder, sensitive }: EditParts,
  stored: RunContext,
  edit: ContextEdit | undefined,
): EditedContext | undefined {
  const { set = {}, unset = [] } = edit ?? {};
  const keys = [...new Set([...unset, ...Object.keys(set)])];
  if (keys.length === 0) return undefined;
  const context: Record<string, Json> = Object.assign(Object.create(null) as Record<string, Json>, stored);
  const replaced: Record<string, Json> = {};
  const before: Record<string, Json> = {};
  const after: Record<string, Json> = {};
  for (const key of keys) {
    const old = context[key];
    const isSensitive = isSealed(old) || sensitive.has(key);
    const tell = (told: Json | undefined) => toldValue(recorder, { name: key, value: told, isSensitive });
    // Null means that there was nothing.
    replaced[key] = old === null ? { $plain: null } : (old ?? null);
    before[key] = tell(old);
    delete context[key];
    const value = Object.hasOwn(set, key) ? set[key] : undefined;
    after[key] = tell(value);
    if (value !== undefined) context[key] = isSensitive ? sealedValue(sealer, value) : plainValue(value);
  }
  return { context: { ...context }, replaced, before, after };
}

/** The context with what an edit replaced put back. */
export function restoreContext(stored: RunContext, replaced: JsonObject): RunContext | undefined {
  const entries = Object.entries(replaced);
  if (entries.length === 0) return undefined;
  const context: Record<string, Json> = { ...stored };
  for (const [key, value] of entries) {
    if (value === null) delete context[key];
    else context[key] = value;
  }
  return context;
}

function isSealed(value: Json | undefined): boolean {
  return isJsonObject(value) && typeof value['$sealed'] === 'string';
}
