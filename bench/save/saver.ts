import { type Install, openInstall } from '../../src/runtime/install.ts';
import { closedLoop } from '../chains/closed-loop.ts';

const ACTOR = { user: '19x1' };

/** An install whose runs nobody works on, so that saves alone are measured. */
export function createSaver() {
  let install: Install | undefined;
  let count = 0;
  return {
    async open({ folder }: { readonly folder: string }): Promise<void> {
      install = await openInstall({ folder, env: {} });
    },
    /** Milliseconds of each of so many saves, one after the other. */
    async round({ saves }: { readonly saves: number }): Promise<readonly number[]> {
      const items = Array.from({ length: saves }, () => `Item ${++count}`);
      const { latenciesMs } = await closedLoop({
        items,
        atOnce: 1,
        work: async (itemname) => {
          await install?.crm.create({ actor: ACTOR, module: 'Items', element: { itemname } });
        },
      });
      return latenciesMs;
    },
    /** Runs that wait to be worked on. */
    async accepted(): Promise<number> {
      return (await install?.administration.status())?.runs.pending ?? 0;
    },
    close: async (): Promise<void> => install?.close(),
  };
}
