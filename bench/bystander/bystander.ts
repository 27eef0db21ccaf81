import { setTimeout as pause } from 'node:timers/promises';
import type { EngineEvent } from '../../src/engine/engine-event.ts';
import { type Install, openInstall } from '../../src/runtime/install.ts';

const ACTOR = { user: '19x1' };
const POLL_MS = 50;

/** An install whose runs to a healthy peer are timed while others of its runs have trouble. */
export function createBystander() {
  let install: Install | undefined;
  let count = 0;
  let ended = Promise.withResolvers<void>();
  const onEvent = (event: EngineEvent): void => {
    if (event.kind === 'run-ended' && event.workflow === 'part-created') ended.resolve();
  };
  return {
    async open({ folder }: { readonly folder: string }): Promise<void> {
      install = await openInstall({ folder, env: {}, onEvent });
      await install.startWorker();
    },
    /** Makes orders, each of which starts the workflows that have trouble. */
    async trouble({ orders }: { readonly orders: number }): Promise<void> {
      const made = Array.from({ length: orders }, () => ({ order_no: `O-${++count}` }));
      await Promise.all(made.map((element) => install?.crm.create({ actor: ACTOR, module: 'Orders', element })));
    },
    /** Resolves once so many runs wait for a time or a place. */
    async parked({ runs }: { readonly runs: number }): Promise<void> {
      while (((await install?.administration.status())?.runs.waiting ?? 0) < runs) await pause(POLL_MS);
    },
    /** Milliseconds from the save to the end of its run, of so many one after the other. */
    async round({ saves }: { readonly saves: number }): Promise<readonly number[]> {
      const latencies: number[] = [];
      for (let save = 0; save < saves; save++) {
        ended = Promise.withResolvers<void>();
        const begun = performance.now();
        await install?.crm.create({ actor: ACTOR, module: 'Parts', element: { partname: `Part ${++count}` } });
        await ended.promise;
        latencies.push(performance.now() - begun);
      }
      return latencies;
    },
    close: async (): Promise<void> => install?.close(0),
  };
}
