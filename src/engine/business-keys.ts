import type { Json } from '../core/json.ts';
import type { RecordValues } from '../core/record.ts';
import type { RunKeys } from '../core/run.ts';
import { LONGEST_RUN_KEY } from '../core/run.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { CompiledTrack } from '../catalog/compiled-workflow.ts';
import type { RunState } from './run-state.ts';
import { scopeOf } from './scope.ts';
import { isConfidential } from './taint.ts';

/** What stands in the place of a value that must not be shown. */
const DOTS = '••••';

/** Keys that are literals or fields of the record itself, so that a run can be found before it begins; undefined for none. */
export function plainKeys(tracks: readonly CompiledTrack[], record: RecordValues): RunKeys | undefined {
  const keys: Record<string, string> = {};
  for (const { name, plain } of tracks) {
    const value = plain === undefined ? undefined : 'value' in plain ? plain.value : record[plain.field];
    const text = keyText(value);
    if (text !== undefined) keys[name] = text;
  }
  return Object.keys(keys).length === 0 ? undefined : keys;
}

/**
 * The keys that the next commit changes, null for one that has no value any more; undefined when there are none. All are
 * evaluated at the first commit after a claim, later those that read what is about to be committed. A key that cannot be
 * evaluated has no value: looking for runs must not make them fail.
 */
export async function changedKeys(state: RunState): Promise<Readonly<Record<string, string | null>> | undefined> {
  const due = state.workflow.tracks.filter((track) => state.keys === undefined || readsPending(state, track));
  if (due.length === 0) return undefined;
  const before = state.keys ?? state.lease.run.keys;
  // What is confidential is not even evaluated: lists of runs show keys in the clear.
  const shown = due.filter((track) => !readsConfidential(state, track));
  const scope = await scopeOf(state, { sources: shown.map(({ source }) => source), frozen: undefined, task: '' });
  const changed: Record<string, string | null> = {};
  for (const track of due) {
    const value = shown.includes(track) ? await evaluateKey(state, track, scope) : DOTS;
    if (value !== before[track.name]) changed[track.name] = value ?? null;
  }
  return changed;
}

/** Remembers what was committed. */
export function keepKeys(state: RunState, changed: Readonly<Record<string, string | null>> | undefined): void {
  if (changed === undefined) return;
  const all: Record<string, string | null> = { ...(state.keys ?? state.lease.run.keys), ...changed };
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  state.keys = Object.fromEntries(present);
}

function readsPending({ pending }: RunState, { source }: CompiledTrack): boolean {
  const writesFields = Object.keys(pending.fields).length > 0;
  return source.references.some(({ root, path }) => {
    if (root === 'context') return pending.contextChanged;
    if (root !== 'record' || !writesFields) return false;
    const [field] = path;
    return field === undefined || Object.hasOwn(pending.fields, field);
  });
}

function readsConfidential({ engine, sensitiveKeys }: RunState, { source }: CompiledTrack): boolean {
  return source.references.some((reference) => {
    const { root, path } = reference;
    return (
      isConfidential(reference, sensitiveKeys) || (root === 'context' && path.some(engine.recorder.isSensitiveName))
    );
  });
}

async function evaluateKey(
  { redactor }: RunState,
  { source }: CompiledTrack,
  scope: Scope,
): Promise<string | undefined> {
  try {
    // Before it is cut: of a secret that is cut in two no half would be known.
    return keyText(await source.evaluate(scope), (text) => redactor.redact(text));
  } catch {
    return undefined;
  }
}

/** As it is stored and shown: one line, cut; undefined for nothing. */
function keyText(value: Json | undefined, redact: (text: string) => string = (text) => text): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = redact(typeof value === 'object' ? JSON.stringify(value) : String(value));
  // By code points, so that no character is cut in two.
  const line = text
    .slice(0, 4 * LONGEST_RUN_KEY)
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const cut = line.length <= LONGEST_RUN_KEY ? line : [...line].slice(0, LONGEST_RUN_KEY).join('');
  return cut === '' ? undefined : cut;
}
