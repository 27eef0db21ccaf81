import { JournalFile } from '../../tools/stage/journal-file.ts';
import { createRuntime } from '../../src/runtime/create-runtime.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { WORKFLOW, installFor } from './call-documents.ts';
import type { Caller } from './caller.ts';
import { timedRound } from './timed-round.ts';

/** The calls as runs of one step: accepted, claimed, sent, ended, each of it on disk before the next. */
export function createRunCaller(): Caller {
  const ends = new Map<number, PromiseWithResolvers<void>>();
  let folder = '';
  let runtime: Runtime | undefined;

  /** The end of a run, whichever is known first: that it was accepted, or that it has ended. */
  const endOf = (run: number): PromiseWithResolvers<void> => {
    const known = ends.get(run) ?? Promise.withResolvers<void>();
    ends.set(run, known);
    return known;
  };

  return {
    async open(setup) {
      folder = setup.folder;
      runtime = await createRuntime({ folder, ...installFor(setup) });
      runtime.on('run-ended', ({ run, status, failure }) => {
        if (status === 'completed') endOf(run).resolve();
        else endOf(run).reject(new Error(`run ${run} ${status}: ${failure?.message ?? ''}`));
      });
      runtime.on('run-waiting', ({ run, wait }) => {
        if (wait.for !== 'limit') endOf(run).reject(new Error(`run ${run} waits: ${wait.reason}`));
      });
    },
    async round(params) {
      const runs: number[] = [];
      const facts = await timedRound(params, async (order) => {
        const started = await runtime?.start(WORKFLOW, { context: { ...order } });
        if (started === undefined) throw new Error('open the install first');
        runs.push(started.id);
        await endOf(started.id).promise.finally(() => ends.delete(started.id));
      });
      return { ...facts, ids: storedIds(folder, Math.min(...runs)) };
    },
    close: async () => runtime?.close(),
  };
}

/** What the runs from this one on have stored. */
function storedIds(folder: string, first: number): Map<string, string> {
  const file = new JournalFile(folder);
  try {
    const rows = file.rows<{ context: string }>(`SELECT context FROM run_contexts WHERE run >= ${first}`);
    return new Map(
      rows.map(({ context }) => {
        const { reference, order_id } = JSON.parse(context) as Record<string, string>;
        return [reference ?? '', order_id ?? ''];
      }),
    );
  } finally {
    file.close();
  }
}
