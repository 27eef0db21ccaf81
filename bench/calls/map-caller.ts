import { createRuntime } from '../../src/runtime/create-runtime.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { MAP, installFor } from './call-documents.ts';
import type { Caller } from './caller.ts';
import { DOTS } from '../../src/connector/redactor.ts';
import { timedRound } from './timed-round.ts';

/** The calls through the library: one map, run with each order. */
export function createMapCaller(): Caller {
  let runtime: Runtime | undefined;
  return {
    async open(setup) {
      runtime = await createRuntime({ folder: setup.folder, ...installFor(setup) });
    },
    async round(params) {
      const ids = new Map<string, string>();
      const facts = await timedRound(params, async (order) => {
        const result = await runtime?.runMap(MAP, { context: { ...order } });
        const proof = result?.request?.headers.find(([name]) => /^(?:x-api-key|authorization)$/iu.test(name))?.[1];
        if (proof?.endsWith(DOTS) !== true)
          throw new Error('what history would keep does not hide what proved the call');
        ids.set(order.reference, String(result?.context['order_id']));
      });
      return { ...facts, ids };
    },
    close: async () => runtime?.close(),
  };
}
