import { type Install, openInstall } from '../../src/runtime/install.ts';
import { closedLoop } from './closed-loop.ts';
import type { Contestant } from './contestant.ts';
import { writtenIds } from './install-file.ts';
import { productsOf } from './product.ts';
import { RunWatch } from './run-watch.ts';

const ACTOR = { user: '19x1' };
const SAVES_AT_ONCE = 64;

/** Mapwright as a library, runs alone: the records are there before the worker begins, and are not measured. */
export function createDrainContestant(): Contestant {
  let folder = '';
  let install: Install | undefined;
  let watch = new RunWatch();

  return {
    open(setup) {
      folder = setup.folder;
    },
    /** Saves the backlog of the next round. */
    async prepare({ label, chains, atOnce }) {
      await install?.close();
      watch = new RunWatch();
      install = await openInstall({ folder, env: {}, capacity: atOnce, onEvent: watch.onEvent });
      const { crm } = install;
      await closedLoop({
        items: productsOf({ label, count: chains }),
        atOnce: SAVES_AT_ONCE,
        work: async (product) => void (await crm.create({ actor: ACTOR, module: 'Products', element: { ...product } })),
      });
    },
    /** A chain has no beginning that is its own: there are no latencies. */
    async round({ chains }) {
      const startedAt = performance.now();
      await install?.startWorker();
      await Promise.all(Array.from({ length: chains }, () => watch.nextEnd()));
      return { seconds: (performance.now() - startedAt) / 1_000, latenciesMs: [] };
    },
    async close() {
      await install?.close();
      return writtenIds(folder);
    },
  };
}
