import { readFileSync } from 'node:fs';
import { cpuTimeMs } from '../../tools/stage/cpu-time.ts';

/** What a process has used since it began. */
export interface ProcessUse {
  /** Processor time of all its threads. */
  readonly cpuMs: number;
  /** The most memory that it held at any time. */
  readonly peakBytes: number;
}

/** NaN where the system does not tell: both are read from /proc. */
export function processUse(pid: number): ProcessUse {
  return { cpuMs: cpuTimeMs(pid), peakBytes: peakMemoryBytes(pid) };
}

function peakMemoryBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s*(\d+) kB$/mu.exec(status)?.[1] ?? Number.NaN) * 1_024;
  } catch {
    return Number.NaN;
  }
}
