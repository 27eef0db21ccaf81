import { readFileSync } from 'node:fs';

/** Linux counts them in ticks of 1/100 s. */
const MS_PER_TICK = 10;

/** Processor time that a process has used, in milliseconds; NaN where the system does not tell (it is read from /proc). */
export function cpuTimeMs(pid: number): number {
  try {
    // The name before the last parenthesis may hold blanks; user and system time are the 12th and 13th field after it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return Number.NaN;
  }
}
