import { Pool } from 'undici';
import { API_KEY } from './calls-peer.ts';
import type { Caller } from './caller.ts';
import { timedRound } from './timed-round.ts';

const HEADERS = { 'content-type': 'application/json', 'x-api-key': API_KEY };

/** The calls as a loop written by hand, on undici's pool: keep-alive, no pipelining, nothing kept but the ids. */
export function createUndiciCaller(): Caller {
  let pool: Pool | undefined;
  return {
    async open({ url, atOnce }) {
      pool = new Pool(url, { connections: atOnce, pipelining: 1 });
    },
    async round(params) {
      const ids = new Map<string, string>();
      const facts = await timedRound(params, async (order) => {
        const request = { method: 'POST', path: '/orders', headers: HEADERS, body: JSON.stringify(order) } as const;
        const answer = await pool?.request(request);
        if (answer?.statusCode !== 201) throw new Error(`an order was answered ${answer?.statusCode}`);
        const { id } = (await answer.body.json()) as { readonly id: string };
        ids.set(order.reference, id);
      });
      return { ...facts, ids };
    },
    close: async () => pool?.close(),
  };
}
