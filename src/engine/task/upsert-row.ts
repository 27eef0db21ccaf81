import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import type { RecordImage, RecordValue, RecordValues } from '../../core/record.ts';
import type { CompiledUpsertTask } from '../../catalog/task/upsert-task.ts';
import type { RunState } from '../run-state.ts';
import { throwawayContext } from '../../expression/legacy/environment.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import { once } from '../evaluation.ts';
import { scopeOf } from '../scope.ts';
import { fieldSources, recordFields } from './setting-value.ts';

/** Greatest number of records that one task writes. */
const MOST_ROWS = 1_000;

/** One record to be there: all rows that mean the same one make one target. */
export interface UpsertTarget {
  /** The values looked for; undefined: no record is looked for. */
  readonly key: RecordValues | undefined;
  readonly image: RecordImage | undefined;
  /** What later rows say stands over what earlier ones say. */
  fields: Record<string, RecordValue>;
}

/** What the rows of an upsert come to. */
export interface UpsertPlan {
  readonly targets: readonly UpsertTarget[];
  /** The target of each row. */
  readonly rows: readonly UpsertTarget[];
  readonly asOf: number | undefined;
}

/**
 * Evaluates the rows and finds their records. Rejects with UPSERT_TOO_MANY, UPSERT_MATCH_EMPTY, UPSERT_AMBIGUOUS, and
 * what values and the record host reject with.
 */
export async function planUpsert(state: RunState, task: CompiledUpsertTask): Promise<UpsertPlan> {
  const rows = await evaluateRows(state, task);
  const searched = rows.map((fields, index) => (hasKey(task, fields, index) ? keyOf(task, fields) : undefined));
  const { matches, asOf } = await find(state, task, searched);
  const byKey = new Map<string, UpsertTarget>();
  const found = matches.values();
  const targets = rows.map((fields, index): UpsertTarget => {
    if (searched[index] === undefined) return { key: undefined, image: undefined, fields };
    const { key, images } = found.next().value ?? { key: {}, images: [] };
    if (images.length > 1) throw ambiguousRecords(task, images, rowName(task, index));
    const text = JSON.stringify(key);
    const known = byKey.get(text);
    if (known !== undefined) {
      known.fields = { ...known.fields, ...fields };
      return known;
    }
    const target: UpsertTarget = { key, image: images[0], fields };
    byKey.set(text, target);
    return target;
  });
  return { targets: [...new Set(targets)], rows: targets, asOf };
}

async function evaluateRows(state: RunState, task: CompiledUpsertTask): Promise<Record<string, RecordValue>[]> {
  const sources = [...fieldSources(task), ...(task.each === undefined ? [] : [task.each])];
  const scope = await scopeOf(state, { sources, frozen: undefined, task: task.id });
  if (task.each === undefined) return [await recordFields(task, scope)];
  const items = listOf((await task.each.evaluate(scope.values, scope.ambience)) ?? null);
  if (items.length > MOST_ROWS) {
    throw new MapwrightError('UPSERT_TOO_MANY', `the list has ${items.length} items; ${MOST_ROWS} is the most`, {
      hint: 'take less in one run: launch a workflow for each part',
    });
  }
  const rows: Record<string, RecordValue>[] = [];
  for (const [index, item] of items.entries()) {
    try {
      rows.push(await recordFields(task, scopeOfRow(scope, item)));
    } catch (thrown) {
      throw namingRow(thrown, rowName(task, index));
    }
  }
  return rows;
}

/** Expressions of the original know a row as the context value `current_upsert_row`. */
function scopeOfRow(scope: Scope, item: Json): Scope {
  const legacy = once(async () => {
    const { environment, names } = await scope.legacy();
    const context = throwawayContext({ ...environment.context.values(), current_upsert_row: item });
    return { names, environment: { ...environment, context } };
  });
  return { ...scope, values: { ...scope.values, item }, legacy };
}

function listOf(items: Json): readonly Json[] {
  if (items === null) return [];
  return Array.isArray(items) ? items : [items];
}

/** False for a row that is to be created whatever there is. */
function hasKey(task: CompiledUpsertTask, fields: Readonly<Record<string, RecordValue>>, index: number): boolean {
  const empty = task.match.find((name) => (fields[name] ?? '') === '');
  if (empty === undefined) return true;
  if (task.whenEmpty === 'create') return false;
  const message = `${rowName(task, index)}the record is looked for by "${empty}", which is empty`;
  throw new MapwrightError('UPSERT_MATCH_EMPTY', message, {
    hint: 'fill it, or say when-empty="create" if such records are always new',
  });
}

function keyOf({ match }: CompiledUpsertTask, fields: RecordValues): RecordValues {
  return Object.fromEntries(match.map((name) => [name, fields[name] ?? null]));
}

async function find(state: RunState, task: CompiledUpsertTask, searched: readonly (RecordValues | undefined)[]) {
  const { host } = state.engine;
  const { module } = task;
  const keys = searched.filter((key) => key !== undefined);
  if (keys.length === 0) return { matches: [], asOf: undefined };
  if (host.find === undefined) throw hostFindsNone(module);
  try {
    return await host.find({ module, keys });
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code !== 'RECORD_INVALID') throw thrown;
    // All are looked for together: which one is wrong is found out by looking for each alone.
    for (const [index, key] of searched.entries()) {
      if (key === undefined) continue;
      await host.find({ module, keys: [key] }).catch((cause: unknown) => {
        throw namingRow(cause, rowName(task, index));
      });
    }
    throw thrown;
  }
}

/** HOST_FINDS_NONE: records come from elsewhere, and cannot be looked for. */
export function hostFindsNone(module: string): MapwrightError {
  return new MapwrightError('HOST_FINDS_NONE', `the application does not let workflows look for ${module}`, {
    hint: 'look for the record with a map that calls the application',
  });
}

/** UPSERT_AMBIGUOUS: more than one record has the values looked for. */
export function ambiguousRecords(
  { module, match }: Pick<CompiledUpsertTask, 'module' | 'match'>,
  images: readonly RecordImage[],
  row = '',
): MapwrightError {
  const ids = images.map(({ id }) => id).join(' and ');
  const message = `${row}${ids} in ${module} have the same ${match.join(', ')}`;
  return new MapwrightError('UPSERT_AMBIGUOUS', message, { hint: 'merge the records, or match by more fields' });
}

/** `item 3: ` for a row of a list. */
export function rowName({ each }: CompiledUpsertTask, index: number): string {
  return each === undefined ? '' : `item ${index + 1}: `;
}

/** The same failure, with the row that it came from. */
export function namingRow(thrown: unknown, row: string): unknown {
  if (!(thrown instanceof MapwrightError) || row === '') return thrown;
  const { code, message, hint, retryable } = thrown;
  return new MapwrightError(code, row + message, { ...(hint === undefined ? {} : { hint }), retryable, cause: thrown });
}
