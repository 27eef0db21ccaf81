import type { Run } from '../../core/run.ts';

/** The business keys of a run: `order=SO-17 customer=Berg`. */
export function renderKeys({ keys }: Run): string {
  return Object.entries(keys)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
