import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../src/core/json.ts';
import type { FoundFailure } from './area.ts';
import { saveFailure } from './failure-file.ts';
import { type AreaSource, type AreaVerdict, superviseArea } from './supervisor.ts';

export interface FuzzParams {
  readonly sources: readonly AreaSource[];
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The input of the only round. */
  readonly input?: Json;
  /** Where failures are saved; made when there is one to save. */
  readonly save: string;
  readonly signal?: AbortSignal;
  /** What a round may keep in memory at once; 1 GiB when nothing is said. */
  readonly heapMib?: number;
  readonly onFailure?: (failure: FoundFailure, savedAs: string) => void;
  readonly onProgress?: (verdict: AreaVerdict, elapsedMs: number) => void;
}

/** What came of one area, and how long it took. */
export type TimedVerdict = AreaVerdict & { readonly elapsedMs: number };

/** Does the rounds of one area after another, and saves every failure. */
export async function runFuzz(params: FuzzParams): Promise<TimedVerdict[]> {
  const { sources, seed, from, to, save, signal = new AbortController().signal } = params;
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-fuzz-'));
  const saving: Promise<void>[] = [];
  const onFailure = (failure: FoundFailure): void => {
    saving.push(saveFailure(save, failure).then((path) => params.onFailure?.(failure, path)));
  };
  const verdicts: TimedVerdict[] = [];
  try {
    for (const source of sources) {
      if (signal.aborted) break;
      const start = performance.now();
      const given = {
        ...(params.input === undefined ? {} : { input: params.input }),
        ...(params.heapMib === undefined ? {} : { heapMib: params.heapMib }),
      };
      const verdict = await superviseArea({
        source,
        seed,
        from,
        to,
        ...given,
        folder,
        signal,
        onFailure,
        onProgress: (current) => params.onProgress?.(current, performance.now() - start),
      });
      verdicts.push({ ...verdict, elapsedMs: performance.now() - start });
    }
    return verdicts;
  } finally {
    await Promise.all(saving);
    await rm(folder, { recursive: true, force: true });
  }
}
