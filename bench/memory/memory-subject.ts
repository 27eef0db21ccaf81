import { type Install, openInstall } from '../../src/runtime/install.ts';
import { RunEndCounter } from './run-end-counter.ts';

const ACTOR = { user: '19x1' };
const AT_ONCE = 32;

/** Bytes that the process holds once everything that can be thrown away was. */
export interface MemoryUse {
  /** Objects. */
  readonly heapBytes: number;
  /** Objects, buffers, code, stacks, the database's cache. */
  readonly residentBytes: number;
}

/** Mapwright as a library that does nothing but runs, and keeps nothing of its own about them. */
export function createMemorySubject() {
  const ends = new RunEndCounter();
  let install: Install | undefined;
  let made = 0;
  return {
    async open({ folder }: { readonly folder: string }): Promise<void> {
      install = await openInstall({ folder, env: {}, onEvent: ends.onEvent });
      await install.startWorker();
    },
    /** Makes chains until there have been so many, 32 at once. */
    async makeUpTo({ total }: { readonly total: number }): Promise<void> {
      const client = async (): Promise<void> => {
        while (made < total) {
          const element = { productname: `Product ${++made}`, serial_no: `SN-${made}`, unit_price: '1.5' };
          await install?.crm.create({ actor: ACTOR, module: 'Products', element });
          await ends.next();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, client));
    },
    async use(): Promise<MemoryUse> {
      // A second collection takes what the first one only marked.
      for (let times = 0; times < 2; times++) await globalThis.gc?.({ type: 'major', execution: 'async' });
      const { heapUsed, rss } = process.memoryUsage();
      return { heapBytes: heapUsed, residentBytes: rss };
    },
    close: async (): Promise<void> => install?.close(),
  };
}
