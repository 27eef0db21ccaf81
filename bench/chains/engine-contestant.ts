import { type Install, openInstall } from '../../src/runtime/install.ts';
import { closedLoop } from './closed-loop.ts';
import type { Contestant } from './contestant.ts';
import { runEnds, writtenIds } from './install-file.ts';
import { productsOf } from './product.ts';
import { RunWatch } from './run-watch.ts';

const ACTOR = { user: '19x1' };

/** Mapwright as a library: records are saved as a program would save them, and the worker of the same process runs. */
export function createEngineContestant(): Contestant {
  const watch = new RunWatch();
  let folder = '';
  let install: Install | undefined;

  return {
    async open(setup) {
      folder = setup.folder;
      install = await openInstall({ folder, env: {}, onEvent: watch.onEvent });
      await install.startWorker();
    },
    prepare: () => undefined,
    /** A chain lasts from its save to the end of its run; the next is saved when any has ended. */
    async round({ label, chains, atOnce }) {
      const items = productsOf({ label, count: chains });
      const savedAt = new Map<string, number>();
      const { seconds } = await closedLoop({
        items,
        atOnce,
        async work(product) {
          savedAt.set(product.productname, performance.now());
          await install?.crm.create({ actor: ACTOR, module: 'Products', element: { ...product } });
          await watch.nextEnd();
        },
      });
      const ends = runEnds(folder);
      const latenciesMs = items.map(({ productname }) => {
        const endedAt = watch.endedAt.get(ends.get(productname)?.run ?? 0) ?? Number.NaN;
        return endedAt - (savedAt.get(productname) ?? Number.NaN);
      });
      return { seconds, latenciesMs };
    },
    async close() {
      await install?.close();
      return writtenIds(folder);
    },
  };
}
