import type { Run, RunId } from '../../core/run.ts';
import { decodeContext, textsOf } from '../context-encoding.ts';
import type { EncodedContext } from '../context-encoding.ts';
import { cutKeyValue } from '../run-key-value.ts';
import { runOf, selectRun } from '../run-row.ts';
import type { RunRow } from '../run-row.ts';
import { readBlobs, writeBlobs } from './blob-store.ts';
import type { Session } from './database.ts';
import { rowSet } from './row-set.ts';
import { together } from './together.ts';

/** Runs with all that belongs to them, to be followed by WHERE. */
export const SELECT_RUN = selectRun(
  `coalesce((SELECT json_object_agg(name, value)::text FROM run_keys WHERE run_keys.run = runs.id), '{}')`,
);

/** The runs of rows, in their order. Reads the long texts that their contexts refer to. */
export async function runsOf(session: Session, rows: readonly RunRow[]): Promise<Run[]> {
  const hashes = rows.flatMap(({ context }) => (context === null ? [] : textsOf(context)));
  const texts = await readBlobs(session, [...new Set(hashes)]);
  return rows.map((row) => runOf(row, (json) => decodeContext(json, (hash) => texts.get(hash) ?? '')));
}

/** Replaces the contexts of runs. */
export async function writeContexts(
  session: Session,
  contexts: readonly { readonly run: RunId; readonly context: EncodedContext }[],
): Promise<void> {
  if (contexts.length === 0) return;
  const texts = new Map(contexts.flatMap(({ context }) => [...context.texts]));
  const held = contexts.flatMap(({ run, context }) => [...context.texts.keys()].map((hash) => ({ run, hash })));
  await together([
    writeBlobs(session, texts),
    held.length === 0 ? 0 : session.run(HELD_TEXTS, heldText.values(held)),
    session.run(CONTEXTS, written.values(contexts.map(({ run, context }) => ({ run, context: context.json })))),
  ]);
}

/** Sets business keys of runs; null takes one away, and the others stay. */
export async function writeKeys(
  session: Session,
  changes: readonly { readonly run: RunId; readonly keys: Readonly<Record<string, string | null>> }[],
): Promise<void> {
  const rows = changes.flatMap(({ run, keys }) =>
    Object.entries(keys).map(([name, value]) => ({ run, name, value: value === null ? null : cutKeyValue(value) })),
  );
  const set = rows.filter(({ value }) => value !== null);
  const removed = rows.filter(({ value }) => value === null);
  await together([
    set.length === 0 ? 0 : session.run(SET_KEYS, keyed.values(set)),
    removed.length === 0 ? 0 : session.run(REMOVE_KEYS, keyed.values(removed)),
  ]);
}

const written = rowSet({ run: 'bigint', context: 'text' });
const heldText = rowSet({ run: 'bigint', hash: 'text' });
const keyed = rowSet({ run: 'bigint', name: 'text', value: 'text' });

const CONTEXTS = `INSERT INTO run_contexts (run, context) SELECT run, context FROM ${written.source}
  ON CONFLICT (run) DO UPDATE SET context = excluded.context`;
const HELD_TEXTS = `INSERT INTO run_texts (run, hash) SELECT run, hash FROM ${heldText.source} ON CONFLICT DO NOTHING`;
const SET_KEYS = `INSERT INTO run_keys (run, name, value) SELECT run, name, value FROM ${keyed.source}
  ON CONFLICT (run, name) DO UPDATE SET value = excluded.value`;
const REMOVE_KEYS = `DELETE FROM run_keys USING ${keyed.source}
  WHERE run_keys.run = given.run AND run_keys.name = given.name`;
