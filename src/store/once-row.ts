import type { OnceRequest, OnceState } from '../core/access-store.ts';

/** A request that is done once, as the databases keep it. */
export interface OnceRow {
  readonly bodyHash: string;
  readonly at: number;
  readonly answer: string | null;
}

/** What a request that came before means for one of the same caller and key; undefined: it was lost, and this one takes its place. */
export function onceState(row: OnceRow, { bodyHash, lostBefore }: OnceRequest): OnceState | undefined {
  if (row.bodyHash !== bodyHash) return { kind: 'other' };
  if (row.answer !== null) return { kind: 'answered', answer: row.answer };
  return row.at < lostBefore ? undefined : { kind: 'running' };
}
