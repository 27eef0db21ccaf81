import { LONGEST_RUN_KEY } from '../core/run.ts';

/** The part of a key's value that is stored, and by which it is found. */
export function cutKeyValue(value: string): string {
  // By code points, so that no character is cut in two.
  const start = value.slice(0, 2 * LONGEST_RUN_KEY);
  return start.length <= LONGEST_RUN_KEY ? start : Array.from(start).slice(0, LONGEST_RUN_KEY).join('');
}
